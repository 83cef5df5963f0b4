"""Packs, seats and mentorships over the API (SPEC §9, §17)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from openmentor.booking import seat_line
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.mentorships import renewals
from openmentor.mentorships.models import Pack, Seat
from openmentor.payments.models import Order
from openmentor.people.models import Person
from tests import make
from tests import packs as shop
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db

TUESDAY_AT_TEN = "2026-03-03T04:30:00Z"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def offer(maya: Mentor) -> dict[str, Any]:
    """Maya's pack, offered over the API."""
    return offered(maya)


def offered(mentor: Mentor, **facts: Any) -> dict[str, Any]:
    kept = SessionType.objects.get(mentor=mentor).reference
    usual = {"sessionTypeId": kept, "title": "Four", "sessions": 4, "validityDays": 45}
    body = usual | {"price": 100_000, "currency": "INR"} | facts
    answer = Api(mentor.person).post("/pack-offers", body)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def bought(person: Person, offer: dict[str, Any]) -> dict[str, Any]:
    """The pack as it is told when its payment is verified."""
    api = Api(person)
    held = api.post("/session-packs/purchase", {"offerId": offer["id"]})
    assert held.status_code == 201, held.content
    order = {"orderId": held.json()["orderId"], "paymentMode": "mock"}
    told = api.post("/session-payments/verify", order)
    assert told.status_code == 200, told.content
    pack: dict[str, Any] = told.json()["pack"]
    return pack


def test_a_mentor_offers_and_changes_a_pack(maya: Mentor, tom: Person) -> None:
    hour = make.session_type(maya, price=30_000)
    offer = offered_of(maya, hour)
    assert (offer["price"], offer["saving"], offer["validityDays"]) == (100_000, 20_000, 45)
    listed = Api(tom).get(f"/pack-offers?mentorId={maya.handle}").json()["items"]
    assert [each["id"] for each in listed] == [offer["id"]]
    off = Api(maya.person).patch(f"/pack-offers/{offer['id']}", {"isActive": False})
    assert off.json()["isActive"] is False
    assert Api(tom).get(f"/pack-offers?mentorId={maya.handle}").json()["items"] == []
    assert len(Api(maya.person).get("/pack-offers").json()["items"]) == 1


def offered_of(maya: Mentor, of: SessionType) -> dict[str, Any]:
    body = {"sessionTypeId": of.reference, "title": "Four", "sessions": 4, "validityDays": 45}
    made: dict[str, Any] = Api(maya.person).post("/pack-offers", body | {"price": 100_000}).json()
    return made


def test_what_is_wrong_with_an_offer_is_said_at_its_field(maya: Mentor) -> None:
    body = {"sessionTypeId": "TYPE-1", "title": "", "sessions": 0, "validityDays": 0, "price": -1}
    answer = Api(maya.person).post("/pack-offers", body)
    assert problem(answer) == (422, "invalid")
    assert set(faults(answer)) == {"sessionTypeId", "title", "sessions", "validityDays", "price"}


def test_a_pack_is_bought_and_verified_like_a_session(tom: Person, offer: dict[str, Any]) -> None:
    held = Api(tom).post("/session-packs/purchase", {"offerId": offer["id"]}).json()
    assert (held["status"], held["amount"], held["currency"]) == ("held", 100_000, "INR")
    assert (held["provider"], held["expiresAt"]) == ("mock", "2026-03-02T06:45:00Z")
    told = Api(tom).post(
        "/session-payments/verify", {"orderId": held["orderId"], "paymentMode": "mock"}
    )
    pack = told.json()["pack"]
    assert (told.json()["status"], told.json()["session"]) == ("paid", None)
    assert (pack["status"], pack["sessionsLeft"], pack["sessionsTotal"]) == ("active", 4, 4)
    again = Api(tom).post(
        "/session-payments/verify", {"orderId": held["orderId"], "paymentMode": "mock"}
    )
    assert again.json()["paymentId"] == told.json()["paymentId"]


def test_a_failed_try_leaves_the_pack_payable(tom: Person, offer: dict[str, Any]) -> None:
    api = Api(tom)
    order = api.post("/session-packs/purchase", {"offerId": offer["id"]}).json()["orderId"]
    made = api.post("/session-payments/create", {"orderId": order})
    assert made.json()["orderId"] == order
    tried = {"orderId": order, "paymentMode": "mock", "outcome": "failure"}
    assert problem(api.post("/session-payments/verify", tried)) == (422, "payment_not_verified")
    won = api.post("/session-payments/verify", tried | {"outcome": "success"})
    assert won.json()["pack"]["sessionsLeft"] == 4


def test_an_order_of_a_pack_is_not_taken_for_a_sessions(
    maya: Mentor, tom: Person, offer: dict[str, Any], now: Any
) -> None:
    api = Api(tom)
    session = make.booked(maya, tom, starts_at=NOW + DAY - timedelta(hours=2), now=NOW)
    order = api.post("/session-packs/purchase", {"offerId": offer["id"]}).json()["orderId"]
    told = {"orderId": order, "paymentMode": "mock", "sessionId": session.reference}
    assert problem(api.post("/session-payments/verify", told)) == (422, "invalid")


def test_a_pack_books_without_a_session_type(
    maya: Mentor, tom: Person, offer: dict[str, Any]
) -> None:
    pack = bought(tom, offer)
    wanted = {"mentorId": maya.handle, "scheduledAt": TUESDAY_AT_TEN}
    answer = Api(tom).post("/sessions/book", wanted)
    assert answer.status_code == 201, answer.content
    session = answer.json()["session"]
    assert answer.json()["requiresPayment"] is False
    assert (session["paymentMode"], session["paymentStatus"]) == ("pack", "paid")
    assert (session["sessionPackId"], session["sessionStatus"]) == (pack["id"], "scheduled")
    read = Api(tom).get(f"/session-packs/{pack['id']}").json()
    assert (read["sessionsLeft"], [line["kind"] for line in read["ledger"]]) == (
        3,
        ["buy", "spend"],
    )
    shown = Api(tom).get(f"/sessions/{session['id']}").json()
    assert shown["sessionPackId"] == pack["id"]


def test_a_pack_is_named_or_asked_for(maya: Mentor, tom: Person, offer: dict[str, Any]) -> None:
    pack = bought(tom, offer)
    wanted = {"mentorId": maya.handle, "scheduledAt": TUESDAY_AT_TEN}
    named = Api(tom).post("/sessions/book", wanted | {"sessionPackId": pack["id"].lower()})
    assert named.json()["session"]["sessionPackId"] == pack["id"]
    asked = wanted | {"sessionTypeId": offer["sessionTypeId"], "usePack": True}
    asked["scheduledAt"] = "2026-03-03T05:30:00Z"
    assert Api(tom).post("/sessions/book", asked).json()["session"]["paymentMode"] == "pack"
    unasked = asked | {"usePack": False, "scheduledAt": "2026-03-03T06:30:00Z"}
    assert Api(tom).post("/sessions/book", unasked).json()["session"]["paymentMode"] == "none"


def test_refusals_have_their_codes(
    maya: Mentor, tom: Person, lena: Person, offer: dict[str, Any], clock: time_machine.Traveller
) -> None:
    wanted = {"mentorId": maya.handle, "scheduledAt": TUESDAY_AT_TEN}
    assert problem(Api(tom).post("/sessions/book", wanted)) == (409, "no_pack_session")
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    pack = bought(tom, offer)
    full = Api(lena).post("/session-packs/purchase", {"offerId": offer["id"]})
    assert problem(full) == (409, "seats_full")
    assert Order.objects.filter(payer=lena).count() == 0
    Pack.objects.update(expires_at=NOW + timedelta(hours=1))
    assert problem(Api(tom).post("/sessions/book", wanted)) == (409, "pack_expired")
    Pack.objects.update(expires_at=NOW + 45 * DAY)
    Seat.objects.update(status="released", released_at=NOW)
    assert problem(Api(tom).post("/sessions/book", wanted)) == (409, "seat_not_active")
    own = Api(maya.person).post("/session-packs/purchase", {"offerId": offer["id"]})
    assert problem(own) == (403, "own_profile")
    assert pack["status"] == "active"
    assert Session.objects.count() == 0


def test_lists_are_by_mentor(maya: Mentor, kiri: Mentor, tom: Person, zoe: Person) -> None:
    mayas, kiris = bought(tom, offered(maya)), bought(tom, offered(kiri))
    api = Api(tom)
    for path in ("/session-packs/me", "/session-packs/me/active"):
        assert ids(api.get(path)) == {mayas["id"], kiris["id"]}
        assert ids(api.get(f"{path}?mentorId=maya-rao")) == {mayas["id"]}
    assert len(api.get("/seats/me").json()["items"]) == 2
    assert len(api.get("/seats/me?mentorId=maya-rao").json()["items"]) == 1
    assert len(api.get("/mentorships/me").json()["items"]) == 2
    (one,) = api.get("/mentorships/me?mentorId=maya-rao").json()["items"]
    assert (one["sessionsLeft"], one["seat"]["status"], one["canBook"]) == (4, "active", True)
    assert Api(zoe).get("/mentorships/me").json()["items"] == []
    assert [
        each["mentee"]["name"]
        for each in Api(maya.person).get("/mentorships/mentees").json()["items"]
    ] == [tom.name]


def ids(answer: Any) -> set[str]:
    return {each["id"] for each in answer.json()["items"]}


def test_seats_are_shown_to_everybody(maya: Mentor, tom: Person, offer: dict[str, Any]) -> None:
    assert Api().get("/seats/availability/maya-rao").json()["free"] is None
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    before = Api().get("/seats/availability/maya-rao").json()
    assert (before["total"], before["free"], before["available"]) == (1, 1, True)
    bought(tom, offer)
    after = Api().get("/seats/availability/maya-rao").json()
    assert (after["used"], after["free"], after["available"]) == (1, 0, False)
    profile = Api().get("/mentors/maya-rao").json()
    assert profile["seats"] == {"total": 1, "used": 1, "free": 0}
    assert (profile["acceptsNewMentees"], len(profile["packs"])) == (False, 1)


def test_who_waits_gets_the_next_seat_for_a_day(
    maya: Mentor, tom: Person, lena: Person, zoe: Person, clock: time_machine.Traveller
) -> None:
    offer = offered(maya, validityDays=5)
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    assert problem(Api(lena).post("/seats/waitlist/maya-rao")) == (409, "not_possible")
    bought(tom, offer)
    waits = Api(lena).post("/seats/waitlist/maya-rao")
    assert (waits.status_code, waits.json()["yourPosition"]) == (201, 1)
    later = NOW + 8 * DAY
    clock.move_to(later)
    renewals.tend(now=later)
    stranger = Api(zoe).post("/session-packs/purchase", {"offerId": offer["id"]})
    assert problem(stranger) == (409, "seats_full")
    seat_line.tend_due(now=later)
    assert Api(lena).get("/seats/availability/maya-rao").json()["offeredUntil"] is not None
    assert bought(lena, offer)["status"] == "active"
    assert Api(lena).get("/seats/availability/maya-rao").json()["waiting"] == 0


def test_a_mentor_refunds_what_is_unused(maya: Mentor, tom: Person, offer: dict[str, Any]) -> None:
    pack = bought(tom, offer)
    Api(tom).post("/sessions/book", {"mentorId": maya.handle, "scheduledAt": TUESDAY_AT_TEN})
    api = Api(maya.person)
    quote = api.get(f"/session-packs/{pack['id']}/refund-quote").json()
    assert (quote["sessions"], quote["lines"][0]["amount"]) == (3, 75_000)
    assert problem(Api(tom).post(f"/session-packs/{pack['id']}/refund")) == (403, "not_allowed")
    assert api.post(f"/session-packs/{pack['id']}/refund").json() == quote
    assert problem(api.post(f"/session-packs/{pack['id']}/refund")) == (409, "not_possible")
    assert shop.seat(tom, maya).status == "released"


def test_a_strangers_pack_is_not_there(
    maya: Mentor, tom: Person, zoe: Person, offer: dict[str, Any]
) -> None:
    pack = bought(tom, offer)
    for path in (f"/session-packs/{pack['id']}", f"/session-packs/{pack['id']}/refund-quote"):
        assert problem(Api(zoe).get(path)) == (404, "not_found")
        assert problem(Api().get(path)) == (401, "not_signed_in")


def test_a_pack_without_a_price_needs_no_payment(maya: Mentor, tom: Person) -> None:
    offer = offered(maya, price=0)
    told = Api(tom).post("/session-packs/purchase", {"offerId": offer["id"]}).json()
    assert (told["status"], told["orderId"], told["requiresPayment"]) == ("paid", None, False)
    assert told["packId"].startswith("PACK-")
