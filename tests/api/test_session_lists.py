"""Lists of sessions over the API: whose they hold, their filters, pages and queries (SPEC §17)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Tuesday, ten o'clock where Maya is."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    """Tom's half hour with Maya."""
    return make.session(maya, tom, starts_at=START)


def listed(person: Person, address: str) -> list[str]:
    answer = Api(person).get(f"/sessions/{address}")
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


def test_each_list_holds_its_side(maya: Mentor, kiri: Mentor, tom: Person, lena: Person) -> None:
    """Maya is a mentor who also learns from Kiri; the latest session comes first."""
    first = make.session(maya, tom, starts_at=START).reference
    second = make.session(maya, lena, starts_at=START + timedelta(days=1)).reference
    third = make.session(kiri, maya.person, starts_at=START + timedelta(days=2)).reference
    assert listed(maya.person, "mentor/sessions") == [second, first]
    assert listed(maya.person, "my-bookings") == [third]
    assert listed(maya.person, "me") == [third, second, first]
    assert listed(tom, "me") == listed(tom, "my-bookings") == [first]


def test_staff_see_only_their_own_in_their_own_lists(session: Session, staff: Person) -> None:
    assert listed(staff, "me") == listed(staff, "my-bookings") == []


def test_only_mentors_have_sessions_that_they_give(tom: Person) -> None:
    assert problem(Api(tom).get("/sessions/mentor/sessions")) == (403, "not_allowed")


@pytest.mark.parametrize("address", ["me", "my-bookings", "mentor/sessions"])
def test_nobody_has_no_list(address: str) -> None:
    assert problem(Api().get(f"/sessions/{address}")) == (401, "not_signed_in")


def test_filters(maya: Mentor, kiri: Mentor, tom: Person) -> None:
    def at(days: int) -> datetime:
        return START + timedelta(days=days)

    asked: dict[str, Any] = {"origin": "request", "requested_by": tom}
    made = {
        "slot": make.session(maya, tom, starts_at=at(0)),
        "accepted": make.session(maya, tom, starts_at=at(1), accepted_at=NOW, **asked),
        "rejected": make.session(maya, None, starts_at=at(2), status="rejected", **asked),
        "no-show": make.session(kiri, tom, starts_at=at(3), status="no_show"),
        "cancelled": make.session(maya, tom, starts_at=at(4), status="cancelled"),
        "group": make.group(maya, starts_at=at(5), capacity=5),
    }
    make.booking(made["group"], tom)
    names = {session.reference: name for name, session in made.items()}

    def found(query: str) -> list[str]:
        return [names[reference] for reference in listed(tom, f"me?{query}")]

    assert found("") == list(reversed(made))
    assert found("status=scheduled") == ["accepted", "slot"]
    assert found("status=accepted") == ["accepted"]
    assert found("status=rejected") == ["rejected"]
    assert found("status=no-show") == ["no-show"]
    assert found("status=cancelled") == ["cancelled"]
    assert found("status=pending") == []
    assert found("mode=group") == ["group"]
    assert found("mode=one-on-one&status=open") == []
    assert found("mentorId=KIRI-tamahori") == ["no-show"]
    assert found("mentorId=nobody") == []
    assert found("from=2026-03-06") == ["group", "cancelled", "no-show"]
    assert found("to=2026-03-04") == ["accepted", "slot"]
    assert found("from=2026-03-04&to=2026-03-04") == ["accepted"]
    assert found("from=2026-03-04T04:30:00Z&to=2026-03-05T04:30:00Z") == ["accepted"]
    assert found("from=2026-03-04T10:00:00%2B05:30&to=2026-03-05") == ["rejected", "accepted"]
    assert found("from=9999-12-31") == found("to=0001-01-01") == []
    assert found("from=0001-01-01&to=9999-12-31") == list(reversed(made))


def test_dates_of_a_filter_are_the_readers(maya: Mentor, lena: Person) -> None:
    """Half past four in the morning in UTC is still the evening before in New York."""
    session = make.session(maya, lena, starts_at=START)
    assert listed(lena, "me?from=2026-03-02&to=2026-03-02") == [session.reference]
    assert listed(maya.person, "me?from=2026-03-02&to=2026-03-02") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=done", "status"),
        ("status=", "status"),
        ("mode=both", "mode"),
        ("from=yesterday", "from"),
        ("from=2026-02-30", "from"),
        ("to=2026-03-03T10:00:00", "to"),
        ("to=9999-12-31T23:59:59-14:00", "to"),
        ("to=1772512200", "to"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("cursor=x", "cursor"),
        ("mentorId=%00", "mentorId"),
    ],
)
def test_filters_that_are_none(tom: Person, query: str, field: str) -> None:
    answer = Api(tom).get(f"/sessions/me?{query}")
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == [field]


def test_a_list_goes_on_with_its_cursor(maya: Mentor, tom: Person) -> None:
    made = [
        make.session(maya, tom, starts_at=START + timedelta(days=day)).reference for day in range(5)
    ]
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = Api(tom).get(f"/sessions/my-bookings?limit=2&cursor={cursor}").json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
    assert seen == made[::-1]


@pytest.mark.parametrize("many", [1, 3])
def test_what_a_list_asks_the_database(maya: Mentor, tom: Person, lena: Person, many: int) -> None:
    for day in range(many):
        make.session(maya, (tom, lena)[day % 2], starts_at=START + timedelta(days=day))
    for address in ("me", "my-bookings", "mentor/sessions"):
        api = Api(maya.person)
        with CaptureQueriesContext(connection) as asked:
            api.get(f"/sessions/{address}")
        assert len(asked) == (2 if address == "my-bookings" else 3)
