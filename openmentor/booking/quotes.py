"""What cancelling would mean, told before anybody confirms it."""

from dataclasses import dataclass
from datetime import datetime

from openmentor.booking import permits, sessions
from openmentor.booking.models import Booking, Session
from openmentor.booking.permits import Side
from openmentor.people.models import Person


@dataclass(frozen=True, slots=True)
class Quote:
    """What comes back to the mentee, in minor units, by which policy, and in a sentence."""

    amount_minor: int
    currency: str
    policy: str
    sentence: str


def cancelling(reference: str, *, by: Person, now: datetime) -> Quote:
    """What would happen if `by` cancelled the session now.

    The policy is `mentor_cancels` when the mentor or staff do: then everything comes back.
    Refuses as `sessions.cancel` would.
    """
    session = sessions.find(reference, for_=by)
    side = permits.side_of(session, by)
    permits.demand_cancellable(session, side, now)
    place = _place(session, by, side)
    policy = place.refund_policy if place else session.mentor.refund_policy
    return Quote(
        amount_minor=0,
        currency=session.currency,
        policy=policy if side is Side.MENTEE else "mentor_cancels",
        sentence=_sentence(side),
    )


def _place(session: Session, by: Person, side: Side) -> Booking | None:
    if side is Side.MENTEE:
        return permits.booking_of(session, by)
    return max(session.bookings.all(), key=lambda booking: booking.pk, default=None)


def _sentence(side: Side) -> str:
    other = "the mentor" if side is Side.MENTEE else "everyone who booked it"
    return (
        "Nothing was paid, so nothing is paid back. "
        f"The time becomes free again and {other} is told."
    )
