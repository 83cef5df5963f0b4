"""Razorpay: orders paid in its checkout on our page, by cards, UPI, netbanking and wallets.

The account must capture payments automatically (Dashboard, Account & Settings, Payment Capture):
a payment that is only authorised is pending for us, and Razorpay returns it after some days.
An order cannot be closed there. It stays payable, and what comes too late is refunded.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from openmentor.payments.providers import documents, earlier, razorpay_reports, signatures
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
from openmentor.payments.providers.razorpay_line import Line
from openmentor.payments.providers.razorpay_reports import KEY, UNITS

_PAGE = 100


class Razorpay:
    """One Razorpay account."""

    name = "razorpay"

    def __init__(
        self,
        line: Line,
        *,
        checkout_url: str,
        payment_secrets: tuple[bytes, ...],
        webhook_secrets: tuple[bytes, ...],
        account_id: str = "",
    ) -> None:
        """`checkout_url` is the script for the page; an empty `account_id` allows any."""
        self.line = line
        self.checkout_url = checkout_url
        self.payment_secrets = payment_secrets
        self.webhook_secrets = webhook_secrets
        self.account_id = account_id

    def create(self, order: OrderToPay) -> Checkout:
        """The order of this receipt: `unique_receipt` makes a repeated call give the first one.

        The browser gets `script`, the checkout's script, and `options` for its `Razorpay(…)`.
        """
        amount = UNITS.outward(order.amount_minor, order.currency)
        terms = {
            "amount": amount,
            "currency": order.currency,
            "receipt": order.reference,
            "unique_receipt": True,
            "notes": {"openmentor_order": order.reference},
        }
        made = self.line.ask("order", "create", terms)
        with documents.unclear_if_misshapen():
            order_id = made.identifier("id")
            agreed = made.identifier("receipt"), made.whole("amount"), made.currency()
        if agreed != (order.reference, amount, order.currency):
            raise Declined("Razorpay has another order with this receipt.")
        options = {
            "key": self.line.key_id,
            "order_id": order_id,
            "amount": amount,
            "currency": order.currency,
            "description": _described(order),
        }
        return Checkout(
            provider_order_id=order_id, browser={"script": self.checkout_url, "options": options}
        )

    def verify(self, order: OrderToPay, returned: Mapping[str, str]) -> PaymentReport:
        """Judge `razorpay_payment_id` and `razorpay_signature` for our own order id.

        The signature says who pays for what; how it stands is asked of Razorpay.
        """
        order_id = order.provider_order_id
        payment_id = returned.get("razorpay_payment_id", "")
        if not order_id or returned.get("razorpay_order_id", order_id) != order_id:
            raise Forged("That is about another order.")
        if not documents.is_identifier(payment_id):
            raise Forged("There is no payment.")
        signature = returned.get("razorpay_signature", "")
        if not signatures.is_signed(
            f"{order_id}|{payment_id}".encode(), signature, self.payment_secrets
        ):
            raise Forged("The signature does not fit.")
        answer = self.line.look_up("payment", "fetch", payment_id)
        with documents.unclear_if_misshapen():
            report = razorpay_reports.payment(answer)
        if report is None or report.provider_order_id != order_id:
            raise Forged("That payment is for another order.")
        return report

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Message:
        """Payments and refunds as they were when the event happened; `Forged` for anything else."""
        return razorpay_reports.message(
            headers, body, secrets=self.webhook_secrets, account_id=self.account_id
        )

    def fetch(self, order: OrderToPay) -> list[PaymentReport]:
        """Every attempt to pay this order; none if its creation was never heard of."""
        if not order.provider_order_id:
            return []
        answer = self.line.look_up("order", "payments", order.provider_order_id)
        with documents.unclear_if_misshapen():
            reports = [razorpay_reports.payment(one) for one in answer.parts("items")]
        return [report for report in reports if report is not None]

    def close(self, order: OrderToPay) -> None:
        """Nothing: Razorpay cannot close an order."""

    def refund(
        self, payment: PaymentReport, amount_minor: int, *, key: str, reason: str
    ) -> RefundReport:
        """The refund of this key: the one that is there, or else a new one.

        The list is read first because Razorpay does not say how long it remembers a key, and not
        all of its test mode does.
        """
        known = self.fetch_refunds(payment)
        if there := earlier.refund(known, payment, amount_minor, key=key):
            return there
        body = {
            "amount": UNITS.outward(amount_minor, payment.currency),
            "speed": "normal",
            "receipt": key,
            "notes": {KEY: key, "reason": reason},
        }
        answer = self.line.ask(
            "payment",
            "refund",
            payment.provider_payment_id,
            body,
            headers={"X-Refund-Idempotency": key},
        )
        with documents.unclear_if_misshapen():
            made = razorpay_reports.refund(answer)
        if made.key != key:
            raise Unclear("Razorpay made a refund without our key.")
        return made

    def fetch_refunds(self, payment: PaymentReport) -> list[RefundReport]:
        """Every refund of this payment."""
        with documents.unclear_if_misshapen():
            return [razorpay_reports.refund(one) for one in self._refunds_of(payment)]

    def _refunds_of(self, payment: PaymentReport) -> Iterator[Document]:
        for skip in itertools.count(step=_PAGE):
            limits = {"count": _PAGE, "skip": skip}
            answer = self.line.look_up(
                "payment", "fetch_multiple_refund", payment.provider_payment_id, limits
            )
            page = answer.parts("items")
            yield from page
            if len(page) < _PAGE:
                return


def _described(order: OrderToPay) -> str:
    """Words for the checkout, which refuses any that do not begin with a letter or a digit."""
    words = order.description
    return words if re.match(r"[A-Za-z0-9]", words) else f"{order.reference} {words}"


def configured(options: Mapping[str, Any]) -> Razorpay:
    """Razorpay as the operator's settings say."""
    return Razorpay(
        Line(
            key_id=options["key_id"],
            key_secret=options["key_secret"],
            base_url=options["base_url"],
            timeout=options["timeout"],
        ),
        checkout_url=options["checkout_url"],
        payment_secrets=signatures.secrets_in(options["key_secret"], name="RAZORPAY_KEY_SECRET"),
        webhook_secrets=signatures.secrets_in(
            options["webhook_secret"], name="RAZORPAY_WEBHOOK_SECRET"
        ),
        account_id=options.get("account_id", ""),
    )
