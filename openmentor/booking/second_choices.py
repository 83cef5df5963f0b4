"""Another time for a request that lost its own: one of the alternatives, in one step."""

from datetime import datetime

from openmentor.base.errors import NotPossible
from openmentor.booking import bookings, requests, sessions
from openmentor.booking.models import Session
from openmentor.people.models import Person


def take(reference: str, *, by: Person, starts_at: datetime, now: datetime) -> Session:
    """Have this time instead of the one that a rejected request of `by` asked for.

    A session type is booked like any free time; a length of one's own is asked for anew. Refuses
    `not_found`, `not_possible` (not rejected, or somebody else's), and as those two do.
    """
    lost = sessions.find(reference, for_=by)
    if lost.status != Session.Status.REJECTED or lost.requested_by_id != by.pk:
        raise NotPossible
    if lost.session_type is None:
        return requests.propose(
            by,
            handle=lost.mentor.handle,
            starts_at=starts_at,
            minutes=sessions.minutes_of(lost),
            message=lost.request.message,
            now=now,
        )
    return bookings.book(
        by,
        handle=lost.mentor.handle,
        session_type=lost.session_type.reference,
        starts_at=starts_at,
        notes=lost.request.message,
        now=now,
    )
