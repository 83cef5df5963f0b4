"""Stripe: orders paid on its hosted page (Checkout), by whatever methods the account has enabled.

A session lives half an hour at least, longer than most holds; `close` ends it when the hold ends.
Stripe's page may still let a payer press "pay" then, and takes nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from openmentor.payments.providers import documents, earlier, signatures, stripe_reports
from openmentor.payments.providers.documents import Document
from openmentor.payments.providers.interface import (
    Checkout,
    Declined,
    Forged,
    Message,
    OrderToPay,
    PaymentReport,
    RefundReport,
    Unclear,
)
from openmentor.payments.providers.stripe_line import Line, Refused
from openmentor.payments.providers.stripe_reports import KEY, UNITS

if TYPE_CHECKING:
    from stripe.params import RefundCreateParams, RefundListParams
    from stripe.params.checkout import SessionCreateParams

_BEYOND = timedelta(minutes=31)
"""Stripe wants half an hour from now; the end of the hold is now at the earliest."""
_PAGE = 100


class Stripe:
    """One Stripe account."""

    name = "stripe"

    def __init__(
        self, line: Line, *, webhook_secrets: tuple[bytes, ...], account_id: str = ""
    ) -> None:
        """`account_id` is the connected account whose events count; empty for none."""
        self.line = line
        self.webhook_secrets = webhook_secrets
        self.account_id = account_id

    def create(self, order: OrderToPay) -> Checkout:
        """The session of this order; repeated within a day, the same one. The browser gets `url`.

        Where the hold is so long that Stripe refuses its end (a day at most), the session gets
        Stripe's own end, which is a day. What a repeat with the same key sends never changes.
        """
        terms = _terms(order)
        try:
            session = self._created(order.reference, terms)
        except Refused as refusal:
            if refusal.about != "expires_at":
                raise
            del terms["expires_at"]
            session = self._created(f"{order.reference}-day", terms)
        with documents.unclear_if_misshapen():
            return Checkout(
                provider_order_id=session.identifier("id"), browser={"url": session.address("url")}
            )

    def verify(self, order: OrderToPay, returned: Mapping[str, str]) -> PaymentReport:
        """How our own session stands. What the browser brings (`session_id`) only may not differ.

        Pending, without a payment's id, while nobody has tried to pay.
        """
        brought = returned.get("session_id", order.provider_order_id)
        if not order.provider_order_id or brought != order.provider_order_id:
            raise Forged("That is about another order.")
        session = self._session(order)
        if session.fields.get("client_reference_id") != order.reference:
            raise Forged("That session is for another order.")
        with documents.unclear_if_misshapen():
            return stripe_reports.payment(session) or stripe_reports.unpaid(session)

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Message:
        """What happened to a session or a refund; `Forged` for anything not signed just now."""
        return stripe_reports.message(
            headers, body, secrets=self.webhook_secrets, account_id=self.account_id, now=now
        )

    def fetch(self, order: OrderToPay) -> list[PaymentReport]:
        """The session's payment, if anybody tried; a session has one, however often it is tried."""
        if not order.provider_order_id:
            return []
        session = self._session(order)
        with documents.unclear_if_misshapen():
            report = stripe_reports.payment(session)
        return [report] if report else []

    def close(self, order: OrderToPay) -> None:
        """End the session, if it is still open."""
        if not order.provider_order_id:
            return
        sessions = self.line.client.v1.checkout.sessions
        try:
            self.line.ask(lambda: sessions.expire(order.provider_order_id))
        except Declined as refusal:
            if self._session(order).fields.get("status") == "open":
                raise Unclear(f"Stripe did not close an open session: {refusal}") from refusal

    def refund(
        self, payment: PaymentReport, amount_minor: int, *, key: str, reason: str
    ) -> RefundReport:
        """The refund of this key: the one that is there, or else a new one.

        The list is read first because Stripe forgets a key after a day; a call repeated later
        would be a second refund.
        """
        known = self.fetch_refunds(payment)
        if there := earlier.refund(known, payment, amount_minor, key=key):
            return there
        refunds = self.line.client.v1.refunds
        terms: RefundCreateParams = {
            "payment_intent": payment.provider_payment_id,
            "amount": UNITS.outward(amount_minor, payment.currency),
            "metadata": {KEY: key, "reason": reason},
        }
        answer = self.line.ask_once(
            key, lambda own: refunds.create(terms, {"idempotency_key": own})
        )
        with documents.unclear_if_misshapen():
            made = stripe_reports.refund(answer)
        if made.key != key:
            raise Unclear("Stripe made a refund without our key.")
        return made

    def fetch_refunds(self, payment: PaymentReport) -> list[RefundReport]:
        """Every refund of this payment."""
        with documents.unclear_if_misshapen():
            return [stripe_reports.refund(one) for one in self._refunds_of(payment)]

    def _created(self, key: str, terms: "SessionCreateParams") -> Document:
        sessions = self.line.client.v1.checkout.sessions
        return self.line.ask_once(key, lambda own: sessions.create(terms, {"idempotency_key": own}))

    def _session(self, order: OrderToPay) -> Document:
        """Our session, with its payment and what went back of it."""
        sessions = self.line.client.v1.checkout.sessions
        return self.line.look_up(
            lambda: sessions.retrieve(
                order.provider_order_id, {"expand": ["payment_intent.latest_charge"]}
            )
        )

    def _refunds_of(self, payment: PaymentReport) -> Iterator[Document]:
        refunds = self.line.client.v1.refunds
        query: RefundListParams = {
            "payment_intent": payment.provider_payment_id,
            "limit": _PAGE,
        }
        while True:
            answer = self.line.look_up(lambda: refunds.list(query))
            page = answer.parts("data")
            yield from page
            if len(page) < _PAGE:
                return
            query["starting_after"] = page[-1].identifier("id")


def _terms(order: OrderToPay) -> "SessionCreateParams":
    """What a session is made with; the same for the same order, or Stripe refuses a repeat."""
    joint = "&" if "?" in order.return_url else "?"
    label = {"openmentor_order": order.reference}
    return {
        "mode": "payment",
        "client_reference_id": order.reference,
        "metadata": label,
        "payment_intent_data": {"metadata": label, "description": order.reference},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": order.currency.lower(),
                    "unit_amount": UNITS.outward(order.amount_minor, order.currency),
                    "product_data": {"name": order.description or order.reference},
                },
            }
        ],
        "success_url": f"{order.return_url}{joint}session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": order.cancel_url,
        "expires_at": int((order.expires_at + _BEYOND).timestamp()),
    }


def configured(options: Mapping[str, Any]) -> Stripe:
    """Stripe as the operator's settings say."""
    return Stripe(
        Line(
            secret_key=options["secret_key"],
            base_url=options["base_url"],
            timeout=options["timeout"],
        ),
        webhook_secrets=signatures.secrets_in(
            options["webhook_secret"], name="STRIPE_WEBHOOK_SECRET"
        ),
        account_id=options.get("account_id", ""),
    )
