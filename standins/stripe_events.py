"""Stripe's webhooks: an event around its object, signed over the time and the raw body."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from standins.outbox import Outbox
from standins.stripe_forms import fresh

API_VERSION = "2026-10-28.endive"


def sign(_event_id: str, body: bytes, secret: str) -> dict[str, str]:
    """The headers of a webhook that is sent now."""
    now = int(time.time())
    signed = f"{now}.".encode() + body
    signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": f"t={now},v1={signature}",
    }


class Events:
    """Tells what happened."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def tell(self, kind: str, thing: Mapping[str, Any]) -> None:
        """One event about this object, as it is now."""
        event = {
            "id": fresh("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": int(time.time()),
            "data": {"object": thing},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        self._outbox.put(str(event["id"]), json.dumps(event, indent=2).encode())
