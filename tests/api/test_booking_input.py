"""What cannot be understood as a booking, over the API (SPEC §17)."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db


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


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no time": ({"scheduledAt": None}, "scheduledAt"),
    "no offset": ({"scheduledAt": "2026-03-03T04:30:00"}, "scheduledAt"),
    "a number": ({"scheduledAt": 1772512200}, "scheduledAt"),
    "a number as text": ({"scheduledAt": "1772512200"}, "scheduledAt"),
    "year 1": ({"scheduledAt": "0001-01-01T00:00:00+14:00"}, "scheduledAt"),
    "year 9999": ({"scheduledAt": "9999-12-31T23:59:59-14:00"}, "scheduledAt"),
    "no such month": ({"scheduledAt": "2026-13-03T04:30:00Z"}, "scheduledAt"),
    "no such offset": ({"scheduledAt": "2026-03-03T04:30:00+99:99"}, "scheduledAt"),
    "only a date": ({"scheduledAt": None, "scheduledDate": "2026-03-03"}, "scheduledTime"),
    "only a time": ({"scheduledAt": None, "scheduledTime": "10:00"}, "scheduledDate"),
    "half a pair": ({"scheduledDate": "2026-03-03"}, "scheduledTime"),
    "two that differ": (
        {"scheduledDate": "2026-03-03", "scheduledTime": "04:30"},
        "scheduledAt",
    ),
    "no such date": ({"scheduledDate": "2026-02-29", "scheduledTime": "10:00"}, "scheduledDate"),
    "no such time": ({"scheduledDate": "2026-03-03", "scheduledTime": "24:00"}, "scheduledTime"),
    "seconds": ({"scheduledDate": "2026-03-03", "scheduledTime": "10:00:00"}, "scheduledTime"),
    "no mentor": ({"mentorId": None}, "mentorId"),
    "mentor by number": ({"mentorId": 1}, "mentorId"),
    "mentor with NUL": ({"mentorId": "maya-rao\x00"}, "mentorId"),
    "half a character": ({"notes": "\ud83d"}, "notes"),
    "a list": ({"sessionTypeId": ["TYPE-00000000"]}, "sessionTypeId"),
    "notes that are none": ({"notes": {"text": "hi"}}, "notes"),
    "notes with NUL": ({"notes": "a\x00b"}, "notes"),
    "endless notes": ({"notes": "x" * 2001}, "notes"),
    "maybe": ({"usePack": "yes"}, "usePack"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_booked(wanted: dict[str, Any], tom: Person, case: str) -> None:
    given, field = WRONG[case]
    answer = book(tom, wanted | given)
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == [field]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("on", "code"),
    [("0001-01-01", "too_soon"), ("1969-07-20", "too_soon"), ("9999-12-31", "too_far")],
)
def test_dates_at_the_ends_of_time(wanted: dict[str, Any], tom: Person, on: str, code: str) -> None:
    when = {"scheduledAt": None, "scheduledDate": on, "scheduledTime": "23:59"}
    assert problem(book(tom, wanted | when)) == (422, code)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b'"book"', 422),
        (b"null", 422),
        (b"\xff\xfe", 400),
        (b'{"mentorId": NaN}', 400),
        (b'{"mentorId": 1e999}', 422),
        (b"[" * 100_000, 400),
        (b'{"notes": ' + b"9" * 5000 + b"}", 422),
    ],
)
def test_bodies_that_are_no_booking(
    wanted: dict[str, Any], tom: Person, body: bytes, status: int
) -> None:
    answer = Api(tom).post("/sessions/book", body)
    assert problem(answer) == (status, "invalid")


def test_only_json_is_read(wanted: dict[str, Any], tom: Person) -> None:
    answer = Api(tom).post("/sessions/book", b"mentorId=maya-rao", Content_Type="text/plain")
    assert problem(answer) == (415, "not_json")
