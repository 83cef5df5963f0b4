"""What follows when a group session has more or fewer places: the line is served, doors close.

Whoever changes a place, an offer or the capacity calls `tend` before the transaction ends, with
the session's row locked since before the change.
"""

from datetime import datetime, timedelta

from django.db import transaction

from openmentor.booking import waiting
from openmentor.booking.lifecycle import SESSION
from openmentor.booking.models import Session, WaitingEntry

OFFER_HOLDS = timedelta(hours=24)
OFFERS_END = timedelta(hours=2)
"""So long before the start, what is still free is anybody's."""


def tend(session: Session, *, by: int | None, now: datetime) -> None:
    """Offer what is free to the first in line; the session is full, or open again.

    Nothing for a one-on-one session, or one that is over. The caller holds the session's row.
    """
    if session.mode != Session.Mode.GROUP:
        return
    session.refresh_from_db(fields=["places_taken", "capacity", "status"])
    if session.status not in Session.TAKING_TIME:
        return
    free = session.capacity - session.places_taken
    until = offers_until(session, now=now)
    if free and until > now:
        offered = waiting.offer(waiting.for_session(session.pk), most=free, until=until, now=now)
        session.places_taken += len(offered)
        free -= len(offered)
    after = Session.Status.OPEN if free else Session.Status.FULL
    if session.status != after:
        SESSION.move(session, after, by=by, at=now)


def offers_until(session: Session, *, now: datetime) -> datetime:
    """When an offer made now would end: a day, but two hours before the start at the latest."""
    ends = [now + OFFER_HOLDS, session.starts_at - OFFERS_END]
    if session.group.join_until is not None:
        ends.append(session.group.join_until)
    return min(ends)


def close(session: Session, *, now: datetime) -> None:
    """Nobody can get a place any more: the line is sent home."""
    if session.mode == Session.Mode.GROUP:
        waiting.close(waiting.for_session(session.pk), now=now)


def lapse_offers_due(*, now: datetime, most: int = 200) -> int:
    """Pass on the places whose offers are over; in how many sessions."""
    due = waiting.with_offers_due(WaitingEntry.Subject.SESSION, now=now, most=most)
    return sum(_lapse(line, now=now) for line in due)


@transaction.atomic
def _lapse(line: waiting.Line, *, now: datetime) -> bool:
    session = locked(line.subject_id)
    if not waiting.lapse(line, now=now):
        return False
    tend(session, by=None, now=now)
    return True


def locked(session_id: int) -> Session:
    """The group session with its facts, its row locked until the transaction ends."""
    return (
        Session.objects.select_for_update(of=("self",), no_key=True)
        .select_related("group")
        .get(pk=session_id)
    )
