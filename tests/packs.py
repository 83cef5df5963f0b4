"""Packs as tests need them: offered, bought and paid by the verbs."""

from datetime import datetime
from itertools import count
from typing import Any

from openmentor.booking import seat_line, settlement
from openmentor.mentors import pack_offers
from openmentor.mentors.models import Mentor, PackOffer, SessionType
from openmentor.mentorships import purchases
from openmentor.mentorships.models import Pack, Purchase, Seat
from openmentor.payments.models import Order, Payment
from openmentor.payments.providers.interface import Outcome, PaymentReport
from openmentor.people.models import Person

PRICE = 100_000
_payments = count(1)


def offer(of: Mentor, *, now: datetime, **facts: Any) -> PackOffer:
    """Four sessions of the mentor's first session type in 45 days for 1,000.00, unless said."""
    first = SessionType.objects.filter(mentor=of).order_by("pk").first()
    assert first is not None
    usual: dict[str, Any] = {
        "title": "Four sessions",
        "sessions": 4,
        "validity_days": 45,
        "price_minor": PRICE,
    }
    values = {"session_type": first.reference} | usual | facts
    return pack_offers.create(of.pk, by=of.person, now=now, **values)


def begun(mentee: Person, of: PackOffer, *, now: datetime) -> tuple[Purchase, Order]:
    """A purchase that waits to be paid, and its order."""
    purchase = seat_line.buy(mentee, offer=of.reference, now=now)
    order = purchases.order_of(purchase)
    assert order is not None
    return purchase, order


def pay(order: Order, *, now: datetime) -> Payment | None:
    """The provider captured the money for this order."""
    report = PaymentReport(
        provider_order_id=order.provider_order_id,
        provider_payment_id=f"pay-for-a-pack-{next(_payments)}",
        outcome=Outcome.CAPTURED,
        amount_minor=order.amount_minor,
        currency=order.currency,
    )
    return settlement.settle(order.pk, report, now=now)


def bought(mentee: Person, of: PackOffer, *, now: datetime) -> Pack:
    """A pack that was bought and paid; extended if there was one."""
    purchase = seat_line.buy(mentee, offer=of.reference, now=now)
    order = purchases.order_of(purchase)
    if order is not None:
        pay(order, now=now)
    return Pack.objects.get(purchases=purchase)


def seat(mentee: Person, with_: Mentor) -> Seat:
    """The newest seat of this pair."""
    return Seat.objects.filter(mentorship__mentee=mentee, mentor=with_).latest("pk")


def ledger(of: Pack) -> list[tuple[str, int]]:
    """The lines of a pack's ledger, oldest first."""
    return list(of.entries.values_list("kind", "sessions"))
