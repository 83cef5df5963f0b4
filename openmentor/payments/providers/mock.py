"""Play money: no provider at all, for the demo, for tests and for trying out.

The payer chooses what happens by `outcome`. Nothing is remembered anywhere, so any process may
answer: the same order always has the same payment, the same key always the same refund.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from openmentor.payments.providers.interface import (
    Checkout,
    Declined,
    Forged,
    Message,
    OrderToPay,
    Outcome,
    PaymentReport,
    RefundReport,
)

SUCCESS = "success"
FAILURE = "failure"
LATE = "late"
DUPLICATE = "duplicate"
OUTCOMES = (SUCCESS, FAILURE, LATE, DUPLICATE)
_REASONS = {
    FAILURE: "The card was declined, as you chose.",
    LATE: "The bank has not answered yet, as you chose.",
}
_RESULTS = {FAILURE: Outcome.FAILED, LATE: Outcome.PENDING}


class Mock:
    """Captures, fails or waits as the payer says.

    `success` (unless said otherwise) captures; `failure` fails; `late` is not captured yet: money
    comes late when somebody says `success` later on; `duplicate` captures a second payment.
    """

    name = "mock"

    def create(self, order: OrderToPay) -> Checkout:
        """An order that everybody can pay."""
        return Checkout(
            provider_order_id=f"mock_order_{order.reference}",
            browser={"outcomes": list(OUTCOMES)},
        )

    def verify(self, order: OrderToPay, returned: Mapping[str, str]) -> PaymentReport:
        """What the payer chose; an outcome that nobody knows is forged."""
        outcome = returned.get("outcome") or SUCCESS
        if outcome not in OUTCOMES:
            raise Forged(f"There is no outcome {outcome!r}.")
        number = "-2" if outcome == DUPLICATE else ""
        return PaymentReport(
            provider_order_id=f"mock_order_{order.reference}",
            provider_payment_id=f"mock_pay_{order.reference}{number}",
            outcome=_RESULTS.get(outcome, Outcome.CAPTURED),
            amount_minor=order.amount_minor,
            currency=order.currency,
            reason=_REASONS.get(outcome, ""),
        )

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Message:
        """Nobody sends messages about play money, so each is forged."""
        raise Forged("Play money sends no messages.")

    def fetch(self, order: OrderToPay) -> list[PaymentReport]:
        """Nothing: who has not verified has not paid."""
        return []

    def close(self, order: OrderToPay) -> None:
        """Nothing to close."""

    def refund(
        self, payment: PaymentReport, amount_minor: int, *, key: str, reason: str
    ) -> RefundReport:
        """Paid back at once."""
        if not 0 < amount_minor <= payment.amount_minor - payment.refunded_minor:
            raise Declined("That is more than is left of the payment.")
        return RefundReport(
            provider_refund_id=f"mock_refund_{key}",
            provider_payment_id=payment.provider_payment_id,
            key=key,
            outcome=Outcome.REFUNDED,
            amount_minor=amount_minor,
            currency=payment.currency,
        )

    def fetch_refunds(self, payment: PaymentReport) -> list[RefundReport]:
        """Nothing: asking again with the same key is the same refund."""
        return []


def configured(_options: Mapping[str, Any]) -> Mock:
    """Play money, which has nothing to set up."""
    return Mock()
