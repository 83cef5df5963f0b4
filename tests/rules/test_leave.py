"""Leaving a group session: what comes back, and who has the place then."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base.errors import Refusal
from openmentor.booking import joining, sessions, settlement
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor
from openmentor.payments.models import LedgerEntry, Order, Refund
from openmentor.people.models import Person
from tests import make
from tests.rules.test_join import captured, order_of, state

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
PRICE = 50_000


def paid(session: Session, mentee: Person, now: datetime) -> Booking:
    booking = joining.join(session.reference, by=mentee, now=now)
    settlement.settle(order_of(booking).pk, captured(order_of(booking)), now=now)
    return booking


@pytest.mark.parametrize(
    ("before", "back", "status"),
    [
        (timedelta(hours=24), PRICE, "refunded"),
        (timedelta(hours=2), PRICE // 2, "partially_refunded"),
        (timedelta(hours=1), 0, "paid"),
    ],
)
def test_what_comes_back_is_what_the_policy_of_the_booking_says(
    *, maya: Mentor, tom: Person, now: datetime, before: timedelta, back: int, status: str
) -> None:
    session = make.group(maya, starts_at=START, price=PRICE)
    booking = paid(session, tom, now)
    Mentor.objects.update(refund_policy="strict")
    at = START - before
    assert joining.leave_quote(session.reference, by=tom, now=at).amount_minor == back
    joining.leave(session.reference, by=tom, expecting=back, now=at)
    booking.refresh_from_db()
    assert (booking.status, booking.payment_status) == ("cancelled", status)
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == back
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 0
    assert state(session) == ("open", 0)


def test_a_full_session_opens_again(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.group(maya, starts_at=START, capacity=1)
    joining.join(session.reference, by=tom, now=now)
    assert state(session) == ("full", 1)
    joining.leave(session.reference, by=tom, now=now)
    assert state(session) == ("open", 0)


def test_leaving_while_the_place_is_held_ends_its_order(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, price=PRICE)
    booking = joining.join(session.reference, by=tom, now=now)
    joining.leave(session.reference, by=tom, now=now)
    assert order_of(booking).status == Order.Status.EXPIRED
    settlement.settle(order_of(booking).pk, captured(order_of(booking)), now=now)
    assert [refund.reason for refund in Refund.objects.all()] == ["late"]
    assert state(session) == ("open", 0)


def test_who_left_can_come_back(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.group(maya, starts_at=START)
    for _ in range(3):
        joining.join(session.reference, by=tom, now=now)
        joining.leave(session.reference, by=tom, now=now)
    assert state(session) == ("open", 0)


def test_a_refund_that_has_changed_is_shown_again(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.group(maya, starts_at=START, price=PRICE)
    paid(session, tom, now)
    with pytest.raises(Refusal) as refusal:
        joining.leave(session.reference, by=tom, expecting=PRICE, now=START - timedelta(hours=3))
    assert (refusal.value.code, refusal.value.data["amount"]) == ("refund_changed", PRICE // 2)
    assert (Refund.objects.count(), *state(session)) == (0, "open", 1)


@pytest.mark.parametrize(
    ("who", "at", "code"),
    [
        ("tom", START, "too_late"),
        ("zoe", START - timedelta(days=1), "not_possible"),
        ("host", START - timedelta(days=1), "not_possible"),
    ],
)
def test_leaving_is_refused(
    *, maya: Mentor, tom: Person, zoe: Person, now: datetime, who: str, at: datetime, code: str
) -> None:
    session = make.group(maya, starts_at=START)
    joining.join(session.reference, by=tom, now=now)
    by = {"tom": tom, "zoe": zoe, "host": maya.person}[who]
    with pytest.raises(Refusal) as refusal:
        joining.leave(session.reference, by=by, now=at)
    assert (refusal.value.code, *state(session)) == (code, "open", 1)


def test_cancelling_as_a_participant_is_leaving(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, price=PRICE)
    paid(session, tom, now)
    paid(session, lena, now)
    assert sessions.cancel_quote(session.reference, by=tom, now=now).amount_minor == PRICE
    sessions.cancel(session.reference, by=tom, reason="Ill", now=now)
    assert state(session) == ("open", 1)
    assert Refund.objects.count() == 1


def test_the_hosts_cancelling_pays_everybody_back_in_full(
    maya: Mentor, tom: Person, lena: Person, zoe: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, capacity=2, price=PRICE)
    paid(session, tom, now)
    joining.join(session.reference, by=lena, now=now)
    joining.wait(session.reference, by=zoe, now=now)
    late = START - timedelta(minutes=5)
    sessions.cancel(session.reference, by=maya.person, reason="Ill", now=late)
    session.refresh_from_db()
    assert (state(session), session.cancelled_by) == (("cancelled", 0), "mentor")
    assert [refund.amount_minor for refund in Refund.objects.all()] == [PRICE]
    assert list(session.bookings.values_list("status", flat=True)) == ["cancelled", "cancelled"]
    assert zoe.waiting.get().status == "expired"
