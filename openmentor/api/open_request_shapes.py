"""An open request as JSON: what the mentee said, and where it stands."""

from datetime import datetime
from typing import Any, Literal, Self

from openmentor.api.schema import Answer, Body, Instant
from openmentor.api.session_shapes import MentorOfSession, Somebody
from openmentor.booking import needs, open_permits
from openmentor.booking.models import OpenRequest
from openmentor.people.models import Person


class WindowBody(Body):
    """A stretch of time in which the mentee can meet."""

    start: Instant
    end: Instant


class WindowAnswer(Answer):
    """A stretch of time in which the mentee can meet; windows that touch are one."""

    start: datetime
    end: datetime


class OpenRequestAnswer(Answer):
    """An open request. Mentors who have not claimed it see the mentee's first name.

    `leaseUntil` is how long the mentor in `claimedBy` has to schedule it; `sessionId` is the
    session that came of it.
    """

    id: str
    status: Literal["open", "claimed", "scheduled", "completed", "cancelled", "expired"]
    kind: str
    title: str
    description: str
    format: Literal["video", "phone"]
    duration_minutes: int
    windows: list[WindowAnswer]
    urgency: Literal["low", "normal", "high"]
    tags: list[str]
    language: str
    mentee: Somebody
    claimed_by: MentorOfSession | None
    lease_until: datetime | None
    session_id: str | None
    scheduled_at: datetime | None
    created_at: datetime
    actions: list[str]

    @classmethod
    def of(cls, request: OpenRequest, *, reader: Person, now: datetime, **more: Any) -> Self:
        """The request as `reader` may see it; people, session and windows are loaded."""
        session = request.session
        facts = {name: getattr(request, name) for name in PLAIN_FACTS}
        return cls(
            **facts,
            id=request.reference,
            windows=[
                WindowAnswer(start=start, end=end) for start, end in needs.windows_of(request)
            ],
            mentee=Somebody(
                id=request.mentee.reference, name=open_permits.name_of(request, to=reader)
            ),
            claimed_by=_claimant(request),
            session_id=session.reference if session else None,
            scheduled_at=session.starts_at if session else None,
            actions=open_permits.actions(request, reader, now),
            **more,
        )


PLAIN_FACTS = (
    "status",
    "kind",
    "title",
    "description",
    "format",
    "duration_minutes",
    "urgency",
    "tags",
    "language",
    "lease_until",
    "created_at",
)


def _claimant(request: OpenRequest) -> MentorOfSession | None:
    mentor = request.claimed_by
    if mentor is None:
        return None
    return MentorOfSession(id=mentor.handle, name=mentor.person.name, timezone=mentor.timezone)
