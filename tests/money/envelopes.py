"""Webhooks as the providers write and sign them, where the stand-ins do not say it themselves."""

import json
from collections.abc import Mapping
from typing import Any

from openmentor.payments.models import Payment, Refund
from standins import razorpay_events, razorpay_forms, stripe_events, stripe_forms
from standins.accounts import WEBHOOK_SECRET
from standins.razorpay import ACCOUNT_ID

SIGN = {"razorpay": razorpay_events.sign, "stripe": stripe_events.sign}
KEY = "openmentor_refund"

type Webhook = tuple[Mapping[str, str], bytes]


class _Outbox:
    """Keeps the webhook that would have been sent."""

    def put(self, event_id: str, body: bytes) -> None:
        self.event_id, self.body = event_id, body


def kind_of(body: bytes) -> str:
    """What an event is about, such as `payment.captured`."""
    event: dict[str, Any] = json.loads(body)
    return str(event.get("type") or event["event"])


def signed(provider: str, body: bytes, *, event_id: str = "evt_again") -> Webhook:
    """This body as the provider sends it now; Razorpay's id of the event is outside of it."""
    return SIGN[provider](event_id, body, WEBHOOK_SECRET), body


def once_more(provider: str, webhook: Webhook) -> Webhook:
    """The same news under another id, as after a change at the provider."""
    event = json.loads(webhook[1])
    event["id"] = f"{event.get('id', '')}_again"
    return signed(provider, json.dumps(event).encode(), event_id="another_event")


def refund(payment: Payment, amount: int, *, key: str = "") -> Webhook:
    """The news that this much went back; without a key, by hand on the provider's pages."""
    outbox: Any = _Outbox()
    theirs = {"id": "ch_1", "currency": payment.currency, "payment_intent": ""}
    if payment.provider == "razorpay":
        paid = theirs | {"id": payment.provider_payment_id}
        notes = {"notes": {KEY: key}, "receipt": key} if key else {}
        made = razorpay_forms.refund(paid, amount, notes) | {"status": "processed"}
        events = razorpay_events.Events(outbox, account_id=ACCOUNT_ID)
        events.about_refund("refund.processed", made, paid)
    else:
        charge = theirs | {"payment_intent": payment.provider_payment_id}
        labels = {KEY: key} if key else {}
        made = stripe_forms.refund(charge, amount, metadata=labels) | {"status": "succeeded"}
        stripe_events.Events(outbox).tell("refund.updated", made)
    return signed(payment.provider, outbox.body, event_id=outbox.event_id)


def refund_of_ours() -> Webhook | None:
    """The news that our only refund succeeded; None before there is one."""
    ours = Refund.objects.select_related("payment").first()
    return refund(ours.payment, ours.amount_minor, key=ours.key) if ours else None
