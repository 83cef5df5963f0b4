"""Every refusal of SPEC §5, by code, through every door; nothing of ours changes by any."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from openmentor.availability.models import DateOverride
from openmentor.base.errors import Invalid, NotFound, Refusal
from openmentor.booking import bookings
from openmentor.booking.diary import instant
from openmentor.booking.refusals import (
    DailyLimit,
    MentorUnavailable,
    NotOffered,
    OwnProfile,
    SessionTypeUnavailable,
    TimeTaken,
    TooFar,
    TooSoon,
    YouAreBusy,
)
from openmentor.booking.slots import stamp
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people import people
from openmentor.people.models import Person
from openmentor.people.refusals import EmailNotVerified
from tests import make, rows
from tests.api.client import Api, problem
from tests.cast import NOW
from tests.rows import Rows

pytestmark = pytest.mark.django_db

WANTED = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Tuesday, ten o'clock where Maya is, and free."""
MINUTE, HALF_AN_HOUR, DAY = timedelta(minutes=1), timedelta(minutes=30), timedelta(days=1)


@dataclass
class Stage:
    """What is asked for, and of whom: without a change, a booking that works."""

    mentee: Person
    maya: Mentor
    kiri: Mentor
    lena: Person
    handle: str
    session_type: str
    starts_at: datetime = WANTED
    notes: str = ""

    def asked(self) -> dict[str, Any]:
        """The arguments of the verb."""
        return {
            "handle": self.handle,
            "session_type": self.session_type,
            "starts_at": self.starts_at,
            "notes": self.notes,
        }


@pytest.fixture
def stage(
    maya: Mentor, kiri: Mentor, introduction: SessionType, tom: Person, lena: Person
) -> Iterator[Stage]:
    with time_machine.travel(NOW, tick=False):
        yield Stage(tom, maya, kiri, lena, maya.handle, introduction.reference)


Change = Callable[[Stage], object]


def asks(**facts: Any) -> Change:
    """Something else is asked for."""
    return lambda stage: vars(stage).update(facts)


def maya_has(**settings: Any) -> Change:
    """Maya has other settings."""
    return lambda stage: Mentor.objects.filter(pk=stage.maya.pk).update(**settings)


def lena_has(later: timedelta = timedelta(), **facts: Any) -> Change:
    """Lena has a session with Maya, so long after the wanted time."""
    return lambda stage: make.session(
        stage.maya, stage.lena, starts_at=stage.starts_at + later, **facts
    )


def both(*changes: Change) -> Change:
    """One change after the other."""
    return lambda stage: [change(stage) for change in changes]


def the_account_is_closed(stage: Stage) -> None:
    people.deactivate(stage.maya.person, by=stage.maya.person, now=NOW)


def the_type_is_kiris(stage: Stage) -> None:
    stage.session_type = SessionType.objects.get(mentor=stage.kiri).reference


def maya_books_herself(stage: Stage) -> None:
    stage.mentee = stage.maya.person


def the_mentee_learns_elsewhere(stage: Stage) -> None:
    make.session(stage.kiri, stage.mentee, starts_at=WANTED + 15 * MINUTE, title="With Kiri")


def the_mentee_teaches_then(stage: Stage) -> None:
    """Maya wants Kiri's first half hour on Wednesday, which is Tuesday evening in UTC."""
    maya_books_herself(stage)
    the_type_is_kiris(stage)
    stage.handle = stage.kiri.handle
    stage.starts_at = datetime(2026, 3, 3, 19, 15, tzinfo=UTC)
    make.session(stage.maya, stage.lena, starts_at=stage.starts_at, minutes=10, title="By Maya")


def a_request_holds_the_time(stage: Stage) -> None:
    make.session(stage.maya, None, starts_at=WANTED, status="pending", holds_time=True)


def the_date_is_blocked(stage: Stage) -> None:
    DateOverride.objects.create(mentor=stage.maya, on=WANTED.date())


def the_address_is_not_verified(_: Stage) -> None:
    EmailAddress.objects.update(verified=False)


CASES: dict[str, tuple[type[Refusal], Change]] = {
    "the mentor is unknown": (NotFound, asks(handle="nobody")),
    "the handle is none": (NotFound, asks(handle="Maya Rao!")),
    "the mentor has only applied": (MentorUnavailable, maya_has(status="applied")),
    "the mentor was rejected": (MentorUnavailable, maya_has(status="rejected")),
    "the mentor is paused": (MentorUnavailable, maya_has(paused_at=NOW)),
    "the mentor's account is closed": (MentorUnavailable, the_account_is_closed),
    "it is your own profile": (OwnProfile, maya_books_herself),
    "the type is unknown": (SessionTypeUnavailable, asks(session_type="TYPE-00000000")),
    "the type is no id": (SessionTypeUnavailable, asks(session_type="Introduction")),
    "the type is another mentor's": (SessionTypeUnavailable, the_type_is_kiris),
    "the type is switched off": (
        SessionTypeUnavailable,
        lambda _: SessionType.objects.update(is_active=False),
    ),
    "it is in the past": (TooSoon, asks(starts_at=WANTED - 7 * DAY)),
    "it is later today": (TooSoon, asks(starts_at=WANTED - DAY + 6 * HALF_AN_HOUR)),
    "it is a minute inside the notice": (
        TooSoon,
        maya_has(min_notice_minutes=(WANTED - NOW) // MINUTE + 1),
    ),
    "it is a day beyond the horizon": (
        TooFar,
        both(asks(starts_at=WANTED + DAY), maya_has(horizon_days=1)),
    ),
    "it is in another century": (TooFar, asks(starts_at=WANTED.replace(year=2999))),
    "it is before the hours": (NotOffered, asks(starts_at=WANTED - 3 * HALF_AN_HOUR)),
    "it is where the hours end": (NotOffered, asks(starts_at=WANTED + 14 * HALF_AN_HOUR)),
    "it is not wholly inside the hours": (
        NotOffered,
        lambda _: SessionType.objects.update(duration_minutes=421),
    ),
    "it is off the grid": (NotOffered, asks(starts_at=WANTED + 10 * MINUTE)),
    "it is a second off": (NotOffered, asks(starts_at=WANTED + timedelta(seconds=1))),
    "it is on a day off": (NotOffered, asks(starts_at=WANTED + 4 * DAY)),
    "the date is blocked": (NotOffered, the_date_is_blocked),
    "it was just taken": (TimeTaken, lena_has()),
    "the end of it is taken": (TimeTaken, lena_has(29 * MINUTE)),
    "the beginning of it is taken": (TimeTaken, lena_has(-29 * MINUTE)),
    "a short one lies inside it": (TimeTaken, lena_has(10 * MINUTE, minutes=5)),
    "it is inside a long one": (TimeTaken, lena_has(-120 * MINUTE, minutes=480)),
    "its buffer meets another": (
        TimeTaken,
        both(maya_has(buffer_after=1), lena_has(HALF_AN_HOUR)),
    ),
    "another's buffer meets it": (TimeTaken, lena_has(-HALF_AN_HOUR, after=1)),
    "a request holds it": (TimeTaken, a_request_holds_the_time),
    "an unpaid one holds it": (TimeTaken, lena_has(price_minor=500)),
    "the day is full": (
        DailyLimit,
        both(maya_has(max_per_day=1), lena_has(4 * HALF_AN_HOUR)),
    ),
    "the week is full": (DailyLimit, both(maya_has(max_per_week=1), lena_has(3 * DAY))),
    "a session that is over counts": (
        DailyLimit,
        both(maya_has(max_per_week=1), lena_has(-DAY, status="completed")),
    ),
    "the mentee learns elsewhere": (YouAreBusy, the_mentee_learns_elsewhere),
    "the mentee teaches then": (YouAreBusy, the_mentee_teaches_then),
    "the address is not verified": (EmailNotVerified, the_address_is_not_verified),
    "the notes are endless": (Invalid, asks(notes="x" * 2001)),
}
HIDDEN = {
    "the mentor has only applied",
    "the mentor was rejected",
    "the mentor's account is closed",
}
"""Pages of mentors who are not there; who asks for one learns no more."""

every_case = pytest.mark.parametrize("name", CASES)


def everything() -> Rows:
    """Every row of every table that a booking could touch."""
    return rows.of("booking", "payments", "base", "procrastinate")


def set_up(stage: Stage, name: str) -> tuple[type[Refusal], Rows]:
    """The case on stage: what must be refused, and all that is there before."""
    refusal, change = CASES[name]
    change(stage)
    return refusal, everything()


def test_without_a_change_it_works(stage: Stage) -> None:
    before = everything()
    assert bookings.book(stage.mentee, **stage.asked(), now=NOW).status == "scheduled"
    changed = rows.changed(before, everything())
    assert {"booking.Session", "booking.Booking", "base.Event"} <= changed


@every_case
def test_the_verb_refuses(stage: Stage, name: str) -> None:
    expected, before = set_up(stage, name)
    with pytest.raises(Refusal) as caught:
        bookings.book(stage.mentee, **stage.asked(), now=NOW)
    assert type(caught.value) is expected
    assert everything() == before


@every_case
def test_the_api_refuses(stage: Stage, name: str) -> None:
    expected, before = set_up(stage, name)
    answer = Api(stage.mentee).post("/sessions/book", as_json(stage), Idempotency_Key="once")
    assert problem(answer) == (expected.kind.status, expected.code)
    assert everything() == before


@every_case
def test_the_page_refuses(stage: Stage, client: Client, name: str) -> None:
    expected, before = set_up(stage, name)
    client.force_login(stage.mentee)
    answer = client.post(f"/mentors/{stage.handle}/book", as_form(stage))
    if name in HIDDEN or expected is NotFound:
        assert answer.status_code == 404
    else:
        assert answer.status_code == expected.kind.status
        assert said(stage, expected) in unescape(answer.content.decode())
    assert everything() == before


def test_nobody_books(stage: Stage, client: Client) -> None:
    before = everything()
    assert problem(Api().post("/sessions/book", as_json(stage))) == (401, "not_signed_in")
    answer = client.post(f"/mentors/{stage.handle}/book", as_form(stage))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")
    assert everything() == before


@pytest.mark.parametrize(
    "pack", [{"sessionTypeId": None}, {"usePack": True}, {"sessionPackId": "PACK-00000000"}]
)
def test_nobody_books_with_a_pack_they_do_not_have(stage: Stage, pack: dict[str, Any]) -> None:
    before = everything()
    answer = Api(stage.mentee).post("/sessions/book", as_json(stage) | pack)
    assert problem(answer) == (409, "no_pack_session")
    assert everything() == before


def test_a_taken_time_comes_with_the_three_nearest(stage: Stage, client: Client) -> None:
    lena_has()(stage)
    nearest = [WANTED - 2 * HALF_AN_HOUR, WANTED - HALF_AN_HOUR, WANTED + HALF_AN_HOUR]
    with pytest.raises(TimeTaken) as caught:
        bookings.book(stage.mentee, **stage.asked(), now=NOW)
    alternatives = [{"start": as_stamp(at), "end": as_stamp(at + HALF_AN_HOUR)} for at in nearest]
    assert caught.value.data == {"alternatives": alternatives}
    answer = Api(stage.mentee).post("/sessions/book", as_json(stage)).json()
    assert answer["alternatives"] == alternatives
    client.force_login(stage.mentee)
    page = client.post(f"/mentors/{stage.handle}/book", as_form(stage)).content.decode()
    assert [f'value="{as_stamp(at)}"' in page for at in nearest] == [True, True, True]


def test_a_busy_mentee_is_told_with_what(stage: Stage, client: Client) -> None:
    other = make.session(stage.kiri, stage.mentee, starts_at=WANTED, title="With Kiri")
    answer = Api(stage.mentee).post("/sessions/book", as_json(stage)).json()
    assert (answer["sessionId"], answer["title"]) == (other.reference, "With Kiri")
    client.force_login(stage.mentee)
    page = client.post(f"/mentors/{stage.handle}/book", as_form(stage)).content.decode()
    assert "With Kiri" in page


def as_json(stage: Stage) -> dict[str, Any]:
    return {
        "mentorId": stage.handle,
        "sessionTypeId": stage.session_type,
        "scheduledAt": as_stamp(stage.starts_at),
        "notes": stage.notes,
    }


def as_form(stage: Stage) -> dict[str, str]:
    return {
        "type": stage.session_type,
        "time": as_stamp(stage.starts_at),
        "notes": stage.notes,
        "key": "once",
    }


def as_stamp(at: datetime) -> str:
    return stamp(instant(at))


def said(stage: Stage, refusal: type[Refusal]) -> str:
    """The sentence that the page must hold."""
    try:
        bookings.book(stage.mentee, **stage.asked(), now=NOW)
    except refusal as told:
        return next((line["message"] for line in told.data.get("errors", [])), told.detail)
    raise AssertionError
