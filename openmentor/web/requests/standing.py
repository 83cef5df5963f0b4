"""Where a request stands, for the page of its session: what to do next, and what is left."""

from datetime import datetime
from typing import Any, Final

from openmentor.booking import directory
from openmentor.booking.models import Session
from openmentor.booking.permits import Side
from openmentor.web.picker import Time
from openmentor.web.seen import Seen

MOST_SIMILAR: Final = 3
_UNANSWERED: Final = (Session.Status.REJECTED, Session.Status.EXPIRED)


def of(known: Seen, *, now: datetime) -> dict[str, Any]:
    """What the templates of `requests/` ask for; nothing for a session that was no request.

    Free times that are left come after “taken meanwhile”, other mentors after no or no answer.
    """
    session = known.session
    asked = getattr(session, "request", None)
    if asked is None:
        return {}
    left = [Time(datetime.fromisoformat(time["start"])) for time in asked.alternatives]
    left = [time for time in left if time.at > now]
    is_over = session.status in _UNANSWERED and known.side == Side.MENTEE
    similar = directory.similar(session.mentor, most=MOST_SIMILAR, now=now) if is_over else []
    return {
        "asked": asked,
        "left": left if session.status == Session.Status.REJECTED else [],
        "proposed": [Time(at) for at in asked.proposed],
        "similar": similar,
    }


def facts(session: Session, *more: Any) -> Any:
    """What a page about a session shows that the other side can change."""
    asked = getattr(session, "request", None)
    places = [(place.status, place.payment_status) for place in session.bookings.all()]
    waits = asked and (asked.answer_by, asked.proposed)
    return session.status, session.revision, waits, places, more
