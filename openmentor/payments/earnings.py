"""What a mentor has earned: read from the ledger, by currency and entry by entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from openmentor.payments import ledger
from openmentor.payments.models import LedgerEntry

_AT_PROVIDERS = Q(account__startswith=ledger.provider_account(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A mentor's money in one currency, in minor units: owed = earned - all the others.

    `earned` is what mentees paid, `commission` the operator's part of what was not refunded.
    `owed` is below zero when refunds came after the payout.
    """

    currency: str
    earned: int
    commission: int
    refunded: int
    paid_out: int
    owed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One posting: money that came in (`capture`), went back (`refund`) or out (`payout`).

    `gross` is what was paid or paid back, `commission` the operator's part of it, `net` what it
    changed for the mentor; minor units. `purpose_id` is what the order was for.
    """

    cause: str
    at: datetime
    currency: str
    order: str
    payment: str
    description: str
    purpose: str
    purpose_id: int | None
    gross: int
    commission: int
    net: int


def statements(mentor_id: int) -> list[Statement]:
    """The mentor's money, a statement for each currency."""
    came_in = _AT_PROVIDERS & Q(cause="capture")
    went_back = _AT_PROVIDERS & Q(cause="refund")
    rows = (
        _of(mentor_id)
        .values("currency")
        .annotate(
            earned=_total(came_in),
            commission=-_total(Q(account=ledger.COMMISSION)),
            refunded=-_total(went_back),
            paid_out=-_total(Q(account=ledger.paid_out_account(mentor_id))),
            owed=-_total(Q(account=ledger.mentor_account(mentor_id))),
        )
        .order_by("currency")
    )
    return [Statement(**row) for row in rows]


def postings(mentor_id: int) -> QuerySet[Any, Any]:
    """All that happened to the mentor's money, the latest first, to be cut into pages."""
    outside = _AT_PROVIDERS | Q(account=ledger.paid_out_account(mentor_id))
    return (
        _of(mentor_id)
        .values("posting", "cause", "at", "currency")
        .annotate(
            reference=F("order__reference"),
            paid_by=F("payment__reference"),
            description=Coalesce("order__description", "payout__note"),
            purpose=F("order__purpose"),
            purpose_id=F("order__purpose_id"),
            gross=_total(outside),
            commission=-_total(Q(account=ledger.COMMISSION)),
            net=-_total(Q(account=ledger.mentor_account(mentor_id))),
        )
        .order_by("-at", "posting")
    )


def line(posting: dict[str, Any]) -> Line:
    """One of `postings` with its names and types."""
    return Line(
        cause=posting["cause"],
        at=posting["at"],
        currency=posting["currency"],
        order=posting["reference"] or "",
        payment=posting["paid_by"] or "",
        description=posting["description"] or "",
        purpose=posting["purpose"] or "",
        purpose_id=posting["purpose_id"],
        gross=posting["gross"],
        commission=posting["commission"],
        net=posting["net"],
    )


def _of(mentor_id: int) -> QuerySet[LedgerEntry]:
    """The ledger's lines about money that was, or is, this mentor's; not what only passed by."""
    return LedgerEntry.objects.filter(
        Q(order__mentor=mentor_id, payment__settles=True) | Q(payout__mentor=mentor_id)
    )


def _total(which: Q) -> Coalesce:
    return Coalesce(Sum("amount_minor", filter=which), 0)
