from datetime import UTC, datetime
from typing import Any

import pytest

from openmentor.base import clock
from openmentor.mentors.models import Mentor
from openmentor.people import limits
from openmentor.people.limits import Limit
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon_in_india(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def found(query: str = "") -> list[str]:
    answer = Api().get(f"/mentors{query}")
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


def test_anyone_sees_the_list(maya: Mentor) -> None:
    assert Api().get("/mentors").json() == {
        "items": [
            {
                "id": "maya-rao",
                "name": "Maya Rao",
                "headline": "",
                "jobTitle": "",
                "specialisations": [],
                "languages": [],
                "timezone": "Asia/Kolkata",
                "currency": "INR",
                "oneOnOnePrice": 0,
                "groupSessionPrice": 0,
                "rating": None,
                "reviewCount": 0,
                "sessionsHeld": 0,
                "nextFreeAt": "2026-03-03T03:30:00Z",
                "acceptsNewMentees": True,
                "photoUrl": None,
            }
        ],
        "nextCursor": None,
    }


def test_the_list_comes_a_page_at_a_time_in_every_order() -> None:
    for number, price in enumerate([500, 500, 0]):
        at = datetime(2026, 1, number + 1, tzinfo=UTC)
        make.mentor(f"Mentor {number}", one_on_one_price_minor=price, approved_at=at)
    orders = {
        "newest": ["mentor-2", "mentor-1", "mentor-0"],
        "rating": ["mentor-2", "mentor-1", "mentor-0"],
        "price": ["mentor-2", "mentor-0", "mentor-1"],
    }
    for sort, expected in orders.items():
        seen: list[str] = []
        cursor = ""
        while cursor is not None:
            answer = Api().get(f"/mentors?limit=1&sort={sort}&cursor={cursor}").json()
            seen += [item["id"] for item in answer["items"]]
            cursor = answer["nextCursor"]
        assert seen == expected


def test_the_search_narrows(maya: Mentor, kiri: Mentor) -> None:
    Mentor.objects.filter(pk=maya.pk).update(
        specialisations=["React"],
        languages=["Hindi"],
        job_title="Engineer",
        one_on_one_price_minor=900,
    )
    make.session_type(kiri, price=500)
    assert sorted(found()) == ["kiri-tamahori", "maya-rao"]
    assert found("?query=MÁYA") == ["maya-rao"]
    assert found("?specialisation=react&specialisation=vue") == ["maya-rao"]
    assert found("?language=hindi") == ["maya-rao"]
    assert found("?jobTitle=engineer") == ["maya-rao"]
    assert found("?minPrice=900&maxPrice=900") == ["maya-rao"]
    assert found("?free=false") == ["kiri-tamahori"]
    assert sorted(found("?specialisation=&language=&query=")) == ["kiri-tamahori", "maya-rao"]


def test_a_search_that_makes_no_sense_has_a_line_per_field() -> None:
    answer = Api().get("/mentors?sort=best&minPrice=-1&maxPrice=1.5&free=perhaps&limit=0")
    assert problem(answer) == (422, "invalid")
    assert sorted(faults(answer)) == ["free", "limit", "maxPrice", "minPrice", "sort"]


def test_a_search_for_nonsense_characters_is_refused_not_broken() -> None:
    assert problem(Api().get("/mentors?query=%00")) == (422, "invalid")


def test_searching_too_often_is_refused(
    maya: Mentor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATE_LIMITS = True
    monkeypatch.setitem(limits.LIMITS, "search", Limit(1, limits.MINUTE))
    assert found() == ["maya-rao"]
    answer = Api().get("/mentors")
    assert (problem(answer), answer["Retry-After"]) == ((429, "rate_limited"), "60")


@pytest.mark.parametrize("mentors", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    mentors: int, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.RATE_LIMITS = True
    for _ in range(mentors):
        make.mentor()
    with django_assert_num_queries(6):  # the limit, mentors, offers, sessions, seats, diaries
        assert len(found()) == mentors


def test_a_profile_says_what_can_be_booked_and_when(maya: Mentor) -> None:
    make.session_type(maya, title="Old", is_active=False)
    Mentor.objects.filter(pk=maya.pk).update(bio="I teach.", group_price_minor=600)
    profile = Api().get("/mentors/Maya-RAO").json()
    (offered,) = profile["sessionTypes"]
    assert (offered["title"], offered["durationMinutes"], offered["price"]) == (
        "Introduction",
        30,
        0,
    )
    assert (profile["bio"], profile["groupSessionPrice"]) == ("I teach.", 600)
    assert (profile["packs"], profile["isPaused"]) == ([], False)
    assert profile["seats"] == {"total": None, "used": 0, "free": None}
    assert profile["nextSlots"][:2] == [
        {
            "start": "2026-03-03T03:30:00Z",
            "end": "2026-03-03T04:00:00Z",
            "sessionTypeId": offered["id"],
        },
        {
            "start": "2026-03-03T04:00:00Z",
            "end": "2026-03-03T04:30:00Z",
            "sessionTypeId": offered["id"],
        },
    ]


@pytest.mark.parametrize("types", [1, 3])
def test_a_profile_costs_the_same_whatever_it_offers(
    types: int, django_assert_num_queries: Any
) -> None:
    mentor = make.mentor("Maya", minutes=0)
    for number in range(types):
        make.session_type(mentor, minutes=30 + number)
    # the mentor, offers, sessions held, seats, diary, free starts, packs
    with django_assert_num_queries(7):
        assert len(Api().get("/mentors/maya").json()["sessionTypes"]) == types


def test_a_paused_mentor_is_there_and_takes_nobody(maya: Mentor) -> None:
    Mentor.objects.filter(pk=maya.pk).update(paused_at=NOW)
    profile = Api().get("/mentors/maya-rao").json()
    assert (profile["isPaused"], profile["acceptsNewMentees"]) == (True, False)
    assert (profile["nextFreeAt"], profile["nextSlots"]) == (None, [])


def test_a_profile_that_waits_is_seen_by_its_owner_and_staff(
    maya: Mentor, zoe: Person, staff: Person
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(status="applied")
    assert found() == []
    for stranger in (None, zoe):
        assert problem(Api(stranger).get("/mentors/maya-rao")) == (404, "not_found")
    for insider in (maya.person, staff):
        assert Api(insider).get("/mentors/maya-rao").status_code == 200


def test_a_person_becomes_a_mentor(tom: Person) -> None:
    answer = Api(tom).post(
        "/mentors/me",
        {
            "headline": "Learn to teach",
            "specialisations": ["Pedagogy"],
            "timezone": "Europe/London",
            "currency": "GBP",
            "sessionPrice": 5000,
            "groupSessionPrice": 3000,
            "maxActiveMentees": 5,
            "bookingSettings": {"horizonDays": 30, "bufferAfter": 10, "confirmation": "approval"},
        },
    )
    assert answer.status_code == 201, answer.content
    assert answer.json() == {
        "id": "tom-becker",
        "name": tom.name,
        "headline": "Learn to teach",
        "jobTitle": "",
        "bio": "",
        "specialisations": ["Pedagogy"],
        "languages": [],
        "timezone": "Europe/London",
        "currency": "GBP",
        "oneOnOnePrice": 5000,
        "groupSessionPrice": 3000,
        "photoUrl": None,
        "status": "applied",
        "statusReason": "",
        "isPaused": False,
        "maxActiveMentees": 5,
        "gracePeriodDays": 3,
        "refundPolicy": "moderate",
        "bookingSettings": {
            "minNoticeMinutes": None,
            "horizonDays": 30,
            "stepMinutes": None,
            "bufferBefore": 0,
            "bufferAfter": 10,
            "maxPerDay": None,
            "maxPerWeek": None,
            "confirmation": "approval",
            "pendingRequestsHoldTime": False,
        },
    }
    assert Api(tom).get("/mentors/me").json() == answer.json()


def test_the_same_key_makes_one_profile_and_no_key_is_a_clash(tom: Person) -> None:
    api, key = Api(tom), {"Idempotency_Key": "one"}
    first = api.post("/mentors/me", {"headline": "Hi"}, **key)
    assert api.post("/mentors/me", {"headline": "Hi"}, **key).json() == first.json()
    assert problem(api.post("/mentors/me", {"headline": "Hi"})) == (409, "not_possible")


def test_what_is_not_sent_stays_and_null_empties(maya: Mentor) -> None:
    api = Api(maya.person)
    api.patch("/mentors/me", {"headline": "Hi", "bookingSettings": {"maxPerDay": 3}})
    changed = api.patch("/mentors/me", {"bookingSettings": {"stepMinutes": 15}}).json()
    assert (changed["headline"], changed["bookingSettings"]["maxPerDay"]) == ("Hi", 3)
    emptied = api.patch("/mentors/me", {"bookingSettings": {"maxPerDay": None}}).json()
    assert emptied["bookingSettings"]["maxPerDay"] is None
    assert emptied["bookingSettings"]["stepMinutes"] == 15


@pytest.mark.parametrize("price", [-1, 1.5, 100.0, "100", 10**11, 10**30, True, None, [1]])
@pytest.mark.parametrize("name", ["oneOnOnePrice", "groupSessionPrice", "sessionPrice"])
def test_a_price_is_a_whole_number_of_minor_units(maya: Mentor, name: str, price: Any) -> None:
    assert problem(Api(maya.person).patch("/mentors/me", {name: price})) == (422, "invalid")
    maya.refresh_from_db()
    assert (maya.one_on_one_price_minor, maya.group_price_minor) == (0, 0)


def test_every_wrong_field_is_named_as_it_was_sent(maya: Mentor) -> None:
    answer = Api(maya.person).patch(
        "/mentors/me",
        {
            "jobTitle": "x" * 101,
            "oneOnOnePrice": -1,
            "groupSessionPrice": -1,
            "currency": "QQQ",
            "timezone": "Mars",
            "refundPolicy": "kind",
            "bookingSettings": {"horizonDays": 0, "confirmation": "maybe"},
        },
    )
    assert problem(answer) == (422, "invalid")
    assert sorted(faults(answer)) == [
        "bookingSettings.confirmation",
        "bookingSettings.horizonDays",
        "currency",
        "groupSessionPrice",
        "jobTitle",
        "oneOnOnePrice",
        "refundPolicy",
        "timezone",
    ]


def test_two_prices_that_differ_are_refused(maya: Mentor) -> None:
    answer = Api(maya.person).patch("/mentors/me", {"oneOnOnePrice": 1, "sessionPrice": 2})
    assert list(faults(answer)) == ["sessionPrice"]


def test_only_mentors_have_a_profile_of_their_own(zoe: Person) -> None:
    assert problem(Api(zoe).get("/mentors/me")) == (403, "not_allowed")
    assert problem(Api(zoe).patch("/mentors/me", {})) == (403, "not_allowed")
    for method in ("GET", "PATCH", "POST"):
        assert problem(Api().call(method, "/mentors/me", {})) == (401, "not_signed_in")


def test_changing_the_profile_costs_as_little_as_it_can(
    maya: Mentor, django_assert_num_queries: Any
) -> None:
    api = Api(maya.person)
    # the caller; begin, the lock, the mentor, the change, its event, commit
    with django_assert_num_queries(7):
        api.patch("/mentors/me", {"headline": "Hi"})
    with django_assert_num_queries(1):
        api.get("/mentors/me")
