"""Open requests over the API (SPEC §7, §17)."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmentor.booking.models import OpenRequest
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db
PATH = "/mini-mentorship/requests"
WINDOW = {"start": "2026-03-04T04:30:00Z", "end": "2026-03-04T06:30:00Z"}  # Ten to noon at Maya's.
NEED = {
    "kind": "interview_prep",
    "title": "A mock interview",
    "description": "For a senior role.",
    "format": "phone",
    "durationMinutes": 60,
    "windows": [WINDOW],
    "urgency": "high",
    "tags": ["React"],
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def posted(person: Person, **need: Any) -> dict[str, Any]:
    answer = Api(person).post(PATH, NEED | need)
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_a_posted_request_says_what_was_sent(tom: Person) -> None:
    request = posted(tom)
    assert {name: request[name] for name in NEED} == NEED
    assert (request["status"], request["language"]) == ("open", "")
    assert request["mentee"] == {"id": tom.reference, "name": tom.name}
    assert [request[name] for name in ("claimedBy", "leaseUntil", "sessionId")] == [None] * 3
    assert request["actions"] == ["edit", "cancel"]
    assert Api(tom).get(f"{PATH}/{request['id'].lower()}").json() == request


def test_what_is_wrong_is_said_by_field(tom: Person) -> None:
    wrong = {
        "kind": "gossip",
        "title": "",
        "durationMinutes": 20,
        "urgency": "now",
        "windows": [],
    }
    answer = Api(tom).post(PATH, NEED | wrong)
    assert problem(answer) == (422, "invalid")
    assert set(faults(answer)) == {"kind", "title", "durationMinutes", "urgency"}
    backwards = {"start": WINDOW["end"], "end": WINDOW["start"]}
    answer = Api(tom).post(PATH, NEED | {"windows": [WINDOW, backwards]})
    assert list(faults(answer)) == ["windows[1]"]
    answer = Api(tom).post(PATH, {"title": "Alone"})
    assert set(faults(answer)) == {"kind", "durationMinutes", "windows"}


def test_null_is_as_good_as_nothing(tom: Person) -> None:
    nothing = dict.fromkeys(("description", "format", "urgency", "tags", "language"))
    request = posted(tom, **nothing)
    said = [request[name] for name in ("description", "format", "urgency", "tags")]
    assert said == ["", "video", "normal", []]


def test_one_key_posts_once(tom: Person) -> None:
    for _ in range(2):
        Api(tom).post(PATH, NEED, Idempotency_Key="one")
    assert OpenRequest.objects.count() == 1


def test_it_is_changed_by_what_is_sent(tom: Person) -> None:
    path = f"{PATH}/{posted(tom)['id']}"
    other = {"start": "2026-03-05T04:30:00Z", "end": "2026-03-05T06:30:00Z"}
    changed = Api(tom).patch(path, {"title": "Another", "windows": [other]}).json()
    assert (changed["title"], changed["windows"]) == ("Another", [other])
    assert (changed["kind"], changed["urgency"]) == ("interview_prep", "high")


def test_the_board_is_for_approved_mentors(tom: Person, maya: Mentor) -> None:
    posted(tom)
    assert problem(Api(tom).get(PATH)) == (403, "not_allowed")
    applicant = make.mentor("Ann", status="applied", approved_at=None)
    assert problem(Api(applicant.person).get(PATH)) == (403, "not_allowed")
    [item] = Api(maya.person).get(PATH).json()["items"]
    assert item["mentee"] == {"id": tom.reference, "name": "Tom"}
    assert (item["fitsMyHours"], item["actions"]) == (True, ["claim"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A", "B"]),
        ("?kind=other", ["B"]),
        ("?duration=60", ["A"]),
        ("?urgency=low", ["B"]),
        ("?tag=react", ["A"]),
        ("?language=HINDI", ["A", "B"]),
        ("?language=english", ["A"]),
        ("?fitsMyHours=true", ["A"]),
        ("?kind=other&duration=60", []),
    ],
)
def test_the_board_is_filtered(tom: Person, maya: Mentor, query: str, found: list[str]) -> None:
    night = {"start": "2026-03-04T20:00:00Z", "end": "2026-03-04T21:00:00Z"}
    posted(tom, title="A")
    posted(
        tom,
        title="B",
        kind="other",
        durationMinutes=30,
        urgency="low",
        tags=[],
        language="Hindi",
        windows=[night],
    )
    items = Api(maya.person).get(PATH + query).json()["items"]
    assert [item["title"] for item in items] == found


@pytest.mark.parametrize("query", ["kind=gossip", "duration=29", "urgency=now", "cursor=x"])
def test_filters_that_mean_nothing_are_refused(maya: Mentor, query: str) -> None:
    assert problem(Api(maya.person).get(f"{PATH}?{query}")) == (422, "invalid")


def test_the_board_is_read_page_by_page(tom: Person, maya: Mentor) -> None:
    for number, urgency in enumerate(("low", "high", "normal", "high", "low")):
        posted(tom, title=str(number), urgency=urgency)
    seen, query = [], "?limit=2"
    while query:
        page = Api(maya.person).get(PATH + query).json()
        seen += [item["urgency"] for item in page["items"]]
        assert len(page["items"]) <= 2
        query = f"?limit=2&cursor={page['nextCursor']}" if page["nextCursor"] else ""
    assert seen == ["high", "high", "normal", "low", "low"]


@pytest.mark.parametrize("several", [1, 3])
def test_the_board_asks_the_database_the_same_whatever_its_length(
    tom: Person, maya: Mentor, several: int
) -> None:
    for _ in range(several):
        posted(tom)
    api = Api(maya.person)
    with CaptureQueriesContext(connection) as queries:
        assert len(api.get(PATH).json()["items"]) == several
    assert len(queries) == 5  # Who calls, the diary, the hours, the requests, their windows.


def test_claim_and_schedule(tom: Person, maya: Mentor) -> None:
    path = f"{PATH}/{posted(tom)['id']}"
    mentor = Api(maya.person)
    claimed = mentor.post(f"{path}/claim").json()
    assert (claimed["status"], claimed["leaseUntil"]) == ("claimed", WINDOW["end"])
    assert claimed["claimedBy"]["id"] == maya.handle
    assert (claimed["mentee"]["name"], claimed["actions"]) == (tom.name, ["release", "schedule"])
    outside = mentor.post(f"{path}/schedule", {"scheduledAt": "2026-03-04T06:00:00Z"})
    assert problem(outside) == (422, "outside_windows")
    assert outside.json()["windows"] == [WINDOW]
    scheduled = mentor.post(f"{path}/schedule", {"scheduledAt": "2026-03-04T05:15:00Z"}).json()
    assert (scheduled["status"], scheduled["scheduledAt"]) == (
        "scheduled",
        "2026-03-04T05:15:00Z",
    )
    session = Api(tom).get(f"/sessions/{scheduled['sessionId']}").json()
    said = [session[name] for name in ("origin", "sessionStatus", "paymentStatus", "amount")]
    assert said == ["open-request", "scheduled", "free", 0]


def test_others_are_told_that_it_is_claimed(tom: Person, maya: Mentor, kiri: Mentor) -> None:
    path = f"{PATH}/{posted(tom)['id']}"
    Api(maya.person).post(f"{path}/claim")
    assert problem(Api(kiri.person).post(f"{path}/claim")) == (409, "already_claimed")
    assert problem(Api(kiri.person).get(path)) == (404, "not_found")
    assert Api(kiri.person).get(PATH).json()["items"] == []
    assert Api(maya.person).post(f"{path}/release").json()["status"] == "open"
    assert Api(kiri.person).post(f"{path}/claim").json()["status"] == "claimed"


def test_it_is_taken_back(tom: Person, maya: Mentor) -> None:
    path = f"{PATH}/{posted(tom)['id']}"
    cancelled = Api(tom).post(f"{path}/cancel", {"reason": "Found one"}).json()
    assert (cancelled["status"], cancelled["actions"]) == ("cancelled", [])
    assert problem(Api(tom).post(f"{path}/cancel")) == (409, "not_possible")
    assert problem(Api(maya.person).post(f"{path}/claim")) == (409, "not_possible")


def test_mine_and_claimed(tom: Person, maya: Mentor, zoe: Person) -> None:
    first, second = posted(tom, title="First"), posted(tom, title="Second")
    Api(maya.person).post(f"{PATH}/{first['id']}/claim")
    mine = Api(tom).get(f"{PATH}/mine").json()["items"]
    assert {item["id"] for item in mine} == {first["id"], second["id"]}
    claimed = Api(maya.person).get(f"{PATH}/claimed").json()["items"]
    assert [item["id"] for item in claimed] == [first["id"]]
    assert Api(zoe).get(f"{PATH}/mine").json() == {"items": [], "nextCursor": None}


HOURS = "/mini-mentorship/availability"


def test_hours_for_open_requests_are_those_of_bookings_unless_said(maya: Mentor) -> None:
    api = Api(maya.person)
    weekly = api.get("/mentors/me/availability").json()["weekly"]
    usual = {"timezone": "Asia/Kolkata", "weekly": weekly, "sameAsBookings": True}
    assert api.get(HOURS).json() == usual
    evening = [{"day": 2, "slots": [{"start": "18:00", "end": "22:00"}]}]
    own = {"timezone": "Asia/Kolkata", "weekly": evening, "sameAsBookings": False}
    assert api.put(HOURS, {"timezone": "Asia/Kolkata", "weekly": evening}).json() == own
    assert api.get(HOURS).json() == own
    assert api.get("/mentors/me/availability").json()["weekly"] == weekly
    assert api.put(HOURS, {"weekly": None}).json() == usual


def test_hours_that_make_no_sense_are_refused(maya: Mentor, tom: Person) -> None:
    api = Api(maya.person)
    same = [{"day": 0, "slots": [{"start": "09:00", "end": "09:00"}]}]
    assert list(faults(api.put(HOURS, {"weekly": same}))) == ["weekly[0].slots[0]"]
    elsewhere = api.put(HOURS, {"weekly": [], "timezone": "Europe/London"})
    assert list(faults(elsewhere)) == ["timezone"]
    assert problem(api.put(HOURS, {})) == (422, "invalid")
    assert problem(Api(tom).get(HOURS)) == (403, "not_allowed")
