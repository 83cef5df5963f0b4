"""The line for seats with a mentor: who waited gets the first free seat, for a day (SPEC §9).

A free seat belongs to the line as long as there is one: newcomers do not overtake it. Offers hold
until they are paid or over, so a purchase that was not paid in time costs nobody the turn.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from openmentor.base.errors import NotPossible
from openmentor.booking import waiting
from openmentor.booking.models import WaitingEntry
from openmentor.booking.waiting import Line, Standing
from openmentor.mentors import mentors, pack_offers
from openmentor.mentors.models import Mentor
from openmentor.mentors.refusals import MentorUnavailable, OwnProfile
from openmentor.mentorships import purchases, seats
from openmentor.mentorships.models import Purchase, Seat
from openmentor.mentorships.purchases import PaidPack
from openmentor.payments.models import Payment
from openmentor.people.models import Person

OFFER_HOLDS = timedelta(hours=24)
_WAITING, _OFFERED = WaitingEntry.IN_LINE


@transaction.atomic
def buy(mentee: Person, *, offer: str, now: datetime) -> Purchase:
    """Begin to buy a pack, as `purchases.begin`; a seat that others waited for is not free."""
    mentor_id = pack_offers.find(offer).mentor_id
    seats.lock(mentor_id)
    line = waiting.for_mentor(mentor_id)
    promised = _promised(line, mentee, now=now)
    purchase = purchases.begin(mentee, offer=offer, promised=promised, now=now)
    if purchase.status == Purchase.Status.PAID:
        _leave_with_a_seat(line, mentee, now=now)
    return purchase


@transaction.atomic
def enter(mentee: Person, *, handle: str, now: datetime) -> WaitingEntry:
    """Wait for a seat with this mentor.

    Refuses `not_found`, `own_profile`, `mentor_unavailable`, `already_joined` (in line already),
    and `not_possible` to who has a seat, or while one is free.
    """
    mentor = mentors.find(handle, seen_by=mentee)
    if mentor.person_id == mentee.pk:
        raise OwnProfile
    if not mentor.takes_bookings:
        raise MentorUnavailable
    seats.lock(mentor.pk)
    line = waiting.for_mentor(mentor.pk)
    if Seat.objects.filter(mentor=mentor, mentorship__mentee=mentee, status__in=Seat.LIVE).exists():
        raise NotPossible("You have a seat with this mentor.")
    free = seats.room(mentor).free
    if waiting.standing(line, mentee) is None and (
        free is None or free > _promised(line, mentee, now=now)
    ):
        raise NotPossible("There is a free seat. You can buy a pack at once.")
    return waiting.enter(line, mentee, now=now)


@transaction.atomic
def leave(mentee: Person, *, handle: str, now: datetime) -> None:
    """Wait no more; a seat that was offered is offered to the next. Else `not_possible`."""
    mentor = mentors.find(handle, seen_by=mentee)
    seats.lock(mentor.pk)
    line = waiting.for_mentor(mentor.pk)
    waiting.leave(line, mentee, now=now)
    _offer(line, mentor, now=now)


def standing(mentor: Mentor, mentee: Person) -> Standing | None:
    """Where the mentee is in the mentor's line; None if not in it."""
    return waiting.standing(waiting.for_mentor(mentor.pk), mentee)


def tend_due(*, now: datetime) -> int:
    """Offers whose time is over go to the next, and so do seats that became free; how many."""
    lined_up = WaitingEntry.objects.filter(
        subject=WaitingEntry.Subject.MENTOR, status__in=WaitingEntry.IN_LINE
    )
    keys = lined_up.values_list("subject_id", flat=True).distinct().order_by("subject_id")
    return sum(_tend(key, now=now) for key in list(keys))


@transaction.atomic
def _tend(mentor_id: int, *, now: datetime) -> int:
    seats.lock(mentor_id)
    line = waiting.for_mentor(mentor_id)
    mentor = Mentor.objects.get(pk=mentor_id)
    waiting.lapse(line, now=now)
    return _offer(line, mentor, now=now)


def _offer(line: Line, mentor: Mentor, *, now: datetime) -> int:
    """Offer the seats that are free and not offered yet; how many."""
    free = seats.room(mentor).free
    if not mentor.takes_bookings or free == 0:
        return 0
    offered = _unseated(line).filter(status=_OFFERED, offered_until__gt=now).count()
    most = waiting.length(line) if free is None else max(free - offered, 0)
    return len(waiting.offer(line, most=most, until=now + OFFER_HOLDS, now=now)) if most else 0


def _promised(line: Line, mentee: Person, *, now: datetime) -> int:
    """How many free seats belong to others who wait: all of them, or those before the mentee."""
    others = _unseated(line).exclude(person=mentee)
    mine = _unseated(line).filter(person=mentee).first()
    if mine is None:
        return others.count()
    if mine.status == _OFFERED and mine.offered_until and mine.offered_until > now:
        return others.filter(status=_OFFERED).count()
    return (
        others.filter(status=_OFFERED).count()
        + others.filter(status=_WAITING, pk__lt=mine.pk).count()
    )


def _unseated(line: Line) -> QuerySet[WaitingEntry]:
    """Those in line who are not paying for a seat at this moment."""
    seated = Seat.objects.filter(mentor=line.subject_id, status__in=Seat.LIVE)
    return WaitingEntry.objects.filter(
        subject=line.subject, subject_id=line.subject_id, status__in=WaitingEntry.IN_LINE
    ).exclude(person__in=seated.values("mentorship__mentee"))


def _leave_with_a_seat(line: Line, mentee: Person, *, now: datetime) -> None:
    if not waiting.take(line, mentee, now=now):
        waiting.forget(line, mentee, now=now)


class SeatBought(PaidPack):
    """A purchase as money sees it: late money does not take the seat that others waited for."""

    def __init__(self, mentor_id: int, purchase_id: int) -> None:
        super().__init__(mentor_id, purchase_id)
        self._line = waiting.for_mentor(mentor_id)

    def give(self, payment: Payment, *, now: datetime) -> bool:
        """Fill the pack; who had to wait for the seat waits no more."""
        payer = payment.order.payer
        self.promised = _promised(self._line, payer, now=now)
        is_given = super().give(payment, now=now)
        if is_given:
            _leave_with_a_seat(self._line, payer, now=now)
        return is_given
