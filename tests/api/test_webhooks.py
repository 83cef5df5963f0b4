"""Where providers tell what happened; what they say is tested with their adapters."""

from typing import Any

import pytest
from django.test import Client

from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments.models import ProviderMessage
from openmentor.people.models import Person
from tests import make, rows
from tests.api.client import problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db

RAZORPAY = {
    "key_id": "rzp_test_1",
    "key_secret": "key",
    "webhook_secret": "secret",
    "base_url": "http://127.0.0.1:9",
    "checkout_url": "http://127.0.0.1:9/v1/checkout.js",
    "timeout": 1,
}
STRIPE = {
    "secret_key": "sk_test_1",
    "webhook_secret": "secret",
    "base_url": "http://127.0.0.1:9",
    "checkout_url": "http://127.0.0.1:9",
    "timeout": 1,
}
GARBAGE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"[" * 10_000,
    b'{"event": "payment.captured"}',
    b'{"id": "evt_1", "object": "event", "type": "checkout.session.completed"}',
]


@pytest.fixture
def held(maya: Mentor, tom: Person) -> Booking:
    return make.held(maya, tom, starts_at=NOW.replace(day=5, hour=4), now=NOW)


def tell(provider: str, body: bytes, **headers: str) -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/webhooks/{provider}", body, "application/json", headers=headers)


def test_play_money_sends_no_messages() -> None:
    assert problem(tell("mock", b"{}")) == (422, "message_forged")


@pytest.mark.parametrize("provider", ["paypal", "razorpay", "stripe", "interface"])
def test_a_provider_that_is_not_enabled_has_no_address(provider: str) -> None:
    assert problem(tell(provider, b"{}")) == (404, "not_found")


def test_nobody_looks_at_a_webhook() -> None:
    assert Client().get("/webhooks/mock").status_code == 405


@pytest.mark.parametrize("body", GARBAGE)
@pytest.mark.parametrize("provider", ["razorpay", "stripe"])
@pytest.mark.parametrize("signature", ["", "0" * 64, "t=1,v1=" + "0" * 64, "é", "t=,v1="])
def test_what_nobody_signed_is_refused_and_changes_nothing(
    held: Booking, settings: Any, provider: str, body: bytes, signature: str
) -> None:
    settings.PAYMENT_PROVIDERS = {"razorpay": RAZORPAY, "stripe": STRIPE}
    before = rows.of("payments", "booking", "base")
    headers = {"X-Razorpay-Signature": signature, "Stripe-Signature": signature}
    answer = tell(provider, body, **headers, **{"X-Razorpay-Event-Id": "evt_1"})
    assert problem(answer) == (422, "message_forged")
    assert rows.changed(before, rows.of("payments", "booking", "base")) == set()
    assert not ProviderMessage.objects.exists()
