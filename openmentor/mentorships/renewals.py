"""What time does to packs and seats: packs expire, grace begins, grace ends, reminders go out.

Each job takes one thing at a time under the lock on its mentor's seats and looks again, so a
renewal that comes at the same moment is before it or after it, and never lost.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from openmentor.mentorships import packs, reminders, seats
from openmentor.mentorships.lifecycle import PACK
from openmentor.mentorships.models import Mentorship, Pack, PackEntry, Seat


def tend(*, now: datetime) -> None:
    """Do all that is due, in the order in which it happens to one pack."""
    expire_due(now=now)
    release_due(now=now)
    reminders.send_due(now=now)


def expire_due(*, now: datetime, most: int = 200) -> int:
    """Packs whose time is over expire, and grace begins for their seats; how many."""
    seated = Seat.objects.filter(mentorship=OuterRef("mentorship"), status=Seat.Status.ACTIVE)
    due = Pack.objects.filter(
        Q(status=Pack.Status.ACTIVE)
        | Q(Exists(seated), status=Pack.Status.EXHAUSTED, over_at=None),
        expires_at__lte=now,
    ).order_by("expires_at")
    return sum(_expire(key, now=now) for key in due.values_list("pk", flat=True)[:most])


@transaction.atomic
def _expire(pack_id: int, *, now: datetime) -> bool:
    pack = _locked(pack_id)
    if pack.expires_at > now:
        return False
    if pack.status == Pack.Status.ACTIVE:
        PACK.move(pack, Pack.Status.EXPIRED, by=None, at=now)
    if pack.over_at is not None:  # A session came back to it late; that can still be refunded.
        return True
    packs.rest(pack.mentorship_id, since=pack.expires_at, now=now)
    seat = seats.live_one(pack.mentorship)
    if seat is None:  # Staff took the seat before: there is no grace to wait for.
        lapse(pack, by=None, now=now)
    else:
        reminders.plan(pack, seat, now=now)
    return True


def release_due(*, now: datetime, most: int = 200) -> int:
    """Seats whose grace is over are free again, unless one is just being paid for; how many."""
    over = Seat.objects.filter(_is_over(now)).order_by("grace_until")
    return sum(_release(key, now=now) for key in over.values_list("pk", flat=True)[:most])


@transaction.atomic
def _release(seat_id: int, *, now: datetime) -> bool:
    seats.lock(Seat.objects.values_list("mentor", flat=True).get(pk=seat_id))
    seat = Seat.objects.select_for_update().filter(_is_over(now), pk=seat_id).first()
    if seat is None:
        return False
    give_up(seat, by=None, now=now, why="grace is over")
    return True


def give_up(seat: Seat, *, by: int | None, now: datetime, why: str) -> None:
    """Free the seat; what cannot be booked with any more lapses. The caller holds the lock."""
    mentorship = Mentorship.objects.get(pk=seat.mentorship_id)
    seats.free(seat, by=by, now=now, why=why)
    for pack in Pack.objects.filter(mentorship=mentorship, over_at=None).order_by("pk"):
        if pack.status == Pack.Status.ACTIVE and pack.expires_at > now:
            reminders.plan(pack, None, now=now)
        else:
            lapse(pack, by=by, now=now)


def lapse(pack: Pack, *, by: int | None, now: datetime) -> None:
    """The pack is over for good: what is left in it expires, and nothing can extend it."""
    for purchase in pack.purchases.filter(unused__gt=0).order_by("pk"):
        packs.enter(purchase, PackEntry.Kind.EXPIRE, -purchase.unused, by=by, now=now)
    pack.over_at = now
    pack.save(update_fields=["over_at"])
    reminders.plan(pack, None, now=now)


def _locked(pack_id: int) -> Pack:
    """The pack, read after the lock on its mentor's seats."""
    owner = Pack.objects.values_list("mentorship__mentor", flat=True)
    seats.lock(owner.get(pk=pack_id))
    return Pack.objects.select_related("mentorship").get(pk=pack_id)


def _is_over(now: datetime) -> Q:
    is_being_paid = Q(hold_until__isnull=False, hold_until__gt=now)
    return Q(status=Seat.Status.GRACE, grace_until__lte=now) & ~is_being_paid
