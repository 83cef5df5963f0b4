"""Giving a seat up before its time: by its mentor when nothing is left to book, by staff always."""

from datetime import datetime

from django.db import transaction

from openmentor.base.errors import NotAllowed, NotPossible
from openmentor.mentorships import packs, renewals, seats
from openmentor.mentorships.models import Pack, Seat
from openmentor.people.models import Person


@transaction.atomic
def release(reference: str, *, by: Person, now: datetime) -> None:
    """Free the seat that goes with this pack; what cannot be booked with any more lapses.

    Refuses `not_found`, `not_allowed` (the mentee), and `not_possible`: there is no seat, or
    sessions are left that can be booked; then the mentor refunds the pack instead.
    """
    pack = packs.find(reference, for_=by)
    if not by.is_staff and pack.mentorship.mentor.person_id != by.pk:
        raise NotAllowed("Only the mentor can release a seat.")
    seats.lock(pack.mentorship.mentor_id)
    seat = seats.live_one(pack.mentorship)
    if seat is None or seat.status == Seat.Status.HELD:
        raise NotPossible("There is no seat to release.")
    is_bookable = pack.mentorship.packs.filter(status=Pack.Status.ACTIVE).exists()
    if is_bookable and not by.is_staff:
        raise NotPossible("There are sessions left to book. Refund the pack to release the seat.")
    renewals.give_up(seat, by=by.pk, now=now, why="released")
