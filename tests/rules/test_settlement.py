"""What becomes of money: confirmed, sent back, or sent back in part; in every order of events."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base.errors import NotPossible
from openmentor.booking import bookings, checkout, sessions, settlement
from openmentor.booking.models import Booking, Session
from openmentor.booking.refusals import (
    AlreadyPaid,
    HoldOver,
    NothingToPay,
    PaymentNotVerified,
    RefundChanged,
)
from openmentor.mentors.models import Mentor
from openmentor.payments.models import LedgerEntry, Order, Payment, Refund
from openmentor.payments.providers.interface import Outcome, PaymentReport
from openmentor.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
PRICE = 150_000


def bought(mentor: Mentor, mentee: Person, *, starts_at: datetime = START) -> Session:
    priced = make.session_type(mentor, minutes=30, price=PRICE)
    return bookings.book(
        mentee,
        handle=mentor.handle,
        session_type=priced.reference,
        starts_at=starts_at,
        now=NOW,
    )


def order_of(session: Session) -> Order:
    return Order.objects.get(purpose_id=session.bookings.get().pk)


def captured(order: Order, *, amount: int = PRICE, payment: str = "pay_1") -> PaymentReport:
    return PaymentReport(
        provider_order_id=order.provider_order_id,
        provider_payment_id=payment,
        outcome=Outcome.CAPTURED,
        amount_minor=amount,
        currency="INR",
    )


def state(session: Session) -> tuple[str, str, str]:
    session.refresh_from_db()
    booking = session.bookings.get()
    return session.status, booking.status, booking.payment_status


@pytest.fixture
def mentor() -> Mentor:
    return make.mentor("Maya", timezone="UTC")


@pytest.fixture
def mentee() -> Person:
    return make.person("Tom")


def test_a_priced_session_is_held_for_fifteen_minutes(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    assert state(session) == ("scheduled", "held", "pending")
    assert session.bookings.get().hold_until == NOW + timedelta(minutes=15)
    assert order_of(session).expires_at == NOW + timedelta(minutes=15)


def test_the_money_confirms_the_booking_once(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    assert settlement.settle(order.pk, captured(order), now=NOW) is not None
    assert settlement.settle(order.pk, captured(order), now=NOW) is None
    assert state(session) == ("scheduled", "confirmed", "paid")
    order.refresh_from_db()
    assert (order.status, order.receipt_number) == ("paid", 1)
    assert Payment.objects.count() == 1
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 0


def test_a_second_capture_of_a_paid_order_goes_back_in_full(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    settlement.settle(order.pk, captured(order), now=NOW)
    settlement.settle(order.pk, captured(order, payment="pay_2"), now=NOW)
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount_minor) == ("duplicate", PRICE)
    assert state(session) == ("scheduled", "confirmed", "paid")


def test_another_amount_buys_nothing_and_goes_back(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    settlement.settle(order.pk, captured(order, amount=PRICE - 1), now=NOW)
    assert Refund.objects.get().amount_minor == PRICE - 1
    assert state(session) == ("scheduled", "held", "pending")


def test_a_hold_that_ends_frees_the_time(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    early, late = NOW + timedelta(minutes=15, seconds=-1), NOW + timedelta(minutes=15)
    assert settlement.expire_due(now=early) == 0
    assert settlement.expire_due(now=late) == 1
    assert state(session) == ("cancelled", "expired", "pending")
    assert bought(mentor, make.person("Lena")).status == "scheduled"


def test_late_money_takes_a_time_that_is_still_free(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    later = NOW + timedelta(hours=1)
    settlement.expire_due(now=later)
    settlement.settle(order.pk, captured(order), now=later)
    assert state(session) == ("scheduled", "confirmed", "paid")
    assert not Refund.objects.exists()


def test_late_money_for_a_lost_time_goes_back_once(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    later = NOW + timedelta(hours=1)
    settlement.expire_due(now=later)
    make.session(mentor, make.person("Lena"), starts_at=START)
    settlement.settle(order.pk, captured(order), now=later)
    settlement.settle(order.pk, captured(order), now=later)
    assert state(session) == ("cancelled", "expired", "pending")
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount_minor) == ("late", PRICE)


def test_money_for_a_cancelled_booking_goes_back(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    sessions.cancel(session.reference, by=mentee, now=NOW)
    order.refresh_from_db()
    assert order.status == "expired"
    settlement.settle(order.pk, captured(order), now=NOW)
    assert Refund.objects.get().reason == "late"
    assert state(session) == ("cancelled", "cancelled", "pending")


@pytest.mark.parametrize(
    ("ahead", "back"),
    [
        (timedelta(hours=24), PRICE),
        (timedelta(hours=24) - timedelta(seconds=1), PRICE // 2),
        (timedelta(hours=2), PRICE // 2),
        (timedelta(hours=2) - timedelta(seconds=1), 0),
    ],
)
def test_a_mentee_who_cancels_gets_what_the_policy_says(
    mentor: Mentor, mentee: Person, ahead: timedelta, back: int
) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    settlement.settle(order.pk, captured(order), now=NOW)
    now = START - ahead
    quote = sessions.cancel_quote(session.reference, by=mentee, now=now)
    assert quote.amount_minor == back
    sessions.cancel(session.reference, by=mentee, expecting=back, now=now)
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == back
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 0


def test_a_refund_that_changed_since_it_was_shown_stops_the_cancelling(
    mentor: Mentor, mentee: Person
) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    settlement.settle(order.pk, captured(order), now=NOW)
    with pytest.raises(RefundChanged):
        sessions.cancel(
            session.reference, by=mentee, expecting=PRICE, now=START - timedelta(hours=23)
        )
    assert state(session) == ("scheduled", "confirmed", "paid")


def test_a_mentor_who_cancels_gives_all_back(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    settlement.settle(order.pk, captured(order), now=NOW)
    sessions.cancel(session.reference, by=mentor.person, now=START - timedelta(minutes=1))
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount_minor) == ("mentor", PRICE)
    assert state(session) == ("cancelled", "cancelled", "refunded")


def test_the_mock_pays_a_held_booking(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order, _ = checkout.begin(session.reference, payer=mentee, now=NOW)
    payment = checkout.verify(order.reference, payer=mentee, returned={}, now=NOW)
    assert payment is not None
    again = checkout.verify(order.reference, payer=mentee, returned={}, now=NOW)
    assert again == payment
    assert state(session) == ("scheduled", "confirmed", "paid")


def test_a_failed_try_leaves_the_order_payable(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order, _ = checkout.begin(session.reference, payer=mentee, now=NOW)
    with pytest.raises(PaymentNotVerified):
        checkout.verify(order.reference, payer=mentee, returned={"outcome": "failure"}, now=NOW)
    assert state(session) == ("scheduled", "held", "failed")
    assert checkout.verify(order.reference, payer=mentee, returned={}, now=NOW) is not None


def test_what_cannot_be_paid_is_refused(mentor: Mentor, mentee: Person) -> None:
    free = make.booked(mentor, mentee, starts_at=START + timedelta(hours=1), now=NOW)
    with pytest.raises(NothingToPay):
        checkout.begin(free.reference, payer=mentee, now=NOW)
    session = bought(mentor, mentee)
    with pytest.raises(HoldOver):
        checkout.begin(session.reference, payer=mentee, now=NOW + timedelta(minutes=15))
    order = order_of(session)
    settlement.settle(order.pk, captured(order), now=NOW)
    with pytest.raises(AlreadyPaid):
        checkout.begin(session.reference, payer=mentee, now=NOW)


def test_an_unpaid_session_cannot_be_moved(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    with pytest.raises(NotPossible):
        sessions.reschedule(
            session.reference, by=mentee, starts_at=START + timedelta(hours=1), now=NOW
        )


def test_meeting_nobody_gives_all_back(mentor: Mentor, mentee: Person) -> None:
    session = bought(mentor, mentee)
    order = order_of(session)
    settlement.settle(order.pk, captured(order), now=NOW)
    sessions.mark_no_show(session.reference, by=mentee, now=START + timedelta(minutes=10))
    assert state(session) == ("no_show", "attended", "refunded")
    assert Booking.objects.get(session=session).amount_minor == PRICE
