"""Money back for what is unused of a pack: unused sessions of all × price (SPEC §9)."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum

from openmentor.base import money
from openmentor.base.errors import NotAllowed, NotPossible
from openmentor.mentorships import packs, reminders, renewals, seats
from openmentor.mentorships.lifecycle import PACK
from openmentor.mentorships.models import Pack, PackEntry, Purchase
from openmentor.mentorships.purchases import PURPOSE
from openmentor.mentorships.refusals import PackRefundChanged
from openmentor.payments import refunds
from openmentor.payments.models import Order, Payment, Refund
from openmentor.people.models import Person


@dataclass(frozen=True, slots=True)
class Line:
    """What one purchase gives back: amounts in minor units of its currency."""

    purchase: Purchase
    amount_minor: int
    kept_minor: int
    rounding: Fraction

    @property
    def sentence(self) -> str:
        """How the sum comes about, the rounding included."""
        bought = self.purchase
        price = money.display(bought.price_minor, bought.currency)
        back = money.display(self.amount_minor, bought.currency)
        told = f"{bought.unused} of {bought.sessions} sessions unused, of {price}: {back}."
        if self.kept_minor:
            kept = money.display(self.kept_minor, bought.currency)
            told += f" {kept} stay with the mentor."
        if self.rounding:
            way = "up" if self.rounding > 0 else "down"
            told += f" Rounded {way} by {abs(self.rounding)} of the smallest unit."
        return told


@dataclass(frozen=True, slots=True)
class Quote:
    """What refunding a pack would move now."""

    pack: Pack
    lines: list[Line]

    @property
    def sessions(self) -> int:
        """How many unused sessions would end."""
        return sum(line.purchase.unused for line in self.lines)

    @property
    def amounts(self) -> dict[str, int]:
        """What would be paid back, in minor units by currency."""
        totals: dict[str, int] = {}
        for line in self.lines:
            currency = line.purchase.currency
            totals[currency] = totals.get(currency, 0) + line.amount_minor
        return totals

    @property
    def mark(self) -> str:
        """What a form sends back, so that only what was shown is moved."""
        return ",".join(f"{line.purchase.pk}:{line.amount_minor}" for line in self.lines)


def quote(reference: str, *, by: Person) -> Quote:
    """What refunding this pack would pay back now; refuses as `issue` does."""
    pack = packs.find(reference, for_=by)
    _demand_refundable(pack, by)
    unused = pack.purchases.filter(unused__gt=0).order_by("pk")
    return Quote(pack, [_line(purchase) for purchase in unused])


@transaction.atomic
def issue(reference: str, *, by: Person, expecting: str | None = None, now: datetime) -> Quote:
    """End a pack: its unused sessions are paid back, and its seat is free. Gives what was moved.

    `expecting` is the `mark` that was shown. Sessions that are scheduled stay so. Refuses
    `not_found`, `not_allowed` (the mentee), `not_possible` (nothing unused), `refund_changed`.
    """
    pack = packs.find(reference, for_=by)
    seats.lock(pack.mentorship.mentor_id)
    moved = quote(reference, by=by)
    if expecting is not None and expecting != moved.mark:
        raise PackRefundChanged
    for line in moved.lines:
        _give_back(line, by=by, now=now)
    pack = moved.pack
    if pack.status != Pack.Status.REFUNDED:
        pack.over_at = pack.over_at or now
        PACK.move(pack, Pack.Status.REFUNDED, by=by.pk, at=now, also=["over_at"])
    seat = seats.live_one(pack.mentorship)
    reminders.plan(pack, seat, now=now)
    others = pack.mentorship.packs.filter(status=Pack.Status.ACTIVE)
    if seat is not None and not others.exists():
        renewals.give_up(seat, by=by.pk, now=now, why="the pack was refunded")
    return moved


def _demand_refundable(pack: Pack, by: Person) -> None:
    if not by.is_staff and pack.mentorship.mentor.person_id != by.pk:
        raise NotAllowed("Only the mentor can refund a pack.")
    if pack.balance == 0:
        raise NotPossible("Every session of this pack is used, so there is nothing to pay back.")


def _line(purchase: Purchase) -> Line:
    """The unused part, so that several refunds of one purchase add up to their whole part."""
    before = purchase.entries.filter(kind=PackEntry.Kind.REFUND).aggregate(n=Sum("sessions"))["n"]
    ended = purchase.unused - (before or 0)
    exact = Fraction(purchase.price_minor * ended, purchase.sessions)
    step = money.step(purchase.currency)
    whole = money.share(purchase.price_minor, ended, purchase.sessions, step=step)
    payment = _payment(purchase)
    already = payment.refunded_minor if payment else 0
    amount = min(max(whole - already, 0), purchase.price_minor - already)
    return Line(purchase, amount, purchase.price_minor - already - amount, whole - exact)


def _payment(purchase: Purchase) -> Payment | None:
    """The money that paid for it; None if it had no price."""
    paid = Payment.objects.filter(
        settles=True, order__purpose=PURPOSE, order__purpose_id=purchase.pk
    )
    return paid.first()


def _give_back(line: Line, *, by: Person, now: datetime) -> None:
    purchase = line.purchase
    packs.enter(purchase, PackEntry.Kind.REFUND, -purchase.unused, by=by.pk, now=now)
    payment = _payment(purchase)
    if payment is None or not line.amount_minor:
        return
    payment.order = Order.objects.select_for_update().get(pk=payment.order_id)
    reason = Refund.Reason.STAFF if by.is_staff else Refund.Reason.MENTOR
    refunds.promise(payment, line.amount_minor, reason=reason, by=by.pk, now=now)
