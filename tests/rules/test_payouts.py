"""What mentors are owed, and how it is marked as handed over."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from openmentor.base.errors import Invalid, NotAllowed, NotFound
from openmentor.base.models import Event
from openmentor.booking import checkout, sessions
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments import earnings, ledger, payouts
from openmentor.payments.earnings import Statement
from openmentor.payments.models import LedgerEntry, Payout
from openmentor.people.models import Person
from tests import make

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
pytestmark = pytest.mark.django_db


@pytest.fixture
def mentor(db: None) -> Mentor:
    return make.mentor("Maya Rao", timezone="UTC")


def sold(mentor: Mentor, *, price: int, currency: str = "INR", number: int = 0) -> Booking:
    """A place that somebody bought and paid."""
    starts_at = START + number * HALF_HOUR
    return make.paid(
        mentor, make.person(), starts_at=starts_at, price=price, currency=currency, now=NOW
    )


def pay(
    mentor: Mentor, amount: int, *, by: Person, currency: str = "INR", note: str = ""
) -> Payout:
    return payouts.mark_paid(
        mentor.pk, amount_minor=amount, currency=currency, note=note, by=by, now=NOW
    )


def statement(mentor: Mentor) -> Statement:
    [only] = earnings.statements(mentor.pk)
    return only


def test_what_was_paid_is_owed_without_the_commission(mentor: Mentor, settings: Any) -> None:
    settings.COMMISSION_BASIS_POINTS = 1_000
    sold(mentor, price=150_005)
    assert statement(mentor) == Statement(
        currency="INR", earned=150_005, commission=15_001, refunded=0, paid_out=0, owed=135_004
    )


def test_a_refund_takes_its_part_of_everything(mentor: Mentor, settings: Any) -> None:
    settings.COMMISSION_BASIS_POINTS = 1_000
    booking = sold(mentor, price=100_000)
    late = START - timedelta(hours=3)
    sessions.cancel(booking.session.reference, by=booking.mentee, now=late)
    assert statement(mentor) == Statement(
        currency="INR", earned=100_000, commission=5_000, refunded=50_000, paid_out=0, owed=45_000
    )


def test_a_payout_is_written_down_once_in_every_book(mentor: Mentor, staff: Person) -> None:
    sold(mentor, price=100_000)
    payout = pay(mentor, 40_000, by=staff, note=" UTR 123 ")
    assert (payout.amount_minor, payout.currency, payout.note) == (40_000, "INR", "UTR 123")
    assert (statement(mentor).paid_out, statement(mentor).owed) == (40_000, 60_000)
    lines = LedgerEntry.objects.filter(payout=payout).order_by("amount_minor")
    assert [(line.account, line.amount_minor) for line in lines] == [
        (f"paid_out:{mentor.pk}", -40_000),
        (f"mentor:{mentor.pk}", 40_000),
    ]
    event = Event.objects.get(subject="payout", subject_id=payout.pk)
    assert (event.name, event.actor_id, event.at) == ("payout.paid", staff.pk, NOW)
    assert event.data == {"mentor": mentor.pk, "amount": 40_000, "currency": "INR"}


@pytest.mark.parametrize(
    ("amount", "currency", "note", "field"),
    [
        (100_001, "INR", "", "amount"),
        (0, "INR", "", "amount"),
        (-1, "INR", "", "amount"),
        (1, "EUR", "", "amount"),
        (1, "INR", "n" * 201, "note"),
    ],
)
def test_what_is_not_owed_cannot_be_paid(
    mentor: Mentor, staff: Person, *, amount: int, currency: str, note: str, field: str
) -> None:
    sold(mentor, price=100_000)
    with pytest.raises(Invalid) as refusal:
        pay(mentor, amount, by=staff, currency=currency, note=note)
    assert [error["field"] for error in refusal.value.data["errors"]] == [field]
    assert not Payout.objects.exists()
    assert statement(mentor).owed == 100_000


def test_only_staff_marks_payouts(mentor: Mentor) -> None:
    sold(mentor, price=100_000)
    with pytest.raises(NotAllowed):
        pay(mentor, 1, by=mentor.person)
    assert not Payout.objects.exists()


def test_a_mentor_who_is_not_there_is_not_found(staff: Person) -> None:
    with pytest.raises(NotFound):
        payouts.mark_paid(0, amount_minor=1, currency="INR", by=staff, now=NOW)


def test_what_is_due_is_listed_by_mentor_and_currency(mentor: Mentor, staff: Person) -> None:
    other = make.mentor("Aroha Ngata", timezone="UTC")
    sold(mentor, price=100_000)
    sold(mentor, price=5_000, currency="JPY", number=1)
    sold(mentor, price=1_500, currency="KWD", number=2)
    sold(other, price=700, currency="EUR")
    pay(mentor, 100_000, by=staff)
    found = [(one.mentor, one.currency, one.amount_minor) for one in payouts.due()]
    assert found == [(other, "EUR", 700), (mentor, "JPY", 5_000), (mentor, "KWD", 1_500)]


def test_a_refund_after_the_payout_is_taken_off_the_next_earnings(
    mentor: Mentor, staff: Person
) -> None:
    booking = sold(mentor, price=100_000)
    pay(mentor, 100_000, by=staff)
    sessions.cancel(booking.session.reference, by=mentor.person, now=NOW)
    assert ledger.owed(mentor.pk) == {"INR": -100_000}
    with pytest.raises(Invalid):
        pay(mentor, 1, by=staff)


def test_late_money_that_went_back_was_never_the_mentors(mentor: Mentor) -> None:
    buyer = make.person()
    booking = make.held(mentor, buyer, starts_at=START, price=100_000, now=NOW)
    order, _ = checkout.begin(booking.session.reference, payer=buyer, now=NOW)
    sessions.cancel(booking.session.reference, by=buyer, now=NOW)
    checkout.verify(order.reference, payer=buyer, returned={}, now=NOW)
    assert earnings.statements(mentor.pk) == []
    assert list(earnings.postings(mentor.pk)) == []


def test_every_entry_adds_up_to_what_is_owed(mentor: Mentor, staff: Person, settings: Any) -> None:
    settings.COMMISSION_BASIS_POINTS = 777
    bookings = [sold(mentor, price=99_999, number=number) for number in range(3)]
    sessions.cancel(
        bookings[0].session.reference, by=bookings[0].mentee, now=START - timedelta(hours=3)
    )
    pay(mentor, 10_000, by=staff)
    lines = [earnings.line(posting) for posting in earnings.postings(mentor.pk)]
    assert sorted(line.cause for line in lines) == ["capture"] * 3 + ["payout", "refund"]
    assert all(line.gross - line.commission == line.net for line in lines)
    assert sum(line.net for line in lines) == statement(mentor).owed


@pytest.mark.django_db(transaction=True)
def test_two_payouts_at_once_never_exceed_what_is_owed(mentor: Mentor, staff: Person) -> None:
    sold(mentor, price=100_000)
    both, refused = Barrier(2), []

    def run() -> None:
        both.wait()
        try:
            pay(mentor, 60_000, by=staff)
        except Invalid as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Payout.objects.count(), len(refused)) == (1, 1)
    assert ledger.owed(mentor.pk) == {"INR": 40_000}
