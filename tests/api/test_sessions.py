"""Sessions over the API: who may see them, what is shown, what may be done (SPEC §5, §17, §18)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, problem
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


def test_both_sides_and_staff_see_the_same_session(
    session: Session, tom: Person, maya: Mentor, staff: Person
) -> None:
    by_tom, by_maya, by_staff = (
        Api(person).get(path(session)).json() for person in (tom, maya.person, staff)
    )
    assert by_tom["id"] == session.reference
    assert by_tom["mentee"] == {"id": tom.reference, "name": "Tom Becker"}
    assert by_tom == by_maya
    assert by_tom["actions"] == ["reschedule", "cancel"]
    assert by_staff == by_tom


def test_to_a_stranger_it_is_not_there(session: Session, zoe: Person, kiri: Mentor) -> None:
    for stranger in (zoe, kiri.person):
        assert problem(Api(stranger).get(path(session))) == (404, "not_found")


def test_nobody_has_to_sign_in(session: Session) -> None:
    assert problem(Api().get(path(session))) == (401, "not_signed_in")


@pytest.mark.parametrize(
    "reference",
    [
        "SESSION-00000000",
        "BOOKING-{0}",
        "{0}",
        "x",
        "%00",
        "%ff",
        "' OR 1=1",
        "💥",
        "S" * 3000,
        "-",
    ],
)
def test_an_id_that_is_none_is_not_there(session: Session, tom: Person, reference: str) -> None:
    wanted = reference.format(session.reference.removeprefix("SESSION-"))
    for verb in ("", "/cancel-quote"):
        assert problem(Api(tom).get(f"/sessions/{wanted}{verb}")) == (404, "not_found")


def test_ids_are_read_in_any_case_and_with_lookalikes(tom: Person, maya: Mentor) -> None:
    make.session(maya, tom, starts_at=START, reference="SESSION-0123ABCD")
    for typed in ("session-0123abcd", "Session-OI23ABCD", "SESSION-0L23abcd"):
        assert Api(tom).get(f"/sessions/{typed}").json()["id"] == "SESSION-0123ABCD"


def test_no_address_is_in_any_answer(
    session: Session, tom: Person, maya: Mentor, staff: Person
) -> None:
    for person in (tom, maya.person, staff):
        for address in (path(session), "/sessions/me", "/sessions/my-bookings"):
            assert b"@" not in Api(person).get(address).content


def test_the_wall_clock_is_the_mentors_as_it_was_booked(session: Session, tom: Person) -> None:
    Mentor.objects.update(timezone="America/New_York")
    shown = Api(tom).get(path(session)).json()
    assert (shown["scheduledDate"], shown["scheduledTime"]) == ("2026-03-03", "10:00")
    assert (shown["timezone"], shown["mentor"]["timezone"]) == ("Asia/Kolkata", "America/New_York")


@pytest.mark.parametrize("kind", ["request", "open-request", "slot"])
def test_words_are_written_with_hyphens(tom: Person, maya: Mentor, kind: str) -> None:
    session = make.session(
        maya, tom, starts_at=START, origin=kind.replace("-", "_"), status="no_show"
    )
    shown = Api(tom).get(path(session)).json()
    assert (shown["origin"], shown["sessionStatus"]) == (kind, "no-show")
    assert shown["sessionMode"] == "one-on-one"


def test_a_request_shows_who_asked_and_what_it_would_cost(tom: Person, maya: Mentor) -> None:
    session = make.session(
        maya,
        None,
        starts_at=START,
        status="rejected",
        origin="request",
        requested_by=tom,
        price_minor=150000,
    )
    shown = Api(maya.person).get(path(session)).json()
    assert shown["mentee"] == {"id": tom.reference, "name": "Tom Becker"}
    assert (shown["amount"], shown["amountDisplay"], shown["paymentStatus"]) == (
        150000,
        "₹1,500.00",
        "pending",
    )
    assert Api(tom).get(path(session)).json()["mentee"] == shown["mentee"]


def test_participants_of_a_group_do_not_learn_of_each_other(
    tom: Person, lena: Person, maya: Mentor
) -> None:
    session = make.group(maya, starts_at=START, capacity=3)
    make.booking(session, tom)
    make.booking(session, lena, notes="Hello")
    by_mentor = Api(maya.person).get(path(session)).json()
    assert [person["name"] for person in by_mentor["participants"]] == [
        "Tom Becker",
        "Lena Fischer",
    ]
    assert (by_mentor["mentee"], by_mentor["notes"], by_mentor["spotsLeft"]) == (None, "", 1)
    by_lena = Api(lena).get(path(session)).json()
    assert (by_lena["mentee"], by_lena["participants"], by_lena["notes"]) == (None, None, "Hello")


def test_one_who_booked_again_sees_the_newest_place(
    tom: Person, maya: Mentor, session: Session
) -> None:
    Booking.objects.update(status="cancelled", notes="first")
    make.booking(session, tom, notes="second")
    assert Api(tom).get(path(session)).json()["notes"] == "second"


def test_what_one_session_asks_the_database(session: Session, tom: Person) -> None:
    def cost(method: str, verb: str = "", body: Any = None) -> int:
        api = Api(tom)
        with CaptureQueriesContext(connection) as asked:
            assert api.call(method, path(session, verb), body).status_code == 200
        return len(asked)

    assert cost("GET") == 4
    assert cost("GET", "cancel-quote") == 3
