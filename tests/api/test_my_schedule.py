from typing import Any

import pytest

from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem

pytestmark = pytest.mark.django_db
PATH = "/mentors/me/availability"
MORNING, NIGHT = {"start": "09:00", "end": "12:00"}, {"start": "22:00", "end": "02:00"}
SCHEDULE = {
    "timezone": "Asia/Kolkata",
    "weekly": [{"day": 0, "slots": [MORNING]}, {"day": 6, "slots": [MORNING, NIGHT]}],
    "overrides": [
        {"date": "2026-12-25", "blocked": True, "slots": []},
        {"date": "2026-12-26", "blocked": False, "slots": [NIGHT]},
    ],
}


def test_what_is_put_is_what_is_got(maya: Mentor) -> None:
    api = Api(maya.person)
    answer = api.put(PATH, SCHEDULE)
    assert (answer.status_code, answer.json()) == (200, SCHEDULE)
    assert api.get(PATH).json() == SCHEDULE


def test_days_may_be_named_and_a_date_may_have_one_range(maya: Mentor) -> None:
    short = {
        "timezone": "Asia/Kolkata",
        "weekly": [
            {"day": "Sunday", "slots": [NIGHT]},
            {"day": "monday", "slots": [MORNING]},
            {"day": 6, "slots": [MORNING]},
        ],
        "overrides": [{"date": "2026-12-26", **NIGHT}, {"date": "2026-12-25", "blocked": True}],
    }
    assert Api(maya.person).put(PATH, short).json() == SCHEDULE


def test_what_is_left_out_is_not_open(maya: Mentor) -> None:
    closed = {"timezone": "UTC", "weekly": []}
    assert Api(maya.person).put(PATH, closed).json() == closed | {"overrides": []}


def test_every_mistake_is_named_by_its_place(maya: Mentor) -> None:
    wrong = {
        "timezone": "Mars/Olympus",
        "weekly": [
            {"day": 0, "slots": [MORNING, {"start": "11:00", "end": "13:00"}]},
            {"day": 1, "slots": [{"start": "9:00", "end": "24:00"}]},
            {"day": 7, "slots": []},
        ],
        "overrides": [{"date": "2026-12-25", "start": "10:00", "end": "10:00"}],
    }
    answer = Api(maya.person).put(PATH, wrong)
    assert problem(answer) == (422, "invalid")
    assert faults(answer) == {
        "timezone": "We do not know that time zone.",
        "weekly[0].slots[1]": "This overlaps 09:00–12:00.",
        "weekly[1].slots[0].start": "Write a time such as 09:00.",
        "weekly[2].day": "Days go from 0, Monday, to 6, Sunday.",
        "overrides[0].slots[0]": "The end is the same as the start.",
    }


@pytest.mark.parametrize(
    ("override", "place"),
    [
        ({"date": "2026-12-25"}, "overrides[0]"),
        ({"date": "2026-12-25", "start": "09:00"}, "overrides[0]"),
        ({"date": "2026-12-25", "blocked": True, "slots": [MORNING]}, "overrides[0]"),
        ({"date": "2026-12-25", "slots": [MORNING], **NIGHT}, "overrides[0]"),
        ({"date": "2026-02-29", "blocked": True}, "overrides[0].date"),
        ({"date": 20261225, "blocked": True}, "overrides[0].date"),
        ({"blocked": True}, "overrides[0].date"),
        ({"date": "2026-12-25", "slots": [{"start": "09:00"}]}, "overrides[0].slots[0].end"),
        ({"date": "2026-12-25", "slots": "all day"}, "overrides[0].slots"),
    ],
)
def test_a_date_says_one_thing(maya: Mentor, override: Any, place: str) -> None:
    answer = Api(maya.person).put(PATH, SCHEDULE | {"overrides": [override]})
    assert list(faults(answer)) == [place]


@pytest.mark.parametrize("day", ["Funday", 1.5, None, "1", True])
def test_a_day_is_a_number_or_a_name(maya: Mentor, day: Any) -> None:
    answer = Api(maya.person).put(PATH, SCHEDULE | {"weekly": [{"day": day, "slots": []}]})
    assert list(faults(answer)) == ["weekly[0].day"]


def test_it_is_for_mentors(zoe: Person) -> None:
    for method in ("GET", "PUT"):
        assert problem(Api(zoe).call(method, PATH, SCHEDULE)) == (403, "not_allowed")
        assert problem(Api().call(method, PATH, SCHEDULE)) == (401, "not_signed_in")


@pytest.mark.parametrize("days", [1, 3])
def test_it_costs_the_same_whatever_its_length(days: int, django_assert_num_queries: Any) -> None:
    api = Api(make.mentor().person)
    weekly = [{"day": day, "slots": [MORNING]} for day in range(days)]
    overrides = [{"date": f"2026-12-2{day}", "blocked": True} for day in range(days)]
    wanted = {"timezone": "Asia/Tokyo", "weekly": weekly, "overrides": overrides}
    # the caller; begin, lock, mentor, delete and insert twice, zone, event, read twice, commit
    with django_assert_num_queries(13):
        api.put(PATH, wanted)
    with django_assert_num_queries(3):  # the caller, the week, the dates
        assert len(api.get(PATH).json()["weekly"]) == days
