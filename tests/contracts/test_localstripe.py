"""The calls that somebody else's Stripe stand-in speaks too: refunds, and signed webhooks.

It has no checkout sessions; the payment is made as a payer's card would make it.
"""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests

from openmentor.payments.providers import stripe
from openmentor.payments.providers.interface import Forged, Outcome, PaymentReport

KEY = "REFUND-7K3M9QX2-0"
SECRET = "whsec_local"


@pytest.fixture
def provider(localstripe: str) -> stripe.Stripe:
    """Our adapter for it."""
    return stripe.configured(
        {
            "secret_key": "sk_test_local",
            "webhook_secret": SECRET,
            "base_url": localstripe,
            "timeout": 10,
        }
    )


@pytest.fixture
def paid(localstripe: str) -> PaymentReport:
    """A payment of 15.00 dollars."""
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    method = _post(f"{localstripe}/v1/payment_methods", {"type": "card", "card": card})
    terms = {"amount": 1500, "currency": "usd", "payment_method": method["id"], "confirm": True}
    intent = _post(f"{localstripe}/v1/payment_intents", terms)
    assert intent["status"] == "succeeded"
    return PaymentReport(
        provider_order_id="cs_test_none",
        provider_payment_id=str(intent["id"]),
        outcome=Outcome.CAPTURED,
        amount_minor=1500,
        currency="USD",
    )


def _post(url: str, body: dict[str, Any]) -> dict[str, object]:
    response = requests.post(url, json=body, auth=("sk_test_local", ""), timeout=10)
    response.raise_for_status()
    answer: dict[str, object] = response.json()
    return answer


def test_a_part_goes_back_once(provider: stripe.Stripe, paid: PaymentReport) -> None:
    made = provider.refund(paid, 500, key=KEY, reason="policy")
    assert (made.outcome, made.amount_minor, made.currency, made.key) == (
        Outcome.REFUNDED,
        500,
        "USD",
        KEY,
    )
    assert provider.refund(paid, 500, key=KEY, reason="policy") == made
    assert provider.fetch_refunds(paid) == [made]


def test_two_keys_are_two_refunds(provider: stripe.Stripe, paid: PaymentReport) -> None:
    keys = [KEY, "REFUND-7K3M9QX3-0"]
    for key in keys:
        provider.refund(paid, 500, key=key, reason="policy")
    assert sorted(one.key for one in provider.fetch_refunds(paid)) == keys


@pytest.fixture
def received() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]], threading.Event]]:
    """A door for webhooks."""
    messages: list[tuple[dict[str, str], bytes]] = []
    came = threading.Event()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            messages.append(({name.lower(): text for name, text in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()
            came.set()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", messages, came
    server.shutdown()
    thread.join()
    server.server_close()


def test_its_signature_is_good_for_us(
    localstripe: str,
    provider: stripe.Stripe,
    received: tuple[str, list[tuple[dict[str, str], bytes]], threading.Event],
) -> None:
    url, messages, came = received
    hook = {"url": url, "secret": SECRET, "events": ["customer.created"]}
    requests.post(f"{localstripe}/_config/webhooks/ours", json=hook, timeout=10).raise_for_status()
    _post(f"{localstripe}/v1/customers", {"email": "tom@example.com"})
    assert came.wait(10)
    headers, body = messages[0]
    message = provider.read_webhook(headers, body, now=datetime.now(UTC))
    assert (message.kind, message.payments, message.refunds) == ("customer.created", (), ())
    with pytest.raises(Forged):
        provider.read_webhook(headers, body + b" ", now=datetime.now(UTC))
