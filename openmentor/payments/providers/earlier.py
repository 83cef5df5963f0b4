"""Refunds that a provider has made already, so that none is made twice."""

from collections.abc import Sequence
from dataclasses import replace

from openmentor.payments.providers.interface import Outcome, PaymentReport, RefundReport


def refund(
    known: Sequence[RefundReport], payment: PaymentReport, amount_minor: int, *, key: str
) -> RefundReport | None:
    """The refund of this key; for a whole payment, also one that somebody made without us.

    Razorpay returns a second payment for a paid order by itself, and staff may have pressed the
    button on the provider's own pages. Then the money we owe is back, and there is no more.
    """
    for report in known:
        if report.key == key:
            return report
    for report in known:
        is_whole = report.amount_minor == payment.amount_minor == amount_minor
        if not report.key and is_whole and report.outcome is not Outcome.FAILED:
            return replace(report, key=key)
    return None
