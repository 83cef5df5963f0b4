"""Booking over the API (SPEC §5, §17)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from openmentor.base.models import Event
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db

TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def wanted(maya: Mentor, introduction: SessionType) -> dict[str, Any]:
    """What a client sends to book Maya on Tuesday at ten."""
    return {
        "mentorId": maya.handle,
        "sessionTypeId": introduction.reference,
        "scheduledAt": "2026-03-03T04:30:00Z",
    }


def book(person: Person, wanted: dict[str, Any], **headers: str) -> Any:
    return Api(person).post("/sessions/book", wanted, **headers)


def booked(person: Person, wanted: dict[str, Any]) -> dict[str, Any]:
    """The session of a booking that must succeed."""
    answer = book(person, wanted)
    assert answer.status_code == 201, answer.content
    session: dict[str, Any] = answer.json()["session"]
    return session


def test_a_free_time_is_booked_at_once(
    wanted: dict[str, Any], maya: Mentor, tom: Person, introduction: SessionType
) -> None:
    answer = book(tom, wanted | {"notes": "  How do I begin?  "})
    assert answer.status_code == 201, answer.content
    session = Session.objects.get()
    assert answer.json() == {
        "requiresPayment": False,
        "payment": None,
        "session": {
            "id": session.reference,
            "sessionMode": "one-on-one",
            "origin": "slot",
            "title": introduction.title,
            "mentor": {"id": "maya-rao", "name": "Maya Rao", "timezone": "Asia/Kolkata"},
            "mentee": {"id": tom.reference, "name": "Tom Becker"},
            "participants": None,
            "scheduledAt": "2026-03-03T04:30:00Z",
            "endsAt": "2026-03-03T05:00:00Z",
            "scheduledDate": "2026-03-03",
            "scheduledTime": "10:00",
            "timezone": "Asia/Kolkata",
            "durationMinutes": 30,
            "sessionStatus": "scheduled",
            "paymentStatus": "free",
            "paymentMode": "none",
            "paymentId": None,
            "amount": 0,
            "currency": "INR",
            "amountDisplay": "₹0.00",
            "sessionPackId": None,
            "notes": "How do I begin?",
            "meetingLink": None,
            "capacity": 1,
            "spotsLeft": 0,
            "acceptedAt": None,
            "cancelledBy": None,
            "cancelReason": None,
            "createdAt": "2026-03-02T06:30:00Z",
            "message": None,
            "answerBy": None,
            "proposedTimes": [],
            "alternatives": [],
            "actions": ["reschedule", "cancel"],
        },
    }
    booking = Booking.objects.get()
    assert (booking.mentee, booking.session, booking.status) == (tom, session, "confirmed")


def test_the_answer_is_what_a_later_look_shows(wanted: dict[str, Any], tom: Person) -> None:
    session = booked(tom, wanted | {"notes": "Hello"})
    assert Api(tom).get(f"/sessions/{session['id']}").json() == session


def test_a_date_and_time_are_the_mentors_wall_clock(wanted: dict[str, Any], tom: Person) -> None:
    del wanted["scheduledAt"]
    when = {"scheduledDate": "2026-03-03", "scheduledTime": "10:00"}
    session = booked(tom, wanted | when)
    assert session["scheduledAt"] == "2026-03-03T04:30:00Z"
    assert when.items() <= session.items()


@pytest.mark.parametrize(
    "at", ["2026-03-03T10:00:00+05:30", "2026-03-02T23:30:00-05:00", "2026-03-03T04:30Z"]
)
def test_an_instant_may_have_any_offset(wanted: dict[str, Any], tom: Person, at: str) -> None:
    assert booked(tom, wanted | {"scheduledAt": at})["scheduledAt"] == "2026-03-03T04:30:00Z"


def test_both_forms_may_be_given_when_they_agree(wanted: dict[str, Any], tom: Person) -> None:
    booked(tom, wanted | {"scheduledDate": "2026-03-03", "scheduledTime": "10:00"})


@pytest.mark.parametrize(
    ("date", "time", "instant"),
    [
        ("2026-03-29", "02:30", "2026-03-29T01:30:00Z"),
        ("2026-10-25", "02:30", "2026-10-25T00:30:00Z"),
    ],
    ids=["a time that does not exist", "a time that comes twice"],
)
def test_days_on_which_the_clock_changes(
    tom: Person, clock: time_machine.Traveller, date: str, time: str, instant: str
) -> None:
    """A gap is stepped over, of two times the first is meant: as in the hours themselves."""
    berta = make.mentor("Berta Hof", timezone="Europe/Berlin", hours=make.ALWAYS)
    offered = SessionType.objects.get(mentor=berta)
    clock.move_to(datetime.fromisoformat(instant) - timedelta(days=3))
    wanted = {"mentorId": "berta-hof", "sessionTypeId": offered.reference}
    session = booked(tom, wanted | {"scheduledDate": date, "scheduledTime": time})
    assert session["scheduledAt"] == instant


def test_ids_are_read_in_any_case(wanted: dict[str, Any], tom: Person) -> None:
    booked(
        tom,
        wanted | {"mentorId": "MAYA-RAO", "sessionTypeId": f" {wanted['sessionTypeId'].lower()} "},
    )


def test_null_is_as_good_as_nothing(wanted: dict[str, Any], tom: Person) -> None:
    empty = ("scheduledDate", "scheduledTime", "sessionPackId", "usePack", "notes")
    assert booked(tom, wanted | dict.fromkeys(empty))["notes"] == ""


def test_what_we_do_not_know_is_ignored(wanted: dict[str, Any], tom: Person) -> None:
    booked(tom, wanted | {"amount": -5, "menteeId": "PERSON-00000000", "status": "completed"})
    assert Booking.objects.get().mentee == tom


def test_a_key_makes_one_booking_of_many_calls(wanted: dict[str, Any], tom: Person) -> None:
    answers = [book(tom, wanted, Idempotency_Key="once") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.content for answer in answers}) == 1
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [
        None,
        "true",
        "true",
    ]
    assert Session.objects.count() == 1


def test_a_key_is_for_one_request(wanted: dict[str, Any], tom: Person) -> None:
    book(tom, wanted, Idempotency_Key="once")
    other = wanted | {"scheduledAt": "2026-03-03T05:30:00Z"}
    answer = book(tom, other, Idempotency_Key="once")
    assert problem(answer) == (422, "idempotency_mismatch")
    assert Session.objects.count() == 1


def test_a_key_of_somebody_else_is_another_key(
    wanted: dict[str, Any], tom: Person, lena: Person
) -> None:
    assert book(tom, wanted, Idempotency_Key="once").status_code == 201
    assert problem(book(lena, wanted, Idempotency_Key="once")) == (409, "time_taken")


def test_a_refused_booking_may_be_tried_again_under_its_key(
    wanted: dict[str, Any], tom: Person, maya: Mentor
) -> None:
    Mentor.objects.update(paused_at=NOW)
    assert problem(book(tom, wanted, Idempotency_Key="k")) == (409, "mentor_unavailable")
    Mentor.objects.update(paused_at=None)
    assert book(tom, wanted, Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize(
    "pack",
    [{"sessionTypeId": None}, {"usePack": True}, {"sessionPackId": "PACK-00000000"}],
    ids=["no type", "use a pack", "this pack"],
)
def test_nobody_has_a_pack_yet(wanted: dict[str, Any], tom: Person, pack: dict[str, Any]) -> None:
    assert problem(book(tom, wanted | pack)) == (409, "no_pack_session")
    assert not Session.objects.exists()


def test_a_token_that_may_only_read_books_nothing(wanted: dict[str, Any], tom: Person) -> None:
    made = Api(tom).post("/tokens", {"name": "Reader", "scopes": ["read"]}).json()
    answer = Api(token=made["token"]).post("/sessions/book", wanted)
    assert problem(answer) == (403, "scope_missing")


def test_too_many_tries_have_to_wait(wanted: dict[str, Any], tom: Person) -> None:
    api = Api(tom)
    answers = [api.post("/sessions/book", wanted | {"mentorId": "nobody"}) for _ in range(61)]
    assert {answer.status_code for answer in answers[:60]} == {404}
    assert problem(answers[60]) == (429, "rate_limited")
    assert answers[60]["Retry-After"] == "60"


@override_settings(RATE_LIMITS=False, VERIFY_EMAIL=False)
def test_what_a_booking_asks_the_database(
    wanted: dict[str, Any], tom: Person, maya: Mentor
) -> None:
    def cost(hour: int, **headers: str) -> int:
        given = wanted | {"scheduledAt": f"2026-03-03T{hour:02}:30:00Z"}
        api = Api(tom)
        with CaptureQueriesContext(connection) as asked:
            answer = api.post("/sessions/book", given, **headers)
        assert answer.status_code == 201, answer.content
        return len(asked)

    assert [cost(hour) for hour in (4, 6, 8)] == [9, 9, 9]
    assert cost(9, Idempotency_Key="k") == 13
    assert cost(9, Idempotency_Key="k") == 5


def test_every_move_is_written_down_once(wanted: dict[str, Any], tom: Person) -> None:
    booked(tom, wanted)
    assert sorted(Event.objects.values_list("name", "actor_id")) == [
        ("booking.confirmed", tom.pk),
        ("session.scheduled", tom.pk),
    ]
