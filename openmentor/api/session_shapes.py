"""A session as JSON: everything that its two sides and staff may know about it."""

from datetime import date, datetime
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from openmentor.api.schema import Answer
from openmentor.base import money
from openmentor.base.lifecycles import words
from openmentor.booking import permits, sessions
from openmentor.booking.models import Booking, Session
from openmentor.booking.permits import Side
from openmentor.delivery import meetings
from openmentor.people.models import Person

SessionMode = Literal["one-on-one", "group"]
SessionStatus = Literal[
    "pending",
    "scheduled",
    "open",
    "full",
    "completed",
    "no-show",
    "rejected",
    "cancelled",
    "expired",
]


class Somebody(Answer):
    """A person as the other side knows them: never an address."""

    id: str
    name: str


class MentorOfSession(Somebody):
    """The mentor; `id` is the handle."""

    timezone: str


class FreeTime(Answer):
    """A time that can be had, or could when a request lost its own."""

    start: datetime
    end: datetime


class SessionAnswer(Answer):
    """A session; what is about money, notes and attendance is about the place of its mentee.

    `mentee` is there for one-on-one sessions, `participants` for the mentor of a group session.
    `scheduledDate` and `scheduledTime` are the mentor's wall clock, in `timezone`. Requests have a
    `message`; `answerBy` is how long they wait, for the mentor or, once there are `proposedTimes`,
    for the mentee. Those whose time was taken meanwhile have `alternatives`.
    """

    id: str
    session_mode: SessionMode
    origin: Literal["slot", "request", "open-request", "group"]
    title: str
    mentor: MentorOfSession
    mentee: Somebody | None
    participants: list[Somebody] | None
    scheduled_at: datetime
    ends_at: datetime
    scheduled_date: date
    scheduled_time: str
    timezone: str
    duration_minutes: int
    session_status: SessionStatus
    payment_status: Literal["free", "pending", "paid", "failed", "refunded", "partially_refunded"]
    payment_mode: Literal["none", "pack", "mock", "razorpay", "stripe"]
    payment_id: str | None
    amount: int
    currency: str
    amount_display: str
    session_pack_id: str | None
    notes: str
    meeting_link: str | None
    capacity: int
    spots_left: int
    accepted_at: datetime | None
    cancelled_by: Literal["mentor", "mentee", "staff", "system"] | None
    cancel_reason: str | None
    created_at: datetime
    message: str | None
    answer_by: datetime | None
    proposed_times: list[datetime]
    alternatives: list[FreeTime]
    actions: list[str]

    @classmethod
    def of(cls, session: Session, *, reader: Person, now: datetime) -> Self:
        """The session as `reader` may see it; both sides are loaded. A stranger: `not_found`."""
        side = permits.side_of(session, reader)
        places = list(session.bookings.all())
        about = permits.booking_of(session, reader) if side is Side.MENTEE else _newest(places)
        if session.mode == Session.Mode.GROUP and side is not Side.MENTEE:
            about = None
        return cls(
            **what(session),
            meeting_link=meetings.address(session, reader=reader),
            **when(session),
            **_who(session, places, side=side),
            **paid(session, about),
            **asked(session),
            spots_left=_spots_left(session, places),
            actions=permits.actions(session, side, now),
        )


def what(session: Session) -> dict[str, Any]:
    """The facts of the session itself."""
    return {
        "id": session.reference,
        "session_mode": words(session.mode),
        "origin": words(session.origin),
        "title": session.title,
        "session_status": words(session.status),
        "capacity": session.capacity,
        "accepted_at": session.accepted_at,
        "cancelled_by": session.cancelled_by or None,
        "cancel_reason": session.cancel_reason or None,
        "created_at": session.created_at,
    }


def when(session: Session) -> dict[str, Any]:
    """Its time: as instants, and on the mentor's wall clock as it was booked."""
    wall = session.starts_at.astimezone(ZoneInfo(session.timezone))
    return {
        "scheduled_at": session.starts_at,
        "ends_at": session.ends_at,
        "scheduled_date": wall.date(),
        "scheduled_time": f"{wall:%H:%M}",
        "timezone": session.timezone,
        "duration_minutes": sessions.minutes_of(session),
    }


def _who(session: Session, places: list[Booking], *, side: Side) -> dict[str, Any]:
    """Who takes part. Participants of a group session do not learn of each other."""
    shown: dict[str, Any] = who_gives(session) | {"mentee": None, "participants": None}
    if session.mode == Session.Mode.GROUP:
        if side is not Side.MENTEE:
            shown["participants"] = [
                _somebody(place.mentee) for place in places if _has_place(place)
            ]
        return shown
    newest = _newest(places)
    mentee = newest.mentee if newest else session.requested_by
    shown["mentee"] = _somebody(mentee) if mentee else None
    return shown


def who_gives(session: Session) -> dict[str, Any]:
    """Its mentor, as everybody may know them."""
    mentor = session.mentor
    return {
        "mentor": MentorOfSession(
            id=mentor.handle, name=mentor.person.name, timezone=mentor.timezone
        )
    }


def paid(session: Session, place: Booking | None) -> dict[str, Any]:
    """What the place costs and how it is paid; without a place, what one would cost."""
    amount = place.amount_minor if place else session.price_minor
    return {
        "payment_status": place.payment_status if place else ("pending" if amount else "free"),
        "payment_mode": place.payment_mode if place else Booking.PaymentMode.NONE.value,
        "payment_id": (place.payment_reference or None) if place else None,
        "amount": amount,
        "currency": session.currency,
        "amount_display": money.display(amount, session.currency),
        "session_pack_id": _pack_id(session, place),
        "notes": place.notes if place else "",
    }


def asked(session: Session) -> dict[str, Any]:
    """What there is about a request; for other sessions nothing is asked of the database."""
    is_request = session.origin == Session.Origin.REQUEST
    request = getattr(session, "request", None) if is_request else None
    is_pending = session.status == Session.Status.PENDING
    return {
        "message": request.message if request else None,
        "answer_by": request.answer_by if request and is_pending else None,
        "proposed_times": request.proposed if request and is_pending else [],
        "alternatives": [FreeTime(**time) for time in request.alternatives] if request else [],
    }


def _pack_id(session: Session, place: Booking | None) -> str | None:
    """The pack that pays for the place, or is to pay for the request."""
    if place is not None:
        return place.pack.reference if place.pack else None
    is_request = session.origin == Session.Origin.REQUEST
    request = getattr(session, "request", None) if is_request else None
    return request.pack.reference if request and request.pack else None


def _somebody(person: Person) -> Somebody:
    return Somebody(id=person.reference, name=person.name)


def _spots_left(session: Session, places: list[Booking]) -> int:
    """In a group what is offered to somebody who waits is not left, and others are not loaded."""
    if session.mode == Session.Mode.GROUP:
        return session.capacity - session.places_taken
    return session.capacity - sum(_has_place(place) for place in places)


def _has_place(place: Booking) -> bool:
    return place.status in Booking.HAVING_A_PLACE


def _newest(places: list[Booking]) -> Booking | None:
    return max(places, key=lambda place: place.pk, default=None)
