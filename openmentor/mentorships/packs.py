"""Packs: prepaid sessions with one mentor. Filled by purchases, used up by bookings (SPEC §9).

Every verb that writes expects the lock on the mentor's seats, or takes it. The database keeps the
balance: a session more than there is breaks `pack_balance_is_never_negative`.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from openmentor.base import events, references
from openmentor.base.errors import NotFound, refusing
from openmentor.mentorships import reminders, seats
from openmentor.mentorships.lifecycle import PACK, PURCHASE
from openmentor.mentorships.models import Mentorship, Pack, PackEntry, Purchase, Seat
from openmentor.mentorships.refusals import NoPackSession
from openmentor.people.models import Person

_LAWS = {"pack_balance_is_never_negative": NoPackSession}


def find(reference: str, *, for_: Person) -> Pack:
    """The pack of this public id, with both sides loaded; `not_found` if not theirs to see."""
    packs = Pack.objects.visible_to(for_).with_both_sides()
    pack = packs.filter(reference=references.normalised(reference, "PACK")).first()
    if pack is None:
        raise NotFound("There is no such pack.")
    return pack


def fill(purchase: Purchase, *, by: int | None, promised: int = 0, now: datetime) -> Pack:
    """The purchase is paid: put it into the pair's pack, or into a new one; the seat is active.

    A pack that can still be extended keeps the later of its own end and now plus the validity.
    Refuses `seats_full` and `too_many_mentorships` if the pair has no seat and none is free;
    `promised` seats count as taken.
    """
    mentorship = purchase.mentorship
    seat = seats.live_one(mentorship)
    if seat is None:
        seats.demand_room(mentorship, promised=promised)
        seat = seats.take(mentorship, status=Seat.Status.ACTIVE, by=by, now=now)
    else:
        seats.activate(seat, by=by, now=now)
    ends_at = now + timedelta(days=purchase.validity_days)
    going = extendable(mentorship)
    pack = going or Pack.objects.create(
        mentorship=mentorship, status=Pack.Status.ACTIVE, expires_at=ends_at, created_at=now
    )
    purchase.pack, purchase.paid_at = pack, now
    PURCHASE.move(purchase, Purchase.Status.PAID, by=by, at=now, also=["pack", "paid_at"])
    enter(purchase, PackEntry.Kind.BUY, purchase.sessions, by=by, now=now)
    if going is None:
        PACK.begin(pack, by=by, at=now, sessions=purchase.sessions)
    else:
        _extend(pack, purchase, ends_at, by=by, now=now)
    pack.refresh_from_db(fields=["balance", "bought"])
    reminders.plan(pack, seat, now=now)
    return pack


def extendable(mentorship: Mentorship) -> Pack | None:
    """The pair's pack that a purchase extends: one that is active, or keeps its seat in grace."""
    going = Pack.objects.filter(mentorship=mentorship, over_at=None)
    return going.select_for_update().order_by("-pk").first()


def _extend(
    pack: Pack, purchase: Purchase, ends_at: datetime, *, by: int | None, now: datetime
) -> None:
    pack.expires_at = max(pack.expires_at, ends_at)
    pack.renewals += 1
    columns = ["expires_at", "renewals"]
    if pack.status == Pack.Status.ACTIVE:
        pack.save(update_fields=columns)
    else:
        PACK.move(pack, Pack.Status.ACTIVE, by=by, at=now, also=columns)
    _record(
        "pack.extended",
        pack,
        by=by,
        now=now,
        sessions=purchase.sessions,
        until=pack.expires_at.isoformat(),
    )


def spend(purchase: Purchase, *, booking_id: int, by: int | None, now: datetime) -> None:
    """Pay a booking with a session of this purchase. Refuses `no_pack_session`, at the latest."""
    with refusing(_LAWS), transaction.atomic():
        enter(purchase, PackEntry.Kind.SPEND, -1, booking_id=booking_id, by=by, now=now)
    pack = Pack.objects.get(purchases=purchase)
    _record("pack.session_spent", pack, by=by, now=now, booking=booking_id, left=pack.balance)
    if pack.balance == 0 and pack.status == Pack.Status.ACTIVE:
        PACK.move(pack, Pack.Status.EXHAUSTED, by=by, at=now)
    reminders.plan(pack, seats.live_one(pack.mentorship), now=now, spent=True)


def give_back(booking_id: int, *, by: int | None, now: datetime) -> bool:
    """The session that paid this booking is unused again; whether it was still to be given back.

    It comes back to where it came from: an exhausted pack is active again, and so is a seat
    that was in grace only for want of a session.
    """
    spent = (
        PackEntry.objects.filter(booking_id=booking_id, kind=PackEntry.Kind.SPEND)
        .select_related("purchase", "pack__mentorship")
        .get()
    )
    seats.lock(spent.pack.mentorship.mentor_id)
    if PackEntry.objects.filter(booking_id=booking_id, kind=PackEntry.Kind.RETURN).exists():
        return False
    enter(spent.purchase, PackEntry.Kind.RETURN, 1, booking_id=booking_id, by=by, now=now)
    pack = Pack.objects.select_related("mentorship").get(pk=spent.pack_id)
    seat = seats.live_one(pack.mentorship)
    _record("pack.session_returned", pack, by=by, now=now, booking=booking_id, left=pack.balance)
    is_valid = now < pack.expires_at
    if pack.status == Pack.Status.EXHAUSTED:
        after = Pack.Status.ACTIVE if is_valid else Pack.Status.EXPIRED
        PACK.move(pack, after, by=by, at=now)
    if seat is not None and seat.status == Seat.Status.GRACE and is_valid and pack.over_at is None:
        seats.activate(seat, by=by, now=now)
    reminders.plan(pack, seat, now=now)
    return True


def rest(mentorship_id: int, *, since: datetime, now: datetime) -> None:
    """The last session that was booked with the pair's packs is over, since then.

    With none left in any of them, grace begins.
    """
    mentorship = Mentorship.objects.select_related("mentor").get(pk=mentorship_id)
    seats.lock(mentorship.mentor_id)
    seat = seats.live_one(mentorship)
    if seat is None or seat.status != Seat.Status.ACTIVE:
        return
    going = list(Pack.objects.filter(mentorship=mentorship, over_at=None).order_by("pk"))
    if any(pack.status == Pack.Status.ACTIVE for pack in going):
        return
    days = mentorship.mentor.grace_period_days
    seats.begin_grace(seat, since=since, days=days, now=now)
    for pack in going:
        reminders.plan(pack, seat, now=now)


def enter(
    purchase: Purchase,
    kind: str,
    sessions: int,
    *,
    by: int | None,
    now: datetime,
    booking_id: int | None = None,
) -> None:
    """Write one line of the ledger; the database adds it to the balance."""
    assert purchase.pack_id is not None  # noqa: S101 - purchase_paid_is_in_a_pack
    PackEntry.objects.create(
        pack_id=purchase.pack_id,
        purchase=purchase,
        kind=kind,
        sessions=sessions,
        booking_id=booking_id,
        actor_id=by,
        at=now,
    )


def _record(name: str, pack: Pack, *, by: int | None, now: datetime, **data: Any) -> None:
    events.record(
        name,
        subject=PACK.subject,
        subject_id=pack.pk,
        actor_id=by,
        at=now,
        from_state=pack.status,
        to_state=pack.status,
        **data,
    )
