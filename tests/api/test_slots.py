"""Free times over the API (SPEC §3, §17)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmentor.booking import slots
from openmentor.booking.diary import instant
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people import people
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db

PATH = "/mentors/maya-rao/availability"
TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A time of Tuesday or a later day, in UTC; Maya is open from 3:30 to 11:30."""
    return TUESDAY + timedelta(days=days, hours=hour, minutes=minute)


def starts(query: str = "", *, path: str = PATH) -> list[str]:
    """When the free slots begin."""
    answer = Api().get(f"{path}?{query}")
    assert answer.status_code == 200, answer.content
    return [slot["start"] for slot in answer.json()["slots"]]


def day(query: str, *, path: str = PATH) -> list[str]:
    """The free starts of Tuesday."""
    return starts(f"from=2026-03-03&to=2026-03-03&{query}", path=path)


def every_half_hour(first: datetime, *, count: int) -> list[str]:
    return [slots.stamp(instant(first + timedelta(minutes=30 * k))) for k in range(count)]


def test_a_day_of_free_times(maya: Mentor, introduction: SessionType) -> None:
    answer = Api().get(
        f"{PATH}?from=2026-03-03&to=2026-03-03&sessionTypeId={introduction.reference}"
    )
    assert answer["Content-Type"] == "application/json"
    free = every_half_hour(at(3, 30), count=17)
    assert answer.json() == {
        "mentorId": "maya-rao",
        "timezone": "Asia/Kolkata",
        "slots": [{"start": a, "end": b} for a, b in pairwise(free)],
        "groupSessions": [],
    }


def test_without_dates_it_is_the_fortnight_from_today(maya: Mentor) -> None:
    free = starts()
    assert (free[0], free[-1]) == ("2026-03-03T03:30:00Z", "2026-03-13T11:00:00Z")
    assert len(free) == 9 * 16
    assert starts("from=2026-03-07") == starts("from=2026-03-07&to=2026-03-20")
    assert starts("to=2026-03-20") == starts("from=2026-03-02&to=2026-03-20")


def test_dates_are_dates_of_the_zone_that_is_asked_for(maya: Mentor) -> None:
    """Maya's Tuesday, 3:30 to 11:30 in UTC, is partly Monday evening in Los Angeles."""
    answer = Api().get(f"{PATH}?from=2026-03-02&to=2026-03-02&timezone=America/Los_Angeles").json()
    assert answer["timezone"] == "America/Los_Angeles"
    assert [slot["start"] for slot in answer["slots"]] == every_half_hour(at(3, 30), count=9)
    rest = starts("from=2026-03-03&to=2026-03-03&timezone=America/Los_Angeles")
    assert rest == [
        *every_half_hour(at(8), count=7),
        *every_half_hour(at(3, 30, days=1), count=9),
    ]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT%2B12", "Asia/Kathmandu", "UTC"])
def test_days_of_any_zone_add_up_to_all_times(maya: Mentor, zone: str) -> None:
    each_day = [
        start
        for on in (date(2026, 3, 2) + timedelta(days=k) for k in range(8))
        for start in starts(f"from={on}&to={on}&timezone={zone}")
    ]
    assert each_day == starts(f"from=2026-03-02&to=2026-03-09&timezone={zone}")


def test_a_session_type_has_its_own_length(maya: Mentor) -> None:
    long = make.session_type(maya, title="Long", minutes=120, price=500)
    assert day(f"sessionTypeId={long.reference.lower()}") == [
        "2026-03-03T03:30:00Z",
        "2026-03-03T05:30:00Z",
        "2026-03-03T07:30:00Z",
        "2026-03-03T09:30:00Z",
    ]
    assert day("durationMinutes=120") == day(f"sessionTypeId={long.reference}")
    assert day(f"durationMinutes=5&sessionTypeId={long.reference}") == day("durationMinutes=120")


def test_without_a_length_it_is_the_first_types_or_an_hour(
    maya: Mentor, introduction: SessionType
) -> None:
    assert len(day("")) == 16
    introduction.is_active = False
    introduction.save()
    assert len(day("")) == 8


def test_what_is_taken_is_not_free_with_its_buffers(maya: Mentor, tom: Person) -> None:
    make.session(maya, tom, starts_at=at(5), minutes=60, before=15, after=15)
    assert day("") == [*every_half_hour(at(3, 30), count=2), *every_half_hour(at(6, 30), count=10)]


def test_a_mentor_who_is_paused_offers_nothing(maya: Mentor) -> None:
    maya.paused_at = NOW
    maya.save()
    assert starts() == []


def test_a_closed_account_offers_nothing(maya: Mentor) -> None:
    people.deactivate(maya.person, by=maya.person, now=NOW)
    assert starts() == []


@pytest.mark.parametrize("status", ["applied", "rejected"])
def test_a_mentor_who_is_not_approved_is_not_there(maya: Mentor, status: str) -> None:
    Mentor.objects.filter(pk=maya.pk).update(status=status)
    assert problem(Api().get(PATH)) == (404, "not_found")


@pytest.mark.parametrize("handle", ["nobody", "MAYA", "%00", "maya%00rao", "%ff", "a" * 5000, "ŧ"])
def test_a_mentor_nobody_knows_is_not_there(maya: Mentor, handle: str) -> None:
    assert problem(Api().get(f"/mentors/{handle}/availability")) == (404, "not_found")


def test_handles_are_read_in_any_case(maya: Mentor) -> None:
    assert Api().get("/mentors/Maya-RAO/availability").json()["mentorId"] == "maya-rao"


@pytest.mark.parametrize("kind", ["unknown", "inactive", "another's", "nonsense"])
def test_a_session_type_that_is_not_offered(maya: Mentor, kiri: Mentor, kind: str) -> None:
    wanted = {
        "unknown": "TYPE-00000000",
        "inactive": make.session_type(maya, is_active=False).reference,
        "another's": SessionType.objects.get(mentor=kiri).reference,
        "nonsense": "%F0%9F%92%A5",
    }[kind]
    answer = Api().get(f"{PATH}?sessionTypeId={wanted}")
    assert problem(answer) == (409, "session_type_unavailable")


WRONG = {
    "from=2026-03-04&to=2026-03-03": "to",
    "from=2026-03-01&to=2026-05-03": "to",
    "to=2026-03-01": "to",
    "from=0001-01-01&to=9999-12-31": "to",
    "from=tomorrow": "from",
    "from=2026-02-30": "from",
    "from=20260303": "from",
    "from=1772409600": "from",
    "to=2026-03-03T00:00:00Z": "to",
    "to=": "to",
    "timezone=Mars/Olympus": "timezone",
    "timezone=": "timezone",
    "timezone=../../etc/passwd": "timezone",
    "timezone=asia/kolkata": "timezone",
    "durationMinutes=4": "durationMinutes",
    "durationMinutes=481": "durationMinutes",
    "durationMinutes=-30": "durationMinutes",
    "durationMinutes=99999999999999999999999": "durationMinutes",
    "durationMinutes=half": "durationMinutes",
    "durationMinutes=30.5": "durationMinutes",
    "durationMinutes=NaN": "durationMinutes",
    "timezone=%00": "timezone",
    "sessionTypeId=%00": "sessionTypeId",
}


@pytest.mark.parametrize("query", WRONG)
def test_what_cannot_be_asked(maya: Mentor, query: str) -> None:
    answer = Api().get(f"{PATH}?{query}")
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == [WRONG[query]]


@pytest.mark.parametrize(
    "query",
    [
        "from=0001-01-01",
        "from=0001-01-01&to=0001-01-01",
        "from=9999-12-31",
        "from=9999-12-31&to=9999-12-31&timezone=Pacific/Kiritimati",
        "from=9999-12-01&timezone=Etc/GMT%2B12",
        "from=0001-01-01&timezone=Asia/Tokyo",
        "from=2020-01-01&to=2020-02-01",
    ],
)
def test_where_there_is_nothing_there_is_an_empty_list(maya: Mentor, query: str) -> None:
    assert starts(query) == []


def test_two_months_and_a_day_can_be_asked_at_once(maya: Mentor) -> None:
    assert starts("from=2026-03-02&to=2026-05-03")[-1] == "2026-05-01T11:00:00Z"


def test_a_token_that_is_no_good_does_no_harm(maya: Mentor) -> None:
    assert Api(token="nonsense").get(PATH).status_code == 200


def test_it_costs_one_query(maya: Mentor, tom: Person, introduction: SessionType) -> None:
    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            starts(query)
        return len(asked)

    for booked in (1, 3):
        while maya.sessions.count() < booked:
            make.session(maya, tom, starts_at=at(4, days=maya.sessions.count()))
        assert cost(f"sessionTypeId={introduction.reference}") == 1
        assert cost("durationMinutes=60&timezone=UTC&from=2026-03-03") == 1
        assert cost("") == 2


def test_what_is_offered_is_what_is_accepted(
    maya: Mentor, tom: Person, introduction: SessionType
) -> None:
    offered: list[Any] = starts("from=2026-03-03&to=2026-03-04")
    api = Api(tom)
    for start in offered[::5]:
        booking = {
            "mentorId": "maya-rao",
            "sessionTypeId": introduction.reference,
            "scheduledAt": start,
        }
        answer = api.post("/sessions/book", booking)
        assert answer.status_code == 201, answer.content
    left = starts("from=2026-03-03&to=2026-03-04")
    assert left == [start for start in offered if start not in offered[::5]]
