"""What cancelling would give back, told before anybody confirms it, and then moved exactly."""

from dataclasses import dataclass
from datetime import datetime

from openmentor.base import money
from openmentor.booking import permits, policy
from openmentor.booking.models import Booking, Session
from openmentor.booking.permits import Side
from openmentor.payments.models import Refund

MENTOR_CANCELS = "mentor_cancels"


@dataclass(frozen=True, slots=True)
class Part:
    """A sum to give back, in minor units, and why; or whether a pack's session comes back."""

    amount_minor: int
    reason: str
    pack_session: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """What comes back to the mentees, in minor units, by which policy, and in a sentence."""

    amount_minor: int
    currency: str
    policy: str
    sentence: str


def cancelling(session: Session, *, side: Side, now: datetime) -> Quote:
    """What would happen if this side cancelled the session now.

    The policy is `mentor_cancels` when the mentor or staff do: then everything comes back.
    Refuses as `sessions.cancel` would.
    """
    permits.demand_cancellable(session, side, now)
    place = max(session.bookings.all(), key=lambda booking: booking.pk, default=None)
    agreed = place.refund_policy if place else session.mentor.refund_policy
    amount = refund(session, side, now=now)
    return Quote(
        amount_minor=amount,
        currency=session.currency,
        policy=agreed if side is Side.MENTEE else MENTOR_CANCELS,
        sentence=_sentence(session, amount, side, now=now),
    )


def leaving(booking: Booking, *, now: datetime) -> Quote:
    """What would come back to somebody who gave up this place in a group session now."""
    amount = part(booking, Side.MENTEE, now=now).amount_minor
    paid = booking.payment_status == Booking.PaymentStatus.PAID
    if amount:
        back = f"{money.display(amount, booking.currency)} is paid back."
    elif paid:
        back = "By the refund policy nothing is paid back any more."
    else:
        back = "Nothing was paid, so nothing is paid back."
    return Quote(
        amount_minor=amount,
        currency=booking.currency,
        policy=booking.refund_policy,
        sentence=f"{back} Your place goes to the next person.",
    )


def refund(session: Session, side: Side, *, now: datetime) -> int:
    """All that would be paid back if this side cancelled the session now, in minor units."""
    return sum(
        part(booking, side, now=now).amount_minor
        for booking in session.bookings.all()
        if booking.status in Booking.LIVE
    )


def part(booking: Booking, side: Side, *, now: datetime) -> Part:
    """What this booking would give back: by its policy, or all of it if it is not the mentee.

    A pack's session comes back until the limit for a full refund; half a session does not exist.
    """
    if booking.payment_mode == Booking.PaymentMode.PACK:
        is_in_time = side is not Side.MENTEE or policy.is_in_full(
            booking.refund_policy, starts_at=booking.starts_at, now=now
        )
        return Part(0, Refund.Reason.POLICY, pack_session=is_in_time)
    if booking.payment_status != Booking.PaymentStatus.PAID:
        return Part(0, Refund.Reason.POLICY)
    if side is not Side.MENTEE:
        return in_full(booking)
    amount = policy.refund_minor(
        booking.amount_minor,
        booking.currency,
        policy=booking.refund_policy,
        starts_at=booking.starts_at,
        now=now,
    )
    return Part(amount, Refund.Reason.POLICY)


def in_full(booking: Booking) -> Part:
    """All that was paid for this booking."""
    paid = booking.payment_status == Booking.PaymentStatus.PAID
    by_pack = booking.payment_mode == Booking.PaymentMode.PACK
    return Part(booking.amount_minor if paid else 0, Refund.Reason.MENTOR, pack_session=by_pack)


def _sentence(session: Session, amount_minor: int, side: Side, *, now: datetime) -> str:
    other = "the mentor" if side is Side.MENTEE else "everyone who booked it"
    told = f"The time becomes free again and {other} is told."
    for place in session.bookings.all():
        if place.pack_id and place.status in Booking.LIVE:
            comes_back = part(place, side, now=now).pack_session
            way = "comes back to" if comes_back else "counts as used in"
            return f"The session {way} the pack that paid for it. {told}"
    if amount_minor:
        return f"{money.display(amount_minor, session.currency)} is paid back. {told}"
    if _was_paid(session):
        return f"By the refund policy nothing is paid back any more. {told}"
    return f"Nothing was paid, so nothing is paid back. {told}"


def _was_paid(session: Session) -> bool:
    return any(
        booking.payment_status == Booking.PaymentStatus.PAID for booking in session.bookings.all()
    )
