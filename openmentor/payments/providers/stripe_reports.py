"""What Stripe says, in our words: checkout sessions, refunds and webhooks.

Sources: docs.stripe.com/api/checkout/sessions, /api/payment_intents, /api/refunds, /webhooks,
/currencies; the limits of time are our own: the SDK's check lets the far future pass.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from openmentor.payments.providers import documents, signatures
from openmentor.payments.providers.documents import Document, Misshapen
from openmentor.payments.providers.interface import (
    Forged,
    Message,
    Outcome,
    PaymentReport,
    RefundReport,
)
from openmentor.payments.providers.units import MinorUnits

KEY = "openmentor_refund"
"""The metadata of a refund that holds our key."""

UNITS = MinorUnits(
    none=frozenset(
        "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()  # noqa: SIM905 - a list of codes is easier to read
    ),
    three=frozenset({"BHD", "JOD", "KWD", "OMR", "TND"}),
)
"""Stripe's list. ISK and UGX have no decimals any more, and still want two zeros."""

TOLERANCE_SECONDS = 300
_HEADER = 4096
_INTENT_STATES = {
    "succeeded": Outcome.CAPTURED,
    "processing": Outcome.PENDING,
    "requires_action": Outcome.PENDING,
    "requires_capture": Outcome.PENDING,
    "requires_confirmation": Outcome.PENDING,
    "requires_payment_method": Outcome.PENDING,
    "canceled": Outcome.FAILED,
}
_REFUND_STATES = {
    "pending": Outcome.PENDING,
    "requires_action": Outcome.PENDING,
    "succeeded": Outcome.REFUNDED,
    "failed": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}
_SESSION_EVENTS = {
    "checkout.session.completed": Outcome.PENDING,
    "checkout.session.async_payment_succeeded": Outcome.PENDING,
    "checkout.session.async_payment_failed": Outcome.FAILED,
    "checkout.session.expired": Outcome.FAILED,
}
_UNPAID = "The checkout was closed unpaid."
_FAILURES = {
    "checkout.session.async_payment_failed": "The bank did not pay.",
    "checkout.session.expired": _UNPAID,
}
_REFUND_EVENTS = {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"}


def payment(session: Document) -> PaymentReport | None:
    """The payment of a session that was fetched with its intent; None before the first attempt."""
    if not session.has("payment_intent"):
        return None
    intent = session.part("payment_intent")
    currency = intent.currency()
    outcome = _INTENT_STATES[intent.word("status", _INTENT_STATES)]
    amount = intent.whole("amount_received" if outcome is Outcome.CAPTURED else "amount")
    refunded = 0
    if intent.is_part("latest_charge"):
        refunded = intent.part("latest_charge").whole("amount_refunded")
    if outcome is Outcome.CAPTURED and 0 < amount <= refunded:
        outcome = Outcome.REFUNDED
    reason = ""
    if outcome is Outcome.PENDING and intent.is_part("last_payment_error"):
        outcome = Outcome.FAILED
    if outcome is Outcome.FAILED:
        reason = _reason(intent)
    return PaymentReport(
        provider_order_id=session.identifier("id"),
        provider_payment_id=intent.identifier("id"),
        outcome=outcome,
        amount_minor=UNITS.inward(amount, currency),
        currency=currency,
        refunded_minor=UNITS.rounded_down(refunded, currency),
        reason=reason,
    )


def unpaid(session: Document) -> PaymentReport:
    """A session that nobody tried to pay yet: pending, or failed if it is closed."""
    is_closed = session.word("status", {"open", "complete", "expired"}) == "expired"
    return _session_report(session, Outcome.FAILED if is_closed else Outcome.PENDING, _UNPAID)


def refund(entity: Document) -> RefundReport:
    """A refund; its key is empty if it was not made with one of ours."""
    entity.word("object", {"refund"})
    currency, amount = entity.currency(), entity.whole("amount")
    key = entity.label("metadata", KEY)
    has_intent = key or entity.has("payment_intent")
    counted = UNITS.inward if key else UNITS.rounded_down
    return RefundReport(
        provider_refund_id=entity.identifier("id"),
        provider_payment_id=entity.identifier("payment_intent") if has_intent else "",
        key=key,
        outcome=_REFUND_STATES[entity.word("status", _REFUND_STATES)],
        amount_minor=counted(amount, currency),
        currency=currency,
    )


def message(
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Sequence[bytes],
    account_id: str,
    now: datetime,
) -> Message:
    """A webhook, after its signature over time and raw body was checked; else `Forged`."""
    signed_at, given = _signature(headers.get("stripe-signature", ""))
    signed = signed_at + b"." + body
    fits = [signatures.is_signed(signed, one, secrets) for one in given]
    if not any(fits):
        raise Forged("The signature does not fit.")
    if abs(int(signed_at) - now.timestamp()) > TOLERANCE_SECONDS:
        raise Forged("The message is too old, or from the future.")
    try:
        return _event(documents.parse(body), account_id)
    except Misshapen as trouble:
        raise Forged(f"The event is misshapen: {trouble}.") from trouble


def _signature(header: str) -> tuple[bytes, list[str]]:
    """When it was signed, as written, and every `v1` signature: two while a secret is replaced."""
    if len(header) > _HEADER:
        raise Forged("The signature is too long.")
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    if len(times) != 1 or not re.fullmatch(r"[1-9][0-9]{0,11}", times[0]):
        raise Forged("The signature has no time.")
    return times[0].encode(), [value for name, _, value in pairs if name == "v1"]


def _event(event: Document, account_id: str) -> Message:
    event.word("object", {"event"})
    event.whole("created")
    event_id, kind = event.identifier("id"), event.kind("type")
    # An event of the account itself names none; one of a connected account names that.
    if event.has("account") and event.identifier("account") != account_id:
        raise Misshapen("it is about another account")
    reported_payment: PaymentReport | None = None
    reported_refunds: list[RefundReport] = []
    if kind in _SESSION_EVENTS:
        reported_payment = _session(kind, event.part("data").part("object"))
    elif kind in _REFUND_EVENTS:
        reported_refunds = [refund(event.part("data").part("object"))]
    elif kind == "charge.refunded":
        reported_refunds = _refunds_of(event.part("data").part("object"))
    return Message(
        event_id=event_id,
        kind=kind,
        payments=(reported_payment,) if reported_payment else (),
        refunds=tuple(report for report in reported_refunds if report.key),
    )


def _session(kind: str, session: Document) -> PaymentReport | None:
    """What an event says about a session; None if it is not one of ours."""
    session.word("object", {"checkout.session"})
    session.identifier("id")
    if session.word("mode", {"payment", "setup", "subscription"}) != "payment":
        return None
    paid = session.word("payment_status", {"paid", "unpaid", "no_payment_required"})
    if not session.has("client_reference_id") or paid == "no_payment_required":
        return None
    outcome = Outcome.CAPTURED if paid == "paid" else _SESSION_EVENTS[kind]
    return _session_report(session, outcome, _FAILURES.get(kind, ""))


def _session_report(session: Document, outcome: Outcome, reason: str) -> PaymentReport:
    currency = session.currency()
    amount = session.whole("amount_total")
    captured = outcome is Outcome.CAPTURED
    has_intent = captured or session.has("payment_intent")
    return PaymentReport(
        provider_order_id=session.identifier("id"),
        provider_payment_id=session.identifier("payment_intent") if has_intent else "",
        outcome=outcome,
        amount_minor=UNITS.inward(amount, currency),
        currency=currency,
        reason=reason if outcome is Outcome.FAILED else "",
    )


def _refunds_of(charge: Document) -> list[RefundReport]:
    """The refunds inside a charge, which only endpoints with an old API version carry."""
    charge.word("object", {"charge"})
    charge.identifier("id")
    charge.whole("amount_refunded")
    if not charge.is_part("refunds"):
        return []
    return [refund(one) for one in charge.part("refunds").parts("data")]


def _reason(intent: Document) -> str:
    if intent.is_part("last_payment_error"):
        return intent.part("last_payment_error").sentence("message") or "The payment failed."
    return "The payment was cancelled."
