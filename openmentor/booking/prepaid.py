"""Sessions that a pack pays: taken with the booking, and given back or used up when it ends."""

from datetime import datetime
from typing import Any

from openmentor.base.errors import NotFound
from openmentor.booking.models import Booking, Session
from openmentor.booking.permits import Side
from openmentor.mentors.models import Mentor
from openmentor.mentors.refusals import OwnProfile
from openmentor.mentorships import choice, packs, seats
from openmentor.mentorships.models import Purchase
from openmentor.mentorships.refusals import PackExpired
from openmentor.people.models import Person


def session_type_of(mentee: Person, *, handle: str, pack: str, starts_at: datetime) -> str:
    """The reference of the session type that is booked when only a pack is said.

    `pack` is a reference, or empty for the one that expires first. Refuses `not_found`,
    `own_profile`, and what `choice.choose` does.
    """
    mentor = Mentor.objects.filter(handle=handle.lower()).only("pk", "person_id").first()
    if mentor is None:
        raise NotFound("There is no such mentor.")
    if mentor.person_id == mentee.pk:
        raise OwnProfile
    purchase = choice.choose(mentee, mentor_id=mentor.pk, starts_at=starts_at, pack=pack)
    return purchase.session_type.reference


def chosen(
    mentee: Person, *, mentor_id: int, session_type_id: int, pack: str, starts_at: datetime
) -> Purchase:
    """What pays for a session of this type then; nobody else spends it in this transaction."""
    seats.lock(mentor_id)
    return choice.choose(
        mentee,
        mentor_id=mentor_id,
        starts_at=starts_at,
        pack=pack,
        session_type_id=session_type_id,
    )


def asked_for(session: Session, mentee: Person) -> Purchase | None:
    """What pays for a request that is just accepted; None where money is to, or nothing."""
    pack = session.request.pack
    if pack is None or session.session_type_id is None:
        return None
    return chosen(
        mentee,
        mentor_id=session.mentor_id,
        session_type_id=session.session_type_id,
        pack=pack.reference,
        starts_at=session.starts_at,
    )


def columns(purchase: Purchase | None, *, price_minor: int, hold_until: datetime) -> dict[str, Any]:
    """What a new booking says of its payment: a pack has paid, it is free, or it is held."""
    if purchase is not None:
        return {
            "status": Booking.Status.CONFIRMED,
            "amount_minor": 0,
            "payment_status": Booking.PaymentStatus.PAID,
            "payment_mode": Booking.PaymentMode.PACK,
            "pack": purchase.pack,
        }
    if price_minor == 0:
        return {"status": Booking.Status.CONFIRMED}
    return {
        "status": Booking.Status.HELD,
        "amount_minor": price_minor,
        "payment_status": Booking.PaymentStatus.PENDING,
        "hold_until": hold_until,
    }


def demand_valid(booking: Booking, side: Side, starts_at: datetime) -> None:
    """Refuse a mentee who moves a session beyond the end of its pack (`pack_expired`)."""
    if side is Side.MENTEE and booking.pack and starts_at > booking.pack.expires_at:
        raise PackExpired


def pay(booking: Booking, purchase: Purchase, *, by: int, now: datetime) -> None:
    """Take the session that pays for this booking, in the transaction that makes it."""
    packs.spend(purchase, booking_id=booking.pk, by=by, now=now)


def end(booking: Booking, *, comes_back: bool, by: int | None, now: datetime) -> None:
    """The booking is over, cancelled or missed; its session comes back or counts as used.

    Nothing for bookings that no pack paid. The caller moved the booking already. When no other
    session of the pair's packs is to come and none is left, the seat's grace begins.
    """
    if booking.pack_id is None:
        return
    if comes_back:
        packs.give_back(booking.pk, by=by, now=now)
    assert booking.pack is not None  # noqa: S101 - booking_by_pack_names_its_pack
    pair = booking.pack.mentorship_id
    to_come = Booking.objects.filter(pack__mentorship=pair, status__in=Booking.LIVE)
    if not to_come.exists():
        packs.rest(pair, since=min(now, booking.ends_at), now=now)
