"""Buying a pack: a seat is kept for a quarter of an hour, and it is paid like everything else."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from openmentor.mentors import pack_offers
from openmentor.mentors.models import PackOffer
from openmentor.mentors.refusals import MentorUnavailable, OwnProfile
from openmentor.mentorships import packs, seats
from openmentor.mentorships.lifecycle import PURCHASE
from openmentor.mentorships.models import Mentorship, Purchase, Seat
from openmentor.mentorships.refusals import (
    PackCannotBePaid,
    PackUnavailable,
    SeatsFull,
    TooManyMentorships,
)
from openmentor.payments import orders, providers
from openmentor.payments.models import Order, Payment
from openmentor.people import people
from openmentor.people.models import Person

PURPOSE = "pack"
HOLD = timedelta(minutes=15)


@transaction.atomic
def begin(mentee: Person, *, offer: str, promised: int = 0, now: datetime) -> Purchase:
    """Buy a pack: its seat is held, with an order to pay within 15 minutes.

    A pair that has a seat keeps it, and its pack will be extended. A pack without a price is had
    at once. `promised` is how many free seats others have a right to. Refuses, before there is
    anything to pay: `email_not_verified`, `not_found`, `own_profile`, `mentor_unavailable`,
    `pack_unavailable`, `payment_unavailable`, `seats_full`, `too_many_mentorships`.
    """
    people.demand_verified(mentee)
    seats.lock(pack_offers.find(offer).mentor_id)
    wanted = pack_offers.find(offer)
    _demand_for_sale(wanted, mentee)
    mentorship, _ = Mentorship.objects.get_or_create(mentor=wanted.mentor, mentee=mentee)
    is_free = wanted.price_minor == 0
    _hold_seat(mentorship, promised=promised, now=now)
    purchase = Purchase.objects.create(
        mentorship=mentorship,
        offer=wanted,
        session_type=wanted.session_type,
        status=Purchase.Status.HELD,
        sessions=wanted.sessions,
        validity_days=wanted.validity_days,
        price_minor=wanted.price_minor,
        currency=wanted.currency,
        created_at=now,
    )
    PURCHASE.begin(purchase, by=mentee.pk, at=now)
    if is_free:
        packs.fill(purchase, by=mentee.pk, promised=promised, now=now)
    else:
        _open_order(purchase, wanted, mentee, now=now)
    return purchase


def order_of(purchase: Purchase) -> Order | None:
    """What is to be paid, or was paid, for this purchase; None if it has no price."""
    return Order.objects.filter(purpose=PURPOSE, purpose_id=purchase.pk).order_by("-pk").first()


def _demand_for_sale(offer: PackOffer, mentee: Person) -> None:
    if offer.mentor.person_id == mentee.pk:
        raise OwnProfile
    if not offer.mentor.takes_bookings or not offer.mentor.person.is_active:
        raise MentorUnavailable
    if not offer.is_active:
        raise PackUnavailable
    if offer.price_minor and not providers.enabled():
        raise PackCannotBePaid


def _hold_seat(mentorship: Mentorship, *, promised: int, now: datetime) -> None:
    seat = seats.live_one(mentorship)
    if seat is None:
        seats.demand_room(mentorship, promised=promised)
        seats.take(
            mentorship,
            status=Seat.Status.HELD,
            by=mentorship.mentee_id,
            now=now,
            hold_until=now + HOLD,
        )
    else:
        seats.keep(seat, until=now + HOLD)


def _open_order(purchase: Purchase, offer: PackOffer, payer: Person, *, now: datetime) -> Order:
    return orders.open_for(
        payer,
        purpose=PURPOSE,
        purpose_id=purchase.pk,
        mentor_id=offer.mentor_id,
        description=offer.title,
        amount_minor=purchase.price_minor,
        currency=purchase.currency,
        commission_basis_points=settings.COMMISSION_BASIS_POINTS,
        provider=providers.usual(),
        expires_at=now + HOLD,
        now=now,
    )


class PaidPack:
    """A purchase as money sees it, read under the lock on the mentor's seats.

    `promised` is how many free seats others have a right to; late money does not take those.
    """

    def __init__(self, mentor_id: int, purchase_id: int) -> None:
        seats.lock(mentor_id)
        self.promised = 0
        self.purchase = (
            Purchase.objects.select_for_update(of=("self",))
            .select_related("mentorship")
            .get(pk=purchase_id)
        )

    @property
    def is_paid(self) -> bool:
        """Whether other money has paid for it before."""
        return self.purchase.status == Purchase.Status.PAID

    def give(self, payment: Payment, *, now: datetime) -> bool:
        """Fill the pack; late money finds the seat again, or another one, or nothing."""
        try:
            with transaction.atomic():
                packs.fill(
                    self.purchase, by=payment.order.payer_id, promised=self.promised, now=now
                )
        except (SeatsFull, TooManyMentorships):
            return False
        return True

    def note_failure(self) -> None:
        """The order says so itself; the seat stays held."""

    def let_go(self, *, now: datetime) -> None:
        """The hold is over: a seat that was only held is free again."""
        if self.purchase.status != Purchase.Status.HELD:
            return
        PURCHASE.move(
            self.purchase, Purchase.Status.EXPIRED, by=None, at=now, why="not paid in time"
        )
        seat = seats.live_one(self.purchase.mentorship)
        others = self.purchase.mentorship.purchases.filter(status=Purchase.Status.HELD)
        if seat is not None and seat.status == Seat.Status.HELD and not others.exists():
            seats.free(seat, by=None, now=now, why="not paid in time")
