"""The check of the books: silent when all is right, and it names whatever is made wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from openmentor.base.models import Event
from openmentor.booking import audit, checkout, sessions, settlement
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments import audit as books
from openmentor.payments import payouts, refunds
from openmentor.payments.models import Payment
from openmentor.people.models import Person
from tests import make

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def mentor(db: None) -> Mentor:
    return make.mentor("Maya Rao", timezone="UTC")


@pytest.fixture
def paid(mentor: Mentor) -> Booking:
    """A booking that was paid, and that half was given back of."""
    booking = make.paid(mentor, make.person("Tom"), starts_at=START, now=NOW)
    sessions.cancel(booking.session.reference, by=booking.mentee, now=START - timedelta(hours=3))
    return booking


def found() -> dict[str, list[str]]:
    return {finding.sentence: finding.ids for finding in audit.check(now=NOW)}


def corrupt(sql: str) -> None:
    """Change the tables behind the back of triggers and verbs."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_nothing_is_found_when_everything_has_happened(mentor: Mentor, staff: Person) -> None:
    """Paid, failed, late and lost, late and in time, cancelled by each side, missed, paid out."""
    days = [START + timedelta(days=number) for number in (0, 1, 2, 5, 6, 7, 8)]
    kept, early, late, theirs, missed, lost, unpaid = (
        make.held(mentor, make.person(), starts_at=day, price=100_001, now=NOW) for day in days
    )
    for booking in (kept, early, late, theirs, missed):
        pay(booking)
    sessions.cancel(early.session.reference, by=early.mentee, now=NOW)
    sessions.cancel(late.session.reference, by=late.mentee, now=late.starts_at - timedelta(hours=3))
    sessions.cancel(theirs.session.reference, by=mentor.person, now=NOW)
    sessions.mark_no_show(
        missed.session.reference, by=missed.mentee, now=missed.starts_at + timedelta(minutes=15)
    )
    settlement.expire_due(now=NOW + timedelta(minutes=15))
    make.session(mentor, make.person(), starts_at=lost.starts_at)
    order = settlement.orders_of(lost.session, lost.mentee)[0]
    checkout.verify(order.reference, payer=lost.mentee, returned={}, now=NOW + timedelta(hours=1))
    refunds.carry_out_due(now=NOW)
    payouts.mark_paid(mentor.pk, amount_minor=7, currency="INR", by=staff, now=NOW)
    assert found() == {}
    unpaid.refresh_from_db()
    assert unpaid.status == Booking.Status.EXPIRED


def pay(booking: Booking) -> None:
    order, _ = checkout.begin(booking.session.reference, payer=booking.mentee, now=NOW)
    checkout.verify(order.reference, payer=booking.mentee, returned={}, now=NOW)


@pytest.mark.parametrize(
    ("sql", "sentences"),
    [
        (
            "UPDATE payments_ledgerentry SET amount_minor = 1 WHERE refund_id > 0",
            [
                "Every posting sums to zero.",
                "The ledger sums to zero in every currency.",
                "Every refund is in the ledger.",
            ],
        ),
        (
            "DELETE FROM payments_ledgerentry WHERE cause = 'capture'",
            ["Every payment is in the ledger, with the mentor's and the operator's part."],
        ),
        (
            "UPDATE payments_ledgerentry SET payment_id = NULL WHERE cause = 'capture'",
            [
                "Every line of the ledger says which payment or payout it is about.",
                "Every payment is in the ledger, with the mentor's and the operator's part.",
            ],
        ),
        (
            "DELETE FROM payments_ledgerentry WHERE cause = 'refund'",
            ["Every refund is in the ledger."],
        ),
        (
            "UPDATE payments_payment SET refunded_minor = refunded_minor - 1",
            [
                "Every payment has given back the sum of its refunds.",
                "Every cancelled booking gave back what its policy says, or all of it.",
            ],
        ),
        (
            "UPDATE payments_order SET amount_minor = amount_minor + 1",
            ["Every paid order has one payment of its amount, and its status says what came back."],
        ),
        (
            "UPDATE payments_order SET status = 'paid'",
            ["Every paid order has one payment of its amount, and its status says what came back."],
        ),
        (
            "UPDATE booking_booking SET status = 'held', hold_until = now()",
            ["Money that settled an order is a live paid booking, or a refund of it."],
        ),
        (
            "UPDATE booking_booking SET status = 'confirmed'",
            ["Money that settled an order is a live paid booking, or a refund of it."],
        ),
        (
            "UPDATE booking_booking SET payment_status = 'paid'",
            ["Money that settled an order is a live paid booking, or a refund of it."],
        ),
        (
            "UPDATE booking_booking SET currency = 'EUR'",
            ["Every paid booking has captured money of its amount and currency."],
        ),
        (
            "UPDATE booking_booking SET payment_reference = 'PAY-00000000'",
            [
                "Money that settled an order is a live paid booking, or a refund of it.",
                "Every paid booking has captured money of its amount and currency.",
            ],
        ),
        (
            "UPDATE booking_booking SET refund_policy = 'strict'",
            ["Every cancelled booking gave back what its policy says, or all of it."],
        ),
    ],
)
def test_whatever_is_made_wrong_is_found(paid: Booking, sql: str, sentences: list[str]) -> None:
    corrupt(sql)
    assert sorted(found()) == sorted(sentences)


def test_a_place_that_nobody_paid_is_found(mentor: Mentor) -> None:
    booking = make.held(mentor, make.person(), starts_at=START, now=NOW)
    corrupt("UPDATE booking_booking SET status = 'confirmed'")
    assert found() == {"Nobody has a place with a price that was not paid.": [booking.reference]}


def test_money_for_nothing_that_stays_is_found(mentor: Mentor) -> None:
    booking = make.held(mentor, make.person(), starts_at=START, now=NOW)
    sessions.cancel(booking.session.reference, by=booking.mentee, now=NOW)
    order = settlement.orders_of(booking.session, booking.mentee)[0]
    checkout.verify(order.reference, payer=booking.mentee, returned={}, now=NOW)
    corrupt("DELETE FROM payments_ledgerentry WHERE refund_id IS NOT NULL")
    corrupt("DELETE FROM payments_refund")
    corrupt("UPDATE payments_payment SET refunded_minor = 0")
    assert found() == {
        "Money that came for nothing goes back in full.": [Payment.objects.get().reference]
    }


def test_a_payout_outside_of_the_ledger_is_found(
    mentor: Mentor, paid: Booking, staff: Person
) -> None:
    payouts.mark_paid(mentor.pk, amount_minor=1, currency="INR", by=staff, now=NOW)
    corrupt("DELETE FROM payments_ledgerentry WHERE payout_id IS NOT NULL")
    assert found() == {"Every payout is in the ledger.": [f"{mentor.handle} on 2026-03-02"]}


def test_a_finding_counts_all_and_names_the_first() -> None:
    finding = books.found_in("All is well.", [f"ORDER-{number:08}" for number in range(30)])
    assert (finding.count, len(finding.ids)) == (30, 20)


def test_the_latest_result_is_kept_for_the_staff(paid: Booking) -> None:
    assert audit.latest() is None
    audit.check(now=NOW)
    corrupt("UPDATE booking_booking SET payment_status = 'paid'")
    [finding] = audit.check(now=NOW + timedelta(hours=1))
    latest = audit.latest()
    assert latest is not None
    assert (latest.name, latest.at) == ("books.disagreed", NOW + timedelta(hours=1))
    assert latest.data == {
        "findings": [{"sentence": finding.sentence, "count": 1, "ids": finding.ids}]
    }
    assert Event.objects.filter(subject="books", name="books.agreed").count() == 1
