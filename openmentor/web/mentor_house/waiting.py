"""What waits for a mentor: requests to answer, claims to schedule, what else is on the board."""

from datetime import datetime
from typing import Any, Final

from openmentor.booking import board
from openmentor.booking.board import Filters
from openmentor.booking.models import OpenRequest, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from openmentor.web import seen
from openmentor.web.requests import standing

MOST_FITTING: Final = 3


def of(person: Person, mentor: Mentor, *, now: datetime) -> dict[str, Any]:
    """The lists of the overview, what is due first on top, and the facts that make them."""
    pending = Session.objects.given_by(person).unconfirmed().with_both_sides()
    asked = list(pending.order_by("request__answer_by", "pk"))
    claims = OpenRequest.objects.filter(claimed_by=mentor, status=OpenRequest.Status.CLAIMED)
    claimed = list(claims.order_by("lease_until").with_all_sides())
    fitting: list[OpenRequest] = []
    if mentor.status == Mentor.Status.APPROVED:
        fitting = list(board.listed(mentor, Filters(fits=True), now=now)[:MOST_FITTING])
    requests = [(each.pk, each.revision) for each in (*claimed, *fitting)]
    return {
        "asked": [seen.by(person, session, now=now) for session in asked],
        "claimed": claimed,
        "fitting": fitting,
        "facts": ([standing.facts(session) for session in asked], requests),
    }
