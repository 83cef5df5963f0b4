"""Razorpay's webhooks: a snapshot of what the event is about, signed over the raw body."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from standins.outbox import Outbox


def sign(event_id: str, body: bytes, secret: str) -> dict[str, str]:
    """The headers of a webhook."""
    return {
        "Content-Type": "application/json",
        "X-Razorpay-Event-Id": event_id,
        "X-Razorpay-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }


class Events:
    """Tells what happened."""

    def __init__(self, outbox: Outbox, *, account_id: str) -> None:
        self._outbox = outbox
        self._account_id = account_id

    def about_payment(
        self, kind: str, payment: Mapping[str, Any], *, order: Mapping[str, Any] | None = None
    ) -> None:
        """`payment.*`, or `order.paid` with its order."""
        entities = {"payment": payment} | ({"order": order} if order else {})
        self._tell(kind, entities)

    def about_refund(
        self, kind: str, refund: Mapping[str, Any], payment: Mapping[str, Any]
    ) -> None:
        """`refund.*`, which holds the payment too."""
        self._tell(kind, {"refund": refund, "payment": payment})

    def _tell(self, kind: str, entities: Mapping[str, Mapping[str, Any]]) -> None:
        event = {
            "entity": "event",
            "account_id": self._account_id,
            "event": kind,
            "contains": list(entities),
            "payload": {name: {"entity": entity} for name, entity in entities.items()},
            "created_at": int(time.time()),
        }
        self._outbox.put(secrets.token_hex(7), json.dumps(event).encode())
