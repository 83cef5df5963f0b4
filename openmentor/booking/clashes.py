"""A person is in one place at a time, on either side of a session."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from openmentor.booking.models import Booking, Session
from openmentor.booking.refusals import YouAreBusy
from openmentor.people.models import Person


def demand_unoccupied(
    person: Person, *, starts_at: datetime, ends_at: datetime, besides: int | None = None
) -> None:
    """Refuse (`you_are_busy`, naming the session) when the person has another session then.

    `besides` is the key of a session that does not count: the one being moved.
    """
    other = clashing(person, starts_at=starts_at, ends_at=ends_at, besides=besides)
    if other is not None:
        raise YouAreBusy(
            f"You have another session at that time: {other.title}.",
            sessionId=other.reference,
            title=other.title,
        )


def clashing(
    person: Person, *, starts_at: datetime, ends_at: datetime, besides: int | None = None
) -> Session | None:
    """The session that the person has in this time, as mentee or as mentor, if any."""
    held = Booking.objects.filter(session=OuterRef("pk"), mentee=person, status__in=Booking.LIVE)
    sessions = Session.objects.filter(
        Q(Exists(held)) | Q(mentor__person=person),
        takes_time=True,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    )
    if besides is not None:
        sessions = sessions.exclude(pk=besides)
    return sessions.first()
