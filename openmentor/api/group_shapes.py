"""A group session as JSON: for visitors, for those who take part, and for its host."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self

from django.db.models import prefetch_related_objects
from pydantic import Field

from openmentor.api.schema import Answer
from openmentor.api.session_shapes import (
    SessionAnswer,
    Somebody,
    asked,
    paid,
    what,
    when,
    who_gives,
)
from openmentor.base import money
from openmentor.booking import group_permits, groups, repayments, waiting
from openmentor.booking.models import Booking, Session, WaitingEntry
from openmentor.booking.waiting import Standing
from openmentor.delivery import meetings
from openmentor.people.models import Person

Visibility = Literal["public", "unlisted", "private"]
BookingStatus = Literal["held", "confirmed", "attended", "no-show", "expired", "cancelled"]


class Participant(Somebody):
    """Somebody with a place; how it stands with the place is for the host only."""

    booking_id: str | None = None
    booking_status: BookingStatus | None = None
    payment_status: str | None = None


class WaitingAnswer(Answer):
    """The caller's place in the waiting line; an offer holds until `offeredUntil`."""

    position: int
    offered_until: datetime | None


class RefundProgress(Answer):
    """How many of the refunds of a session have reached those who paid."""

    all: int
    done: int
    failed: int
    amount: int
    amount_display: str


class GroupAnswer(SessionAnswer):
    """A group session. What is about money is about the caller's own place, if there is one.

    `participants` is for the host, and for participants where the host shows names. `instructions`
    are for those who have a place. `waitingCount` and `refunds` are for the host.
    """

    participants: list[Participant] | None  # type: ignore[assignment]  # narrower, and read only
    description: str
    tags: list[str]
    visibility: Visibility
    instructions: str | None
    min_participants: int | None
    join_until: datetime | None
    names_shown: bool
    series_id: str | None
    booking_id: str | None = Field(description="The caller's own place.")
    booking_status: BookingStatus | None
    waiting: WaitingAnswer | None
    waiting_count: int | None
    refunds: RefundProgress | None

    @classmethod
    def seen(
        cls,
        session: Session,
        *,
        reader: Person | None,
        standing: Standing | None = None,
        now: datetime,
    ) -> Self:
        """The session as `reader` may see it; facts, host and the reader's places are loaded."""
        place = group_permits.place_of(session, reader)
        return cls(
            **what(session),
            meeting_link=meetings.address(session, reader=reader) if reader else None,
            **when(session),
            **who_gives(session),
            **paid(session, place),
            **asked(session),
            **_facts(session),
            **_places(session, reader, place),
            **_of_host(session, reader),
            waiting=_waiting(standing),
            actions=group_permits.actions(session, reader, standing, now),
        )


def told(sessions: Sequence[Session], *, reader: Person | None, now: datetime) -> list[GroupAnswer]:
    """These sessions as the reader may see them: three queries, however many there are."""
    groups.load_places(sessions, for_=reader)
    prefetch_related_objects(sessions, "meeting")
    standings = (
        waiting.standings(
            WaitingEntry.Subject.SESSION, [session.pk for session in sessions], reader
        )
        if reader
        else {}
    )
    return [
        GroupAnswer.seen(session, reader=reader, standing=standings.get(session.pk), now=now)
        for session in sessions
    ]


def _facts(session: Session) -> dict[str, Any]:
    group = session.group
    return {
        "description": group.description,
        "tags": group.tags,
        "visibility": group.visibility,
        "min_participants": group.min_participants,
        "join_until": group.join_until,
        "names_shown": group.names_shown,
        "series_id": str(group.series) if group.series else None,
        "spots_left": session.capacity - session.places_taken,
    }


def _places(session: Session, reader: Person | None, place: Booking | None) -> dict[str, Any]:
    """The reader's own place, and what having one lets them know."""
    runs = groups.is_run_by(session, reader)
    takes_part = runs or group_permits.has_place(place)
    return {
        "mentee": None,
        "participants": _participants(session, runs=runs) if takes_part else None,
        "instructions": session.group.instructions if takes_part else None,
        "booking_id": place.reference if place else None,
        "booking_status": place.status.replace("_", "-") if place else None,
    }


def _participants(session: Session, *, runs: bool) -> list[Participant] | None:
    if runs:
        return [managed(place) for place in session.bookings.all() if _is_live(place)]
    if not session.group.names_shown:
        return None
    return [
        Participant(id=person.reference, name=person.name)
        for person in groups.participants(session)
    ]


def managed(place: Booking) -> Participant:
    """A place as the host sees it."""
    return Participant(
        id=place.mentee.reference,
        name=place.mentee.name,
        booking_id=place.reference,
        booking_status=place.status.replace("_", "-"),  # type: ignore[arg-type]  # a live one
        payment_status=place.payment_status,
    )


def _of_host(session: Session, reader: Person | None) -> dict[str, Any]:
    if not groups.is_run_by(session, reader):
        return {"waiting_count": None, "refunds": None}
    progress = None
    if session.price_minor and session.status == Session.Status.CANCELLED:
        known = repayments.of(session)
        progress = RefundProgress(
            all=known.all,
            done=known.done,
            failed=known.failed,
            amount=known.amount_minor,
            amount_display=money.display(known.amount_minor, session.currency),
        )
    return {
        "waiting_count": waiting.length(waiting.for_session(session.pk)),
        "refunds": progress,
    }


def _waiting(standing: Standing | None) -> WaitingAnswer | None:
    if standing is None:
        return None
    return WaitingAnswer(position=standing.position, offered_until=standing.offered_until)


def _is_live(place: Booking) -> bool:
    return place.status in Booking.HAVING_A_PLACE
