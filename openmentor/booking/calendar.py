"""A mentor's calendar as the mentor's own yes sees it: whatever is not taken is free."""

from datetime import datetime

from openmentor.base.errors import refusing
from openmentor.booking.laws import LAWS
from openmentor.booking.models import Session
from openmentor.booking.occupancy import occupied
from openmentor.booking.refusals import TimeTaken
from openmentor.mentors.models import Mentor


def demand_free(
    mentor: Mentor, *, starts_at: datetime, ends_at: datetime, besides: int | None = None
) -> None:
    """Refuse (`time_taken`) when another session, buffers included, takes some of this time.

    Open hours do not matter here: a request may be for any time. The caller holds the calendar.
    """
    wanted = occupied(starts_at, ends_at, before=mentor.buffer_before, after=mentor.buffer_after)
    others = Session.objects.filter(mentor=mentor, takes_time=True, occupies__overlap=wanted)
    if besides is not None:
        others = others.exclude(pk=besides)
    if others.exists():
        raise TimeTaken


def put(session: Session, starts_at: datetime, ends_at: datetime) -> None:
    """Give the session another time; its bookings' times follow in the database."""
    session.starts_at, session.ends_at = starts_at, ends_at
    session.occupies = occupied(
        starts_at, ends_at, before=session.buffer_before, after=session.buffer_after
    )
    with refusing(LAWS):
        session.save(update_fields=["starts_at", "ends_at", "occupies"])
