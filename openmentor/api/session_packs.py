"""Packs that were bought: one's own, buying one, its ledger, and its refund."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from openmentor.api.auth import caller
from openmentor.api.idempotent import once
from openmentor.api.pack_shapes import PackAnswer, PackLine, PackWithLedger
from openmentor.api.pages import Page, Paging, page
from openmentor.api.schema import Answer, Body, answer
from openmentor.base import clock, money
from openmentor.booking import seat_line
from openmentor.mentorships import pack_refunds, packs, purchases
from openmentor.mentorships.models import Pack
from openmentor.mentorships.pack_refunds import Quote
from openmentor.mentorships.visibility import PackQuerySet
from openmentor.people import limits

router = Router(tags=["Packs"], by_alias=True)


class WantedPacks(Paging):
    """With one mentor, or with all."""

    mentor_id: str = Field("", max_length=40)


class NewPurchase(Body):
    """Which pack offer to buy."""

    offer_id: str


class PurchaseAnswer(Answer):
    """What is to pay for the pack, and until when its seat is held; verify with the order's id.

    Nothing is to pay for a pack without a price: `orderId` is null and `status` is `paid`.
    """

    status: Literal["held", "paid"]
    order_id: str | None
    amount: int
    currency: str
    amount_display: str
    provider: Literal["mock", "razorpay", "stripe"] | None
    expires_at: datetime | None
    requires_payment: bool
    pack_id: str | None


class RefundLine(Answer):
    """What one purchase of a pack gives back, in minor units, and how the sum comes about."""

    sessions: int
    unused: int
    amount: int
    kept: int
    currency: str
    amount_display: str
    explanation: str


class PackRefund(Answer):
    """What the refund of a pack moves."""

    pack_id: str
    sessions: int
    lines: list[RefundLine]

    @classmethod
    def of(cls, quote: Quote) -> "PackRefund":
        """The refund, line by line."""
        return cls(
            pack_id=quote.pack.reference,
            sessions=quote.sessions,
            lines=[
                RefundLine(
                    sessions=line.purchase.sessions,
                    unused=line.purchase.unused,
                    amount=line.amount_minor,
                    kept=line.kept_minor,
                    currency=line.purchase.currency,
                    amount_display=money.display(line.amount_minor, line.purchase.currency),
                    explanation=line.sentence,
                )
                for line in quote.lines
            ],
        )


@router.get("/me", response=Page[PackAnswer])
def mine(request: HttpRequest, wanted: Query[WantedPacks]) -> HttpResponse:
    """One's own packs, the newest first."""
    return _page(Pack.objects.of(caller(request)), wanted)


@router.get("/me/active", response=Page[PackAnswer])
def mine_active(request: HttpRequest, wanted: Query[WantedPacks]) -> HttpResponse:
    """One's own packs that can be booked with."""
    own = Pack.objects.of(caller(request))
    return _page(own.filter(status=Pack.Status.ACTIVE, expires_at__gt=clock.now()), wanted)


@router.post("/purchase", response={201: PurchaseAnswer})
def purchase(request: HttpRequest, wanted: NewPurchase) -> HttpResponse:
    """Buy a pack: a seat is held for 15 minutes, to be paid and verified like a session."""
    mentee, now = caller(request), clock.now()
    limits.spend("book", who=mentee.reference, now=now)

    def bought() -> PurchaseAnswer:
        held = seat_line.buy(mentee, offer=wanted.offer_id, now=now)
        order = purchases.order_of(held)
        return PurchaseAnswer(
            status=held.status,  # type: ignore[arg-type]  # just born: held or paid
            order_id=order.reference if order else None,
            amount=held.price_minor,
            currency=held.currency,
            amount_display=money.display(held.price_minor, held.currency),
            provider=order.provider if order else None,  # type: ignore[arg-type]  # an enabled one
            expires_at=order.expires_at if order else None,
            requires_payment=order is not None,
            pack_id=held.pack.reference if held.pack else None,
        )

    return once(request, bought)


@router.get("/{pack_id}", response=PackWithLedger)
def read(request: HttpRequest, pack_id: str) -> HttpResponse:
    """A pack with its ledger, for its mentee and its mentor."""
    pack = packs.find(pack_id, for_=caller(request))
    lines = [PackLine.of(entry) for entry in pack.entries.order_by("pk")]
    return answer(PackWithLedger(**dict(PackAnswer.of(pack)), ledger=lines))


@router.get("/{pack_id}/refund-quote", response=PackRefund)
def refund_quote(request: HttpRequest, pack_id: str) -> HttpResponse:
    """What refunding this pack would pay back now, for its mentor."""
    return answer(PackRefund.of(pack_refunds.quote(pack_id, by=caller(request))))


@router.post("/{pack_id}/refund", response=PackRefund)
def refund(request: HttpRequest, pack_id: str) -> HttpResponse:
    """Pay back what is unused, as its mentor; the seat is free again."""
    moved = pack_refunds.issue(pack_id, by=caller(request), now=clock.now())
    return answer(PackRefund.of(moved))


def _page(own: PackQuerySet, wanted: WantedPacks) -> HttpResponse:
    if wanted.mentor_id:
        own = own.filter(mentorship__mentor__handle=wanted.mentor_id.lower())
    loaded = own.with_both_sides().prefetch_related("purchases__session_type")
    found, cursor = page(loaded, wanted, by="-created_at")
    items = [PackAnswer.of(pack) for pack in found]
    return answer(Page[PackAnswer](items=items, next_cursor=cursor))
