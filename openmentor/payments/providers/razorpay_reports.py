"""What Razorpay says, in our words: payments, refunds and webhooks.

Sources: razorpay.com/docs/api/payments, /api/refunds/entity, /webhooks/payments, /webhooks/refunds.
"""

from collections.abc import Mapping, Sequence

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
"""The note on a refund that holds our key."""

UNITS = MinorUnits(
    none=frozenset(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905 - a list of codes is easier to read
    ),
    three=frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}),
)
"""ISO 4217's own digits."""

_PAYMENT_STATES = {
    "created": Outcome.PENDING,
    "authorized": Outcome.PENDING,
    "captured": Outcome.CAPTURED,
    "refunded": Outcome.REFUNDED,
    "failed": Outcome.FAILED,
}
_REFUND_STATES = {
    "pending": Outcome.PENDING,
    "processed": Outcome.REFUNDED,
    "failed": Outcome.FAILED,
}
_PAYMENT_EVENTS = {"payment.authorized", "payment.captured", "payment.failed", "order.paid"}
_REFUND_EVENTS = {"refund.created", "refund.processed", "refund.failed", "refund.speed_changed"}


def payment(entity: Document) -> PaymentReport | None:
    """A payment entity; None if it was not made for an order, so not for one of ours.

    Its `status` alone counts: `captured` is true in documented samples of failed payments too.
    """
    entity.word("entity", {"payment"})
    currency = entity.currency()
    amount, refunded = entity.whole("amount"), entity.whole("amount_refunded")
    outcome = _PAYMENT_STATES[entity.word("status", _PAYMENT_STATES)]
    payment_id = entity.identifier("id")
    if not entity.has("order_id"):
        return None
    if outcome is Outcome.CAPTURED and 0 < amount <= refunded:
        outcome = Outcome.REFUNDED
    return PaymentReport(
        provider_order_id=entity.identifier("order_id"),
        provider_payment_id=payment_id,
        outcome=outcome,
        amount_minor=UNITS.inward(amount, currency),
        currency=currency,
        refunded_minor=UNITS.rounded_down(refunded, currency),
        reason=entity.sentence("error_description") if outcome is Outcome.FAILED else "",
    )


def refund(entity: Document) -> RefundReport:
    """A refund entity; its key is empty if it was not made with one of ours."""
    entity.word("entity", {"refund"})
    currency, amount = entity.currency(), entity.whole("amount")
    key = entity.label("notes", KEY)
    counted = UNITS.inward if key else UNITS.rounded_down
    return RefundReport(
        provider_refund_id=entity.identifier("id"),
        provider_payment_id=entity.identifier("payment_id"),
        key=key,
        outcome=_REFUND_STATES[entity.word("status", _REFUND_STATES)],
        amount_minor=counted(amount, currency),
        currency=currency,
    )


def message(
    headers: Mapping[str, str], body: bytes, *, secrets: Sequence[bytes], account_id: str
) -> Message:
    """A webhook, after its signature over the raw body was checked; else `Forged`.

    Razorpay promises no time limit: it sends again for 24 hours, after a change of the secret
    still signed with the old one. The event's id is in a header that is not signed.
    """
    if not signatures.is_signed(body, headers.get("x-razorpay-signature", ""), secrets):
        raise Forged("The signature does not fit.")
    event_id = headers.get("x-razorpay-event-id", "")
    if not documents.is_identifier(event_id):
        raise Forged("The event has no id.")
    try:
        return _event(event_id, documents.parse(body), account_id)
    except Misshapen as trouble:
        raise Forged(f"The event is misshapen: {trouble}.") from trouble


def _event(event_id: str, envelope: Document, account_id: str) -> Message:
    envelope.word("entity", {"event"})
    envelope.whole("created_at")
    if envelope.identifier("account_id") != account_id and account_id:
        raise Misshapen("it is about another account")
    kind = envelope.kind("event")
    reported_payment = reported_refund = None
    if kind in _PAYMENT_EVENTS:
        reported_payment = payment(envelope.part("payload").part("payment").part("entity"))
    elif kind in _REFUND_EVENTS:
        reported_refund = refund(envelope.part("payload").part("refund").part("entity"))
    return Message(
        event_id=event_id,
        kind=kind,
        payments=(reported_payment,) if reported_payment else (),
        refunds=(reported_refund,) if reported_refund and reported_refund.key else (),
    )
