"""What may be done to a session over the API: cancelled, moved, completed, missed (SPEC §4, §5)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from openmentor.base.models import Event
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Tuesday, ten o'clock where Maya is."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    """Tom's half hour with Maya."""
    return make.session(maya, tom, starts_at=START)


def path(session: Session, verb: str = "") -> str:
    return f"/sessions/{session.reference}{verb and '/'}{verb}"


def test_a_mentee_cancels(session: Session, tom: Person, maya: Mentor) -> None:
    answer = Api(tom).patch(path(session, "cancel"), {"reason": " I am ill. "})
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert (shown["sessionStatus"], shown["cancelledBy"]) == ("cancelled", "mentee")
    assert (shown["cancelReason"], shown["actions"], shown["spotsLeft"]) == ("I am ill.", [], 1)
    assert shown == Api(tom).get(path(session)).json()
    assert Booking.objects.get().status == "cancelled"
    assert Api().get("/mentors/maya-rao/availability?from=2026-03-03").json()["slots"][2] == {
        "start": "2026-03-03T04:30:00Z",
        "end": "2026-03-03T05:00:00Z",
    }


@pytest.mark.parametrize("body", [None, {}, {"reason": None}, {"reason": ""}, {"other": 1}])
def test_a_reason_is_not_needed(session: Session, maya: Mentor, body: object) -> None:
    answer = Api(maya.person).patch(path(session, "cancel"), body)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["cancelledBy"], answer.json()["cancelReason"]) == ("mentor", None)


@pytest.mark.parametrize("reason", [1, ["x"], "x" * 1001, "\x00", "\ud800"])
def test_a_reason_that_is_none(session: Session, tom: Person, reason: object) -> None:
    answer = Api(tom).patch(path(session, "cancel"), {"reason": reason})
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == ["reason"]
    session.refresh_from_db()
    assert session.status == "scheduled"


def test_cancelling_twice_changes_nothing(session: Session, tom: Person) -> None:
    Api(tom).patch(path(session, "cancel"))
    events = Event.objects.count()
    assert problem(Api(tom).patch(path(session, "cancel"))) == (409, "not_possible")
    assert Event.objects.count() == events


def test_a_quote_tells_what_cancelling_gives_back(
    session: Session, tom: Person, maya: Mentor
) -> None:
    by_tom = Api(tom).get(path(session, "cancel-quote")).json()
    assert {name: by_tom[name] for name in ("amount", "currency", "amountDisplay", "policy")} == {
        "amount": 0,
        "currency": "INR",
        "amountDisplay": "₹0.00",
        "policy": "moderate",
    }
    assert by_tom["explanation"]
    assert Api(maya.person).get(path(session, "cancel-quote")).json()["policy"] == "mentor_cancels"
    session.refresh_from_db()
    assert session.status == "scheduled"


@pytest.mark.parametrize(
    ("status", "passed", "code"),
    [
        ("cancelled", 0, "not_possible"),
        ("completed", 60, "not_possible"),
        ("scheduled", 0, "too_late"),
    ],
)
def test_there_is_no_quote_for_what_cannot_be_cancelled(  # noqa: PLR0917 - fixtures
    tom: Person,
    maya: Mentor,
    clock: time_machine.Traveller,
    status: str,
    passed: int,
    code: str,
) -> None:
    session = make.session(maya, tom, starts_at=START, status=status)
    clock.move_to(START + timedelta(minutes=passed))
    for answer in (
        Api(tom).get(path(session, "cancel-quote")),
        Api(tom).patch(path(session, "cancel")),
    ):
        assert problem(answer) == (409, code)


def test_either_side_moves_it_to_a_free_time(session: Session, tom: Person, maya: Mentor) -> None:
    for person, at, date, time in (
        (tom, "2026-03-04T05:00:00Z", "2026-03-04", "10:30"),
        (maya.person, "2026-03-05T09:00:00+05:30", "2026-03-05", "09:00"),
    ):
        answer = Api(person).patch(path(session, "reschedule"), {"scheduledAt": at})
        assert answer.status_code == 200, answer.content
        assert (answer.json()["scheduledDate"], answer.json()["scheduledTime"]) == (date, time)
    assert Booking.objects.get().starts_at == datetime(2026, 3, 5, 3, 30, tzinfo=UTC)


def test_a_taken_time_names_three_others(session: Session, tom: Person, lena: Person) -> None:
    make.session(session.mentor, lena, starts_at=START + timedelta(hours=1))
    answer = Api(tom).patch(path(session, "reschedule"), {"scheduledAt": "2026-03-03T05:30:00Z"})
    assert problem(answer) == (409, "time_taken")
    assert answer.json()["alternatives"] == [
        {"start": "2026-03-03T05:00:00Z", "end": "2026-03-03T05:30:00Z"},
        {"start": "2026-03-03T06:00:00Z", "end": "2026-03-03T06:30:00Z"},
        {"start": "2026-03-03T06:30:00Z", "end": "2026-03-03T07:00:00Z"},
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"scheduledAt": None},
        {"scheduledAt": "2026-03-04T05:00:00"},
        {"scheduledAt": "9999-12-31T23:59:59-14:00"},
        {"scheduledAt": "0001-01-01T00:00:00+14:00"},
        {"scheduledAt": 1772512200},
        {"scheduledAt": "soon"},
    ],
)
def test_where_to_must_be_an_instant(session: Session, tom: Person, body: object) -> None:
    answer = Api(tom).patch(path(session, "reschedule"), body)
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == ["scheduledAt"]


@pytest.mark.parametrize("at", ["1999-12-31T23:59:00Z", "2999-12-31T23:59:00Z"])
def test_times_far_away_are_refused(session: Session, tom: Person, at: str) -> None:
    answer = Api(tom).patch(path(session, "reschedule"), {"scheduledAt": at})
    assert problem(answer) == (422, "too_soon" if at < "2" else "too_far")


def test_the_mentor_completes_it(
    session: Session, maya: Mentor, tom: Person, clock: time_machine.Traveller
) -> None:
    assert problem(Api(maya.person).put(path(session, "complete"))) == (409, "not_possible")
    clock.move_to(START + timedelta(minutes=30))
    assert problem(Api(tom).put(path(session, "complete"))) == (403, "not_allowed")
    answer = Api(maya.person).put(path(session, "complete"))
    assert (answer.status_code, answer.json()["sessionStatus"]) == (200, "completed")
    assert Booking.objects.get().status == "attended"


@pytest.mark.parametrize(("side", "absent"), [("mentor", "no_show"), ("mentee", "attended")])
def test_either_side_says_that_the_other_did_not_come(  # noqa: PLR0917 - fixtures
    session: Session,
    maya: Mentor,
    tom: Person,
    clock: time_machine.Traveller,
    side: str,
    absent: str,
) -> None:
    api = Api(maya.person if side == "mentor" else tom)
    assert problem(api.put(path(session, "no-show"))) == (409, "not_possible")
    clock.move_to(START + timedelta(minutes=10))
    answer = Api(maya.person if side == "mentor" else tom).put(path(session, "no-show"))
    assert (answer.status_code, answer.json()["sessionStatus"]) == (200, "no-show")
    assert Booking.objects.get().status == absent


@pytest.mark.parametrize(
    ("method", "verb"),
    [("PATCH", "cancel"), ("PATCH", "reschedule"), ("PUT", "complete"), ("PUT", "no-show")],
)
def test_strangers_change_nothing(session: Session, zoe: Person, method: str, verb: str) -> None:
    body = {"scheduledAt": "2026-03-04T05:00:00Z"}
    assert problem(Api(zoe).call(method, path(session, verb), body)) == (404, "not_found")
    assert problem(Api().call(method, path(session, verb), body)) == (401, "not_signed_in")
    session.refresh_from_db()
    assert (session.status, session.starts_at) == ("scheduled", START)


@pytest.mark.parametrize("verb", ["cancel", "reschedule"])
def test_bodies_that_are_no_json(session: Session, tom: Person, verb: str) -> None:
    for body, status in ((b"{", 400), (b"\xff", 400), (b"[]", 422), (b"7", 422)):
        answer = Api(tom).patch(path(session, verb), body)
        assert problem(answer) == (status, "invalid")
