"""Which checkout a payer gets, and what its page may load: nothing that it does not need."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments.models import Order
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import links, words

Queries = Callable[[int], AbstractContextManager[object]]
TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""
THURSDAY_AT_TEN = TUESDAY_AT_TEN + timedelta(days=2)
PRICE = 150_000


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def held(maya: Mentor, tom: Person) -> Booking:
    """Tom's place with Maya on Thursday at ten, waiting to be paid."""
    return make.held(maya, tom, starts_at=THURSDAY_AT_TEN, price=PRICE, now=NOW)


@pytest.fixture
def toms(client: Client, tom: Person) -> Client:
    """Tom's browser."""
    client.force_login(tom)
    return client


def page_of(booking: Booking, page: str = "/payment") -> str:
    return f"/sessions/{booking.session.reference}{page}"


def state(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.status, booking.payment_status


RAZORPAY = {
    "key_id": "rzp_test_1",
    "key_secret": "secret",
    "webhook_secret": "secret",
    "base_url": "https://api.razorpay.com",
    "checkout_url": "https://checkout.razorpay.com/v1/checkout.js",
    "timeout": 1,
}
STRIPE = {
    "secret_key": "sk_test_1",
    "webhook_secret": "secret",
    "base_url": "https://api.stripe.com",
    "checkout_url": "https://checkout.stripe.com",
    "timeout": 1,
}


def test_the_payer_chooses_among_several_ways(toms: Client, held: Booking, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = {"stripe": STRIPE, "mock": {}}
    page = toms.get(page_of(held))
    assert "How would you like to pay?" in words(page)
    html = page.content.decode()
    assert [way in html for way in ('value="stripe"', 'value="mock"')] == [True, True]
    answer = toms.post(page_of(held), {"provider": "mock"})
    assert (answer.status_code, answer["Location"]) == (303, page_of(held) + "?open=yes#pay")
    chosen = toms.get(page_of(held))
    assert "Pay with play money" in words(chosen)
    assert links(chosen, "choose") == [page_of(held) + "?choose=yes#pay"]
    assert "How would you like to pay?" in words(toms.get(page_of(held), {"choose": "yes"}))


def test_a_way_that_is_not_enabled_is_refused(toms: Client, held: Booking) -> None:
    answer = toms.post(page_of(held), {"provider": "stripe"})
    assert answer.status_code == 422
    assert state(held) == ("held", "pending")


def test_without_any_way_to_pay_the_page_says_so(
    toms: Client, held: Booking, settings: Any
) -> None:
    settings.PAYMENT_PROVIDERS = {}
    assert "Paying is not possible at the moment" in words(toms.get(page_of(held)))


def policy(answer: Any) -> dict[str, list[str]]:
    lines = (line.split() for line in answer["Content-Security-Policy"].split("; "))
    return {name: sources for name, *sources in lines}


def test_the_strict_policy_stays_for_play_money(toms: Client, held: Booking) -> None:
    assert policy(toms.get(page_of(held))) == policy(toms.get("/my-sessions"))


def test_stripe_may_only_be_gone_to(toms: Client, held: Booking, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = {"stripe": STRIPE}
    usual = policy(toms.get("/my-sessions"))
    assert policy(toms.get(page_of(held))) == usual | {
        "form-action": ["'self'", "https://checkout.stripe.com"]
    }


def test_razorpay_gets_what_its_checkout_needs_and_only_once_it_is_open(
    toms: Client, held: Booking, settings: Any
) -> None:
    settings.PAYMENT_PROVIDERS = {"razorpay": RAZORPAY}
    usual = policy(toms.get("/my-sessions"))
    assert policy(toms.get(page_of(held))) == usual
    made = {"script": RAZORPAY["checkout_url"], "options": {"key": "rzp_test_1"}}
    Order.objects.update(provider="razorpay", provider_order_id="order_1", checkout=made)
    page = toms.get(page_of(held))
    script, frame = "https://checkout.razorpay.com", "https://api.razorpay.com"
    own = "https://cdn.razorpay.com"
    reports = ["https://lumberjack.razorpay.com", "https://lumberjack-metrics.razorpay.com"]
    assert policy(page) == usual | {
        "script-src": ["'self'", script, own],
        "style-src": ["'self'", "'unsafe-inline'"],
        "frame-src": [frame, script],
        "connect-src": ["'self'", frame, *reports],
        "img-src": ["'self'", "data:", script, own],
    }
    assert page["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    html = page.content.decode()
    assert f'<script defer src="{RAZORPAY["checkout_url"]}">' in html
    assert "Razorpay needs JavaScript" in html
    assert policy(toms.get("/my-sessions")) == usual
