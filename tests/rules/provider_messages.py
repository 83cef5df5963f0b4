"""Webhooks as Razorpay and Stripe document them, signed as they sign."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SECRET = "whsec_real"
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
ACCOUNT = "acc_BFQ7uQEaa7j2z7"


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """One request to our door."""

    headers: dict[str, str]
    body: bytes
    now: datetime = NOW


@dataclass(frozen=True, kw_only=True)
class Sender:
    """How a provider signs, and what it says."""

    name: str
    sign: Callable[[bytes], dict[str, str]]
    events: dict[str, dict[str, Any]]
    needed: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    """By event, the paths of the fields without which it means nothing."""

    def webhook(self, event: object) -> Webhook:
        """An authentic one with this content."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        return Webhook(headers=self.sign(body), body=body)


def hexdigest(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def sign_as_razorpay(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {
        "x-razorpay-event-id": "Ee5gkBfsiqBzGc",
        "x-razorpay-signature": hexdigest(secret, body),
    }


def sign_as_stripe(body: bytes, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    moment = int(at.timestamp())
    return {"stripe-signature": f"t={moment},v1={hexdigest(secret, b'%d.%s' % (moment, body))}"}


PAYMENT = {
    "id": "pay_DESlfW9H8K9uqM",
    "entity": "payment",
    "amount": 50_000,
    "currency": "INR",
    "status": "captured",
    "order_id": "order_DESlLckIVRkHWj",
    "amount_refunded": 0,
    "refund_status": None,
    "captured": True,
    "notes": [],
    "error_code": None,
    "error_description": None,
    "created_at": 1_567_674_599,
}
REFUND = {
    "id": "rfnd_FgRAHdNOM4ZVbO",
    "entity": "refund",
    "amount": 10_000,
    "currency": "INR",
    "payment_id": "pay_DESlfW9H8K9uqM",
    "notes": {"openmentor_refund": "REFUND-7K3M9QX2-0"},
    "receipt": "REFUND-7K3M9QX2-0",
    "status": "processed",
    "created_at": 1_600_856_650,
}


def razorpay_event(kind: str, **entities: dict[str, Any]) -> dict[str, Any]:
    return {
        "entity": "event",
        "account_id": ACCOUNT,
        "event": kind,
        "contains": list(entities),
        "payload": {name: {"entity": entity} for name, entity in entities.items()},
        "created_at": 1_567_674_606,
    }


def _paths(prefix: tuple[str, ...], names: str) -> list[tuple[str, ...]]:
    return [(*prefix, name) for name in names.split()]


_ENVELOPE = _paths((), "entity account_id event payload created_at")
_PAYMENT = ("payload", "payment", "entity")
_REFUND = ("payload", "refund", "entity")
_NEEDED_PAYMENT = _paths(_PAYMENT, "id entity amount currency status amount_refunded")
RAZORPAY = Sender(
    name="razorpay",
    sign=sign_as_razorpay,
    events={
        "payment.captured": razorpay_event("payment.captured", payment=PAYMENT),
        "order.paid": razorpay_event("order.paid", payment=PAYMENT, order={"id": "order_1"}),
        "refund.processed": razorpay_event("refund.processed", refund=REFUND, payment=PAYMENT),
    },
    needed={
        "payment.captured": [*_ENVELOPE, _PAYMENT[:2], _PAYMENT, *_NEEDED_PAYMENT],
        "order.paid": [_PAYMENT[:2], _PAYMENT, *_NEEDED_PAYMENT],
        "refund.processed": [
            _REFUND[:2],
            _REFUND,
            *_paths(_REFUND, "id entity amount currency payment_id status"),
        ],
    },
)

SESSION = {
    "id": "cs_test_a1b2c3",
    "object": "checkout.session",
    "mode": "payment",
    "status": "complete",
    "payment_status": "paid",
    "amount_total": 50_000,
    "currency": "inr",
    "client_reference_id": "ORDER-7K3M9QX2",
    "metadata": {"openmentor_order": "ORDER-7K3M9QX2"},
    "payment_intent": "pi_3MtwBwLkdIwHu7ix",
}
STRIPE_REFUND = {
    "id": "re_1Nispe2eZvKYlo2C",
    "object": "refund",
    "amount": 10_000,
    "currency": "inr",
    "payment_intent": "pi_3MtwBwLkdIwHu7ix",
    "status": "succeeded",
    "metadata": {"openmentor_refund": "REFUND-7K3M9QX2-0"},
}


def stripe_event(kind: str, thing: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "evt_1NG8Du2eZvKYlo2CUI79vXWy",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1_686_089_970,
        "data": {"object": thing},
        "livemode": False,
        "type": kind,
    }


_OBJECT = ("data", "object")
_CHARGE = {
    "id": "ch_1",
    "object": "charge",
    "amount_refunded": 10_000,
    "refunds": {"object": "list", "data": [STRIPE_REFUND]},
}
STRIPE = Sender(
    name="stripe",
    sign=sign_as_stripe,
    events={
        "checkout.session.completed": stripe_event("checkout.session.completed", SESSION),
        "refund.updated": stripe_event("refund.updated", STRIPE_REFUND),
        "charge.refunded": stripe_event("charge.refunded", _CHARGE),
    },
    needed={
        "checkout.session.completed": [
            *_paths((), "id object created data type"),
            _OBJECT,
            *_paths(_OBJECT, "id object mode payment_status amount_total currency payment_intent"),
        ],
        "refund.updated": _paths(_OBJECT, "id object amount currency payment_intent status"),
        "charge.refunded": _paths(_OBJECT, "id object amount_refunded"),
    },
)
