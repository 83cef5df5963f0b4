"""Sessions: book one, look at it, move it, call it off, say how it went."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from openmentor.api import session_lists, wall_clock
from openmentor.api.auth import caller
from openmentor.api.idempotent import once
from openmentor.api.openapi import MAY_CLASH
from openmentor.api.schema import Answer, Body, ClockTime, Day, Instant, answer
from openmentor.api.session_payments import ToPay
from openmentor.api.session_shapes import SessionAnswer
from openmentor.base import clock, money
from openmentor.base.errors import Invalid
from openmentor.booking import bookings, sessions, settlement
from openmentor.booking.models import Booking, Session
from openmentor.mentors import mentors
from openmentor.people import limits
from openmentor.people.models import Person

# The lists' router: they come before `/{session_id}`, which would take their names for ids.
router = session_lists.router


class NewBooking(Body):
    """What to book, and when: `scheduledAt`, or `scheduledDate` with `scheduledTime`.

    The date and time are the mentor's wall clock. Without `sessionTypeId` a pack pays.
    """

    mentor_id: str
    session_type_id: str | None = None
    scheduled_at: Instant | None = None
    scheduled_date: Day | None = None
    scheduled_time: ClockTime | None = None
    session_pack_id: str | None = None
    use_pack: bool | None = None
    notes: str | None = Field(None, description=f"At most {bookings.LONGEST_NOTES} characters.")

    @property
    def pack(self) -> str | None:
        """Which pack is to pay: its id, empty for the usual one, None where money is."""
        by_pack = self.session_type_id is None or bool(self.session_pack_id or self.use_pack)
        return (self.session_pack_id or "") if by_pack else None


class Booked(Answer):
    """The new session, and what is still to pay for it."""

    session: SessionAnswer
    requires_payment: bool
    payment: ToPay | None


class Cancellation(Body):
    """Why it is called off, in words for the other side."""

    reason: str | None = None


class Move(Body):
    """Where to."""

    scheduled_at: Instant


class CancelQuote(Answer):
    """What comes back if you cancel now. `mentor_cancels` gives back everything."""

    amount: int
    currency: str
    amount_display: str
    policy: str = Field(examples=["moderate", "mentor_cancels"])
    explanation: str


@router.post("/book", response={201: Booked})
def book(request: HttpRequest, wanted: NewBooking) -> HttpResponse:
    """Book a free time at once."""
    mentee, now = caller(request), clock.now()
    limits.spend("book", who=mentee.reference, now=now)
    return once(request, lambda: _booked(mentee, wanted, now))


def _booked(mentee: Person, wanted: NewBooking, now: datetime) -> Booked:
    starts_at = _start(wanted, mentee)
    session = bookings.book(
        mentee,
        handle=wanted.mentor_id,
        session_type=wanted.session_type_id or "",
        starts_at=starts_at,
        pack=wanted.pack,
        notes=wanted.notes or "",
        now=now,
    )
    to_pay = any(place.status == Booking.Status.HELD for place in session.bookings.all())
    order = settlement.open_order_of(session) if to_pay else None
    return Booked(
        session=SessionAnswer.of(session, reader=mentee, now=now),
        requires_payment=order is not None,
        payment=ToPay.of(order) if order else None,
    )


def _start(wanted: NewBooking, mentee: Person) -> datetime:
    """The instant that is meant; said twice, it must be the same one."""
    day, at = wanted.scheduled_date, wanted.scheduled_time
    if day is None and at is None:
        if wanted.scheduled_at is None:
            raise Invalid.field("scheduled_at", "Say when, as an instant or as date and time.")
        return wanted.scheduled_at
    if day is None or at is None:
        missing = "scheduled_date" if day is None else "scheduled_time"
        raise Invalid.field(missing, "A date and a time are needed together.")
    mentor = mentors.find(wanted.mentor_id, seen_by=mentee)
    starts_at = wall_clock.instant(ZoneInfo(mentor.timezone), day, at)
    if wanted.scheduled_at not in {None, starts_at}:
        raise Invalid.field("scheduled_at", "This is not the same time as the date and time.")
    return starts_at


@router.get("/{session_id}", response=SessionAnswer)
def one(request: HttpRequest, session_id: str) -> HttpResponse:
    """A session of yours."""
    return _told(request, sessions.find(session_id, for_=caller(request)))


@router.get("/{session_id}/cancel-quote", response=CancelQuote, openapi_extra=MAY_CLASH)
def cancel_quote(request: HttpRequest, session_id: str) -> HttpResponse:
    """What would come back if you cancelled now; refused when you could not."""
    quote = sessions.cancel_quote(session_id, by=caller(request), now=clock.now())
    return answer(
        CancelQuote(
            amount=quote.amount_minor,
            currency=quote.currency,
            amount_display=money.display(quote.amount_minor, quote.currency),
            policy=quote.policy,
            explanation=quote.sentence,
        )
    )


@router.patch("/{session_id}/cancel", response=SessionAnswer)
def cancel(
    request: HttpRequest, session_id: str, cancellation: Cancellation | None = None
) -> HttpResponse:
    """Call a session off; its time is free again and the other side is told."""
    reason = (cancellation and cancellation.reason) or ""
    now = clock.now()
    return _told(request, sessions.cancel(session_id, by=caller(request), reason=reason, now=now))


@router.patch("/{session_id}/reschedule", response=SessionAnswer)
def reschedule(request: HttpRequest, session_id: str, move: Move) -> HttpResponse:
    """Move a session to another free time of the same mentor."""
    moved = sessions.reschedule(
        session_id, by=caller(request), starts_at=move.scheduled_at, now=clock.now()
    )
    return _told(request, moved)


@router.put("/{session_id}/complete", response=SessionAnswer)
def complete(request: HttpRequest, session_id: str) -> HttpResponse:
    """Say, as the mentor, that the session took place."""
    return _told(request, sessions.complete(session_id, by=caller(request), now=clock.now()))


@router.put("/{session_id}/no-show", response=SessionAnswer)
def no_show(request: HttpRequest, session_id: str) -> HttpResponse:
    """Say that the other side did not come."""
    return _told(request, sessions.mark_no_show(session_id, by=caller(request), now=clock.now()))


def _told(request: HttpRequest, session: Session) -> HttpResponse:
    return answer(SessionAnswer.of(session, reader=caller(request), now=clock.now()))
