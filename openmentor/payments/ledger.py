"""Where the money is: a double-entry ledger. Every posting sums to zero; nothing ever changes.

A capture puts money into the provider's account and owes it to the mentor and to us (commission);
a refund takes it back in the same proportions; a payout takes it from what is owed to the mentor.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Sum

from openmentor.base import money
from openmentor.payments.models import LedgerEntry, Order, Payment, Payout, Refund

COMMISSION = "commission"
UNSETTLED = "unsettled"
"""Money that was captured for nothing we can give; it stays here until it is refunded."""


def provider_account(provider: str) -> str:
    """The account of the money that a provider holds for us."""
    return f"provider:{provider}"


def mentor_account(mentor_id: int) -> str:
    """The account of what is owed to a mentor."""
    return f"mentor:{mentor_id}"


def paid_out_account(mentor_id: int) -> str:
    """The account of what was handed over to a mentor."""
    return f"paid_out:{mentor_id}"


def commission_on(amount_minor: int, *, basis_points: int) -> int:
    """The operator's part of an amount, in minor units, half a unit rounded up."""
    return money.share(amount_minor, basis_points, 10_000)


def book_capture(payment: Payment, *, now: datetime) -> None:
    """Money came in: owed to mentor and operator if it settles its order, else to be given back."""
    order = payment.order
    lines = {provider_account(payment.provider): payment.amount_minor}
    if payment.settles:
        lines[mentor_account(order.mentor_id)] = order.commission_minor - payment.amount_minor
        lines[COMMISSION] = -order.commission_minor
    else:
        lines[UNSETTLED] = -payment.amount_minor
    _post(lines, payment.currency, cause="capture", at=now, order=order, payment=payment)


def book_refund(refund: Refund, *, now: datetime) -> None:
    """Money is promised back; the commission gives its part, rounded in the payer's favour."""
    payment = refund.payment
    order = payment.order
    lines = {provider_account(payment.provider): -refund.amount_minor}
    if payment.settles:
        ours = _commission_part(order, payment, refund)
        lines[COMMISSION] = ours
        lines[mentor_account(order.mentor_id)] = refund.amount_minor - ours
    else:
        lines[UNSETTLED] = refund.amount_minor
    _post(
        lines,
        refund.currency,
        cause="refund",
        at=now,
        order=order,
        payment=payment,
        refund=refund,
    )


def book_payout(payout: Payout, *, now: datetime) -> None:
    """What was owed to the mentor was handed over outside of OpenMentor."""
    lines = {
        mentor_account(payout.mentor_id): payout.amount_minor,
        paid_out_account(payout.mentor_id): -payout.amount_minor,
    }
    _post(lines, payout.currency, cause="payout", at=now, payout=payout)


def balances(account: str) -> dict[str, int]:
    """What an account holds, by currency, in minor units."""
    rows = (
        LedgerEntry.objects.filter(account=account)
        .values_list("currency")
        .annotate(total=Sum("amount_minor"))
        .order_by("currency")
    )
    return {currency: total for currency, total in rows if total}


def owed(mentor_id: int) -> dict[str, int]:
    """What is owed to a mentor and not paid out yet, by currency, in minor units."""
    return {currency: -held for currency, held in balances(mentor_account(mentor_id)).items()}


def _commission_part(order: Order, payment: Payment, refund: Refund) -> int:
    """The commission's part of this refund, so that all parts of a full refund add up to it.

    `payment.refunded_minor` already includes this refund.
    """
    after = money.share(order.commission_minor, payment.refunded_minor, payment.amount_minor)
    before = money.share(
        order.commission_minor, payment.refunded_minor - refund.amount_minor, payment.amount_minor
    )
    return after - before


def _post(
    lines: Mapping[str, int], currency: str, *, cause: str, at: datetime, **links: Any
) -> None:
    posting = uuid.uuid4()
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            posting=posting,
            account=account,
            amount_minor=amount,
            currency=currency,
            cause=cause,
            at=at,
            **links,
        )
        for account, amount in lines.items()
        if amount
    )
