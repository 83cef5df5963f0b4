"""Reminders: a day and an hour before a session, as rows that follow it wherever it goes.

They are messages that are due later. Whether one is still right is judged when it is sent.
"""

from datetime import datetime

from django.db.models import Q

from openmentor.booking.models import Session
from openmentor.delivery import happenings
from openmentor.delivery.kinds import REMINDERS
from openmentor.delivery.models import Message
from openmentor.people.models import Person

STALE = "The session was moved or called off."


def follow(session: Session, *, now: datetime) -> None:
    """Make the rows what the session asks for now, its bookings with mentees loaded.

    What is due already is not written any more: whoever books within a day needs no word that it
    is a day away. Rows for another time, or for somebody without a place, fall silent.
    """
    invited = _invited(session)
    queued = Message.objects.filter(
        session=session, starts_at__isnull=False, state=Message.State.QUEUED
    )
    right = Q(starts_at=session.starts_at, person__in=invited)
    queued.exclude(right).update(state=Message.State.DROPPED, trouble=STALE)
    for kind, (before, _) in REMINDERS.items():
        due_at = session.starts_at - before
        if due_at > now:
            _want(kind, session, invited, due_at=due_at)


def _invited(session: Session) -> list[Person]:
    """Who is to be reminded: everybody with a confirmed place, and their mentor."""
    if session.status not in Session.TAKING_TIME:
        return []
    mentees = happenings.confirmed(session)
    return [session.mentor.person, *mentees] if mentees else []


def _want(kind: str, session: Session, people: list[Person], *, due_at: datetime) -> None:
    """A row for each; one that fell silent before (there and back again) is queued once more."""
    Message.objects.bulk_create(
        [
            Message(
                kind=kind,
                person=person,
                session=session,
                starts_at=session.starts_at,
                due_at=due_at,
                try_at=due_at,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    Message.objects.filter(
        kind=kind,
        session=session,
        starts_at=session.starts_at,
        person__in=people,
        state=Message.State.DROPPED,
    ).update(state=Message.State.QUEUED, trouble="", try_at=due_at)
