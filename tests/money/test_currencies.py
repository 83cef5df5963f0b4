"""Yen without decimals, dinars with three: right to the unit, there and back."""

from datetime import timedelta

import pytest
from pytest_django import Settings
from time_machine import Traveller

from openmentor.base import clock, money
from openmentor.booking import sessions
from openmentor.payments.models import LedgerEntry, Payment
from standins import journal
from standins.remote import Remote
from tests import make
from tests.money.counter import START, Counter, books, cancel, run_jobs, settled_up

pytestmark = pytest.mark.django_db
PRICES = [
    # Price and half of it in our minor units; how many of Stripe's make one of ours; as shown.
    ("INR", 150_001, 75_001, 1, "₹1,500.01"),
    ("JPY", 4_999, 2_500, 1, "¥4,999"),
    ("KWD", 10_010, 5_010, 1, "KWD10.010"),
    ("KWD", 99_990, 50_000, 1, "KWD99.990"),
    ("BHD", 10, 10, 1, "BHD0.010"),
    ("ISK", 701, 351, 100, "ISK701"),
    ("UGX", 5, 3, 100, "UGX5"),
]


@pytest.mark.parametrize(("currency", "price", "half", "cents", "shown"), PRICES)
@pytest.mark.parametrize("provider", ["razorpay", "stripe"])
def test_a_price_is_charged_booked_and_halved_to_the_unit(
    *,
    remotes: list[Remote],
    turned: Traveller,
    settings: Settings,
    provider: str,
    currency: str,
    price: int,
    half: int,
    cents: int,
    shown: str,
) -> None:
    settings.COMMISSION_BASIS_POINTS = 1_250
    counter = Counter(remotes, turned, price=price, currency=currency)
    book = counter.remotes[provider].book
    theirs = cents if provider == "stripe" else 1
    booking = counter.paid(make.person(), provider)
    assert money.display(booking.amount_minor, currency).replace("\xa0", "") == shown
    [captured] = journal.facts(book, "captured")
    assert (captured["amount"], captured["currency"].upper()) == (price * theirs, currency)
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.currency) == (price, currency)
    assert books() == {provider: price}
    turned.move_to(START - timedelta(hours=3))
    quote = sessions.cancel_quote(booking.session.reference, by=booking.mentee, now=clock.now())
    assert quote.amount_minor == half
    cancel(booking, booking.mentee)
    run_jobs()
    assert list(counter.remotes[provider].refunded().values()) == [half * theirs]
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 0
    if theirs == 1:
        settled_up(counter)
