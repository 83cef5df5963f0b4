"""Joining a group session: who may, what is held, and when it is full."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openmentor.base.errors import Refusal
from openmentor.base.models import Event
from openmentor.booking import joining, settlement
from openmentor.booking.models import Booking, Group, Session
from openmentor.mentors.models import Mentor
from openmentor.payments.models import Order
from openmentor.payments.providers.interface import Outcome, PaymentReport
from openmentor.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
PRICE = 50_000


def state(session: Session) -> tuple[str, int]:
    session.refresh_from_db()
    return session.status, session.places_taken


def refused(session: Session, by: Person, now: datetime) -> str:
    before = Event.objects.count(), state(session)
    with pytest.raises(Refusal) as refusal:
        joining.join(session.reference, by=by, now=now)
    assert (Event.objects.count(), state(session)) == before
    return refusal.value.code


def join(session: Session, by: Person, now: datetime) -> Booking:
    return joining.join(session.reference, by=by, now=now)


def captured(order: Order, *, payment: str = "") -> PaymentReport:
    return PaymentReport(
        provider_order_id=order.provider_order_id,
        provider_payment_id=payment or f"pay_{order.pk}",
        outcome=Outcome.CAPTURED,
        amount_minor=order.amount_minor,
        currency=order.currency,
    )


def order_of(booking: Booking) -> Order:
    return Order.objects.get(purpose="booking", purpose_id=booking.pk)


def test_a_free_place_is_confirmed_at_once(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.group(maya, starts_at=START)
    booking = join(session, tom, now)
    assert (booking.status, booking.payment_status, booking.place) == ("confirmed", "free", None)
    assert state(session) == ("open", 1)
    assert [event.name for event in Event.objects.all()] == ["booking.confirmed"]


def test_a_paid_place_is_held_for_fifteen_minutes(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.group(maya, starts_at=START, price=PRICE)
    booking = join(session, tom, now)
    order = order_of(booking)
    assert (booking.status, booking.payment_status) == ("held", "pending")
    assert (order.amount_minor, order.expires_at) == (PRICE, now + timedelta(minutes=15))
    settlement.settle(order.pk, captured(order), now=now)
    booking.refresh_from_db()
    assert (booking.status, booking.payment_status) == ("confirmed", "paid")
    assert state(session) == ("open", 1)


def test_the_last_place_makes_it_full(
    maya: Mentor, tom: Person, lena: Person, zoe: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, capacity=2, price=PRICE)
    join(session, tom, now)
    join(session, lena, now)
    assert state(session) == ("full", 2)
    assert refused(session, zoe, now) == "session_full"


def test_a_hold_that_ends_opens_the_door_again(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, capacity=2, price=PRICE)
    join(session, tom, now)
    join(session, lena, now + timedelta(minutes=5))
    assert settlement.expire_due(now=now + timedelta(minutes=15)) == 1
    assert state(session) == ("open", 1)


def test_late_money_has_a_place_that_is_still_free(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, capacity=2, price=PRICE)
    make.booking(session, make.person())
    booking = join(session, tom, now)
    later = now + timedelta(minutes=20)
    settlement.expire_due(now=later)
    settlement.settle(order_of(booking).pk, captured(order_of(booking)), now=later)
    booking.refresh_from_db()
    assert (booking.status, booking.payment_status) == ("confirmed", "paid")
    assert state(session) == ("full", 2)


def test_late_money_for_a_place_that_is_gone_goes_back_once(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, capacity=2, price=PRICE)
    make.booking(session, make.person())
    booking = join(session, tom, now)
    later = now + timedelta(minutes=20)
    settlement.expire_due(now=later)
    join(session, make.person(), later)
    order = order_of(booking)
    payment = settlement.settle(order.pk, captured(order), now=later)
    assert settlement.settle(order.pk, captured(order), now=later) is None
    booking.refresh_from_db()
    assert payment is not None
    assert [(each.reason, each.amount_minor) for each in payment.refunds.all()] == [("late", PRICE)]
    assert (booking.status, *state(session)) == ("expired", "full", 2)


def test_nobody_joins_twice(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.group(maya, starts_at=START)
    join(session, tom, now)
    assert refused(session, tom, now) == "already_joined"


def test_nobody_joins_who_is_busy_then(
    maya: Mentor, kiri: Mentor, tom: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START)
    make.session(kiri, tom, starts_at=START + timedelta(minutes=30))
    assert refused(session, tom, now) == "you_are_busy"


def test_the_host_does_not_join(maya: Mentor, now: datetime) -> None:
    assert refused(make.group(maya, starts_at=START), maya.person, now) == "own_profile"


@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_what_is_over_cannot_be_joined(
    maya: Mentor, tom: Person, now: datetime, status: str
) -> None:
    session = make.group(maya, starts_at=START)
    Session.objects.filter(pk=session.pk).update(status=status)
    assert refused(session, tom, now) == "not_possible"


@pytest.mark.parametrize(
    ("facts", "code"), [({}, "won"), ({"join_until": START - timedelta(hours=1)}, "too_late")]
)
def test_joining_ends_when_the_host_wants_it_to(
    maya: Mentor, tom: Person, facts: dict[str, Any], code: str
) -> None:
    session = make.group(maya, starts_at=START, **facts)
    last = START - timedelta(minutes=1)
    assert (refused(session, tom, last) if facts else "won") == code
    if not facts:
        join(session, tom, last)
    assert refused(session, make.person(), START) == "too_late"


def test_a_mentor_who_paused_takes_nobody(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.group(maya, starts_at=START)
    Mentor.objects.update(paused_at=now)
    assert refused(session, tom, now) == "mentor_unavailable"


@pytest.mark.parametrize(
    ("visibility", "code"), [("public", None), ("unlisted", None), ("private", "not_found")]
)
def test_private_sessions_are_for_the_invited(
    maya: Mentor, tom: Person, now: datetime, visibility: str, code: str | None
) -> None:
    session = make.group(maya, starts_at=START, visibility=visibility)
    if code:
        assert refused(session, tom, now) == code
        Group.objects.get().invitations.create(email=tom.email)
    assert join(session, tom, now).status == "confirmed"


def test_an_address_that_is_not_verified_opens_no_private_session(
    maya: Mentor, now: datetime
) -> None:
    claimed = make.person(verified=False)
    session = make.group(maya, starts_at=START, visibility="private")
    Group.objects.get().invitations.create(email=claimed.email)
    with pytest.raises(Refusal):
        join(session, claimed, now)
    assert state(session) == ("open", 0)
