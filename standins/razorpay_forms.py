"""Razorpay's forms: its entities, its errors, and what it checks before it takes a request."""

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from standins.server import Answer, json_answer

THREE_DECIMALS = {"KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"}


def order(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A new order."""
    return {
        "id": fresh("order"),
        "entity": "order",
        "amount": asked["amount"],
        "amount_paid": 0,
        "amount_due": asked["amount"],
        "currency": asked["currency"],
        "receipt": asked.get("receipt"),
        "offer_id": None,
        "status": "created",
        "attempts": 0,
        "notes": asked.get("notes") or [],
        "created_at": int(time.time()),
    }


def payment(order: Mapping[str, Any]) -> dict[str, Any]:
    """A new try to pay an order."""
    return {
        "id": fresh("pay"),
        "entity": "payment",
        "amount": order["amount"],
        "currency": order["currency"],
        "status": "created",
        "order_id": order["id"],
        "invoice_id": None,
        "international": False,
        "method": "upi",
        "amount_refunded": 0,
        "refund_status": None,
        "captured": False,
        "description": None,
        "email": "payer@example.com",
        "notes": [],
        "error_code": None,
        "error_description": None,
        "created_at": int(time.time()),
    }


def refund(payment: Mapping[str, Any], amount: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A new refund of a payment."""
    return {
        "id": fresh("rfnd"),
        "entity": "refund",
        "amount": amount,
        "currency": payment["currency"],
        "payment_id": payment["id"],
        "notes": asked.get("notes") or [],
        "receipt": asked.get("receipt"),
        "acquirer_data": {"arn": None},
        "created_at": int(time.time()),
        "batch_id": None,
        "status": "pending",
        "speed_processed": "normal",
        "speed_requested": asked.get("speed", "normal"),
    }


def fresh(kind: str) -> str:
    """A new id, such as `pay_3fT9…`, fourteen characters long."""
    return f"{kind}_{secrets.token_hex(7)}"


def error(
    words: str, *, status: int = 400, code: str = "BAD_REQUEST_ERROR", field: str | None = None
) -> Answer:
    """An error in Razorpay's form."""
    details: dict[str, Any] = {
        "code": code,
        "description": words,
        "source": "NA",
        "metadata": {},
        "field": field,
    }
    return json_answer({"error": details}, status)


def collection(items: list[dict[str, Any]]) -> Answer:
    """A list in Razorpay's form."""
    return json_answer({"entity": "collection", "count": len(items), "items": items})


def found(entity: Mapping[str, Any] | None) -> Answer:
    """The entity, or the error for an id that is unknown."""
    if entity is None:
        return error("The id provided does not exist")
    return json_answer(entity)


def order_trouble(asked: Mapping[str, Any]) -> Answer | None:
    """What is wrong with a new order."""
    currency = asked.get("currency")
    if not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency):
        return error("The currency is not supported", field="currency")
    if len(str(asked.get("receipt") or "")) > 40:
        return error("The receipt may not be greater than 40 characters.", field="receipt")
    if len(asked.get("notes") or {}) > 15:
        return error("Number of fields in notes should be less than or equal to 15", field="notes")
    return amount_trouble(asked.get("amount"), currency, least=100 if currency == "INR" else 1)


def amount_trouble(amount: object, currency: str, *, least: int) -> Answer | None:
    """What is wrong with an amount."""
    if type(amount) is not int:
        return error("The amount must be an integer.", field="amount")
    if amount < least:
        return error("The amount must be at least INR 1.00", field="amount")
    if currency in THREE_DECIMALS and amount % 10:
        return error("The last digit of the amount must be 0", field="amount")
    return None
