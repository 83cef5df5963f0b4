"""Stripe's forms: its objects, its errors, and what it checks before it takes a request."""

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from standins.server import Answer, json_answer

THREE_DECIMALS = {"kwd", "bhd", "omr", "jod", "tnd"}
EVEN_HUNDREDS = {"isk", "ugx"}
SHORTEST, LONGEST = 30 * 60, 24 * 60 * 60


def fresh(kind: str) -> str:
    """A new id, such as `pi_3fT9…`."""
    return f"{kind}_{secrets.token_hex(12)}"


def session(asked: Mapping[str, Any], *, url: str) -> dict[str, Any]:
    """A new checkout session; `url` is where its page will be."""
    price = asked["line_items"]["0"]["price_data"]
    session_id = fresh("cs_test")
    now = int(time.time())
    return {
        "id": session_id,
        "object": "checkout.session",
        "mode": "payment",
        "status": "open",
        "payment_status": "unpaid",
        "amount_total": int(price["unit_amount"]),
        "currency": price["currency"],
        "client_reference_id": asked.get("client_reference_id"),
        "metadata": asked.get("metadata") or {},
        "payment_intent": None,
        "success_url": asked["success_url"],
        "cancel_url": asked.get("cancel_url"),
        "url": f"{url}/c/pay/{session_id}",
        "created": now,
        "expires_at": int(asked.get("expires_at") or now + LONGEST),
        "livemode": False,
    }


def intent(session: Mapping[str, Any], *, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The payment intent of a session's first try."""
    return {
        "id": fresh("pi"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_received": 0,
        "currency": session["currency"],
        "status": "requires_payment_method",
        "last_payment_error": None,
        "latest_charge": None,
        "metadata": dict(metadata),
        "created": int(time.time()),
        "livemode": False,
    }


def charge(intent: Mapping[str, Any]) -> dict[str, Any]:
    """The charge of an intent that succeeded."""
    return {
        "id": fresh("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": 0,
        "currency": intent["currency"],
        "payment_intent": intent["id"],
        "refunded": False,
        "status": "succeeded",
        "created": int(time.time()),
    }


def refund(
    charge: Mapping[str, Any], amount: int, *, metadata: Mapping[str, Any]
) -> dict[str, Any]:
    """A new refund of a charge."""
    return {
        "id": fresh("re"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "currency": charge["currency"],
        "metadata": dict(metadata),
        "payment_intent": charge["payment_intent"],
        "status": "pending",
        "created": int(time.time()),
    }


def error(
    words: str,
    *,
    status: int = 400,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
) -> Answer:
    """An error in Stripe's form."""
    details = {"type": kind, "message": words, "param": param, "code": code}
    return json_answer({"error": details}, status)


def missing(what: str, identifier: str) -> Answer:
    """The error for an id that is unknown."""
    return error(f"No such {what}: '{identifier}'", status=404, code="resource_missing", param="id")


def session_trouble(asked: Mapping[str, Any]) -> Answer | None:
    """What is wrong with a new session."""
    if asked.get("mode") != "payment" or "success_url" not in asked:
        return error("You must provide a mode and a success_url.", param="mode")
    try:
        item = asked["line_items"]["0"]
        price = item["price_data"]
        currency, amount = price["currency"], price["unit_amount"]
        named = price["product_data"]["name"]
    except (KeyError, TypeError):
        return error("You must specify line items with prices.", param="line_items")
    if not named or not re.fullmatch(r"[a-z]{3}", currency):
        return error("Invalid currency or name.", param="line_items[0][price_data]")
    return expiry_trouble(asked.get("expires_at")) or amount_trouble(amount, currency)


def expiry_trouble(expires_at: str | None) -> Answer | None:
    """What is wrong with the end of a session: half an hour to a day from now."""
    if expires_at is not None and not SHORTEST <= int(expires_at) - time.time() <= LONGEST:
        return error(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from creation.",
            param="expires_at",
        )
    return None


def amount_trouble(amount: str, currency: str) -> Answer | None:
    """What is wrong with an amount."""
    if not re.fullmatch(r"[1-9][0-9]{0,11}", amount):
        return error(f"Invalid positive integer: {amount}", param="amount")
    if currency in THREE_DECIMALS and int(amount) % 10:
        return error("The last digit of the amount must be 0.", param="amount")
    if currency in EVEN_HUNDREDS and int(amount) % 100:
        return error("Amounts must be evenly divisible by 100.", param="amount")
    return None
