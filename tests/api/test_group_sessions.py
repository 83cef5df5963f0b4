"""Group sessions over the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from openmentor.base import clock
from openmentor.booking import settlement
from openmentor.booking.models import Booking, Group, Session
from openmentor.mentors.models import Mentor
from openmentor.payments import refunds
from openmentor.payments.models import Order, Refund
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem
from tests.rules.test_join import captured

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
NEW = {
    "title": "Reading code",
    "description": "We read.",
    "scheduledAt": "2026-03-06T10:00:00Z",
    "durationMinutes": 90,
    "capacity": 3,
    "price": 50_000,
    "tags": ["Rust"],
    "visibility": "public",
    "instructions": "Bring paper.",
}


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def path(session: Session, verb: str = "") -> str:
    return f"/sessions/group/{session.reference}{verb and '/' + verb}"


def test_a_mentor_creates_one_and_everybody_finds_it(maya: Mentor, tom: Person) -> None:
    answer = Api(maya.person).post("/sessions/group", NEW)
    made = answer.json()
    assert answer.status_code == 201
    assert (made["sessionMode"], made["origin"], made["sessionStatus"]) == (
        "group",
        "group",
        "open",
    )
    assert (made["capacity"], made["spotsLeft"], made["amount"]) == (3, 3, 50_000)
    assert made["actions"] == ["cancel", "edit", "message"]
    assert [each["id"] for each in made["series"]] == [made["id"]]
    for reader in (None, tom):
        [shown] = Api(reader).get("/sessions/group").json()["items"]
        assert (shown["id"], shown["actions"]) == (made["id"], ["join"])
        assert (shown["instructions"], shown["participants"]) == (None, None)


def test_mentees_and_strangers_create_nothing(tom: Person) -> None:
    assert problem(Api(tom).post("/sessions/group", NEW)) == (403, "not_allowed")
    assert problem(Api().post("/sessions/group", NEW)) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"capacity": 1}, "capacity"),
        ({"title": ""}, "title"),
        ({"price": -1}, "price"),
        ({"visibility": "secret"}, "visibility"),
        ({"scheduledAt": "2026-03-06 10:00"}, "scheduledAt"),
        ({"minParticipants": 4}, "minParticipants"),
        ({"joinUntil": "2026-03-07T10:00:00Z"}, "joinUntil"),
        ({"repeatWeeks": 99}, "repeatWeeks"),
    ],
)
def test_what_is_wrong_is_said_by_field(maya: Mentor, sent: dict[str, Any], field: str) -> None:
    answer = Api(maya.person).post("/sessions/group", NEW | sent)
    assert answer.status_code == 422
    assert list(faults(answer)) == [field]


def test_weeks_that_clash_are_listed_and_skipped_with_a_yes(maya: Mentor) -> None:
    make.session(maya, None, starts_at=START + timedelta(weeks=1))
    api, weekly = Api(maya.person), NEW | {"repeatWeeks": 3}
    refused = api.post("/sessions/group", weekly)
    assert problem(refused) == (409, "time_taken")
    assert refused.json()["clashes"] == ["2026-03-13T10:00:00Z"]
    made = api.post("/sessions/group", weekly | {"skipClashes": True}).json()
    assert [each["scheduledAt"] for each in made["series"]] == [
        "2026-03-06T10:00:00Z",
        "2026-03-20T10:00:00Z",
    ]


def test_a_paid_place_is_held_and_then_paid(maya: Mentor, tom: Person) -> None:
    session = make.group(maya, starts_at=START, price=50_000, instructions="Bring paper.")
    answer = Api(tom).post(path(session, "join"))
    joined = answer.json()
    assert (answer.status_code, joined["requiresPayment"]) == (201, True)
    assert joined["payment"]["amount"] == 50_000
    assert (joined["session"]["bookingStatus"], joined["session"]["spotsLeft"]) == ("held", 2)
    order = joined["payment"]["orderId"]
    begun = Api(tom).post("/session-payments/create", {"sessionId": session.reference})
    assert begun.json()["orderId"] == order
    paid = Api(tom).post("/session-payments/verify", {"orderId": order, "paymentMode": "mock"})
    assert (paid.status_code, paid.json()["status"]) == (200, "paid")
    shown = Api(tom).get(path(session)).json()
    assert (shown["paymentStatus"], shown["instructions"]) == ("paid", "Bring paper.")
    assert shown["actions"] == ["leave"]


def test_a_full_session_has_a_line_and_the_next_gets_the_place(maya: Mentor) -> None:
    people = [make.person() for _ in range(4)]
    session = make.group(maya, starts_at=START, capacity=2)
    first, second, third, fourth = (Api(person) for person in people)
    assert [api.post(path(session, "join")).status_code for api in (first, second)] == [201, 201]
    assert problem(third.post(path(session, "join"))) == (409, "session_full")
    assert third.get(path(session)).json()["actions"] == ["waitlist"]
    waits = third.post(path(session, "waitlist"))
    assert (waits.status_code, waits.json()["position"]) == (201, 1)
    assert fourth.post(path(session, "waitlist")).json()["position"] == 2
    assert problem(third.post(path(session, "waitlist"))) == (409, "already_joined")
    left = first.post(path(session, "leave"), {"reason": "Ill"})
    assert (left.status_code, left.json()["bookingStatus"]) == (200, "cancelled")
    shown = third.get(path(session)).json()
    assert (shown["sessionStatus"], shown["spotsLeft"]) == ("full", 0)
    assert shown["actions"] == ["join", "leave-waitlist"]
    assert shown["waiting"]["offeredUntil"] is not None
    assert problem(fourth.post(path(session, "join"))) == (409, "session_full")
    assert third.post(path(session, "join")).status_code == 201
    assert fourth.post(path(session, "leave")).json()["waiting"] is None


def test_the_host_sees_who_comes_and_who_waits(maya: Mentor, tom: Person, lena: Person) -> None:
    session = make.group(maya, starts_at=START, capacity=1)
    Api(tom).post(path(session, "join"))
    Api(lena).post(path(session, "waitlist"))
    shown = Api(maya.person).get(path(session)).json()
    booking = Booking.objects.get()
    assert shown["waitingCount"] == 1
    assert shown["participants"] == [
        {
            "id": tom.reference,
            "name": "Tom Becker",
            "bookingId": booking.reference,
            "bookingStatus": "confirmed",
            "paymentStatus": "free",
        }
    ]


@pytest.mark.parametrize("names_shown", [True, False])
def test_participants_see_names_only_where_the_host_shows_them(
    *, maya: Mentor, tom: Person, lena: Person, zoe: Person, names_shown: bool
) -> None:
    session = make.group(maya, starts_at=START, names_shown=names_shown)
    make.booking(session, tom)
    make.booking(session, lena)
    shown = Api(tom).get(path(session)).json()["participants"]
    assert (shown and [each["name"] for each in shown]) == (
        ["Tom Becker", "Lena Fischer"] if names_shown else None
    )
    assert Api(zoe).get(path(session)).json()["participants"] is None


def test_cancelling_refunds_everybody_and_says_how_far_it_is(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, price=50_000)
    for person in (tom, lena):
        order = Api(person).post(path(session, "join")).json()["payment"]["orderId"]
        found = Order.objects.get(reference=order)
        settlement.settle(found.pk, captured(found), now=now)
    assert problem(Api(tom).post(path(session, "cancel"))) == (403, "not_allowed")
    answer = Api(maya.person).post(path(session, "cancel"), {"reason": "Ill"})
    assert (answer.status_code, answer.json()["cancelledBy"]) == (200, "mentor")
    progress = {"all": 2, "done": 0, "failed": 0, "amount": 100_000, "amountDisplay": "₹1,000.00"}
    assert answer.json()["refunds"] == progress
    refunds.carry_out(Refund.objects.first().pk, now=now)  # type: ignore[union-attr]  # two
    assert Api(maya.person).get(path(session)).json()["refunds"] == progress | {"done": 1}
    assert Api(tom).get(path(session)).json()["refunds"] is None


def test_the_host_changes_it(maya: Mentor, tom: Person) -> None:
    session = make.group(maya, starts_at=START)
    changes = {"title": "Writing code", "price": 900, "scheduledAt": "2026-03-06T11:00:00Z"}
    assert problem(Api(tom).patch(path(session), changes)) == (403, "not_allowed")
    shown = Api(maya.person).patch(path(session), changes).json()
    assert (shown["title"], shown["amount"], shown["scheduledAt"]) == (
        "Writing code",
        900,
        "2026-03-06T11:00:00Z",
    )
    Api(tom).post(path(session, "join"))
    assert problem(Api(maya.person).patch(path(session), {"price": 1})) == (409, "not_possible")


def test_the_host_writes_and_counts(
    maya: Mentor, tom: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make.group(maya, starts_at=START)
    booking = make.booking(session, tom)
    sent = Api(maya.person).post(path(session, "message"), {"message": "Hello"})
    assert (sent.status_code, sent.json()["text"]) == (201, "Hello")
    assert problem(Api(tom).post(path(session, "message"), {"message": "x"})) == (
        403,
        "not_allowed",
    )
    monkeypatch.setattr(clock, "now", lambda: START)
    told = {"bookingId": booking.reference, "attended": False}
    marked = Api(maya.person).put(path(session, "attendance"), told)
    assert (marked.status_code, marked.json()["bookingStatus"]) == (200, "no-show")


@pytest.mark.parametrize("verb", ["", "join", "leave", "waitlist", "cancel", "message"])
def test_a_private_session_is_not_there_for_strangers(maya: Mentor, zoe: Person, verb: str) -> None:
    session = make.group(maya, starts_at=START, visibility="private")
    body = {"message": "x"} if verb == "message" else None
    answer = Api(zoe).post(path(session, verb), body) if verb else Api(zoe).get(path(session))
    assert problem(answer) == (404, "not_found")
    Group.objects.get().invitations.create(email=zoe.email)
    assert Api(zoe).get(path(session)).status_code == 200


@pytest.mark.parametrize(("visibility", "listed"), [("public", 1), ("unlisted", 0), ("private", 0)])
def test_only_public_ones_are_listed(maya: Mentor, visibility: str, listed: int) -> None:
    make.group(maya, starts_at=START, visibility=visibility)
    assert len(Api().get("/sessions/group").json()["items"]) == listed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=work+maya", 1),
        ("q=nothing", 0),
        ("tag=rust", 1),
        ("mentorId=maya-rao", 1),
        ("mentorId=kiri", 0),
        ("free=true", 1),
        ("free=false", 0),
        ("hasPlaces=true", 1),
        ("from=2026-03-07", 0),
        ("to=2026-03-06", 1),
    ],
)
def test_the_list_is_narrowed(maya: Mentor, query: str, found: int) -> None:
    make.group(maya, starts_at=START, tags=["Rust"])
    assert len(Api().get(f"/sessions/group?{query}").json()["items"]) == found


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(
    maya: Mentor, tom: Person, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    api = Api(tom)
    for number in range(count):
        make.booking(make.group(maya, starts_at=START + timedelta(days=number)), make.person())
    with django_assert_num_queries(5):
        assert len(api.get("/sessions/group").json()["items"]) == count


def test_a_key_joins_once(maya: Mentor, tom: Person) -> None:
    session = make.group(maya, starts_at=START)
    api = Api(tom)
    answers = [api.post(path(session, "join"), Idempotency_Key="one") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Booking.objects.count() == 1


def test_a_mentors_coming_group_sessions_stand_beside_the_free_times(maya: Mentor) -> None:
    session = make.group(maya, starts_at=START)
    make.group(maya, starts_at=START + timedelta(hours=2), visibility="unlisted")
    make.group(maya, starts_at=START + timedelta(days=3))
    answer = Api().get(f"/mentors/{maya.handle}/availability?from=2026-03-06&to=2026-03-07")
    assert [each["id"] for each in answer.json()["groupSessions"]] == [session.reference]
    slots = [slot["start"] for slot in answer.json()["slots"]]
    assert "2026-03-06T09:30:00Z" in slots
    assert "2026-03-06T10:00:00Z" not in slots
