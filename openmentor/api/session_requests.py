"""Requests: a mentee proposes a time to one mentor, who answers."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from openmentor.api import sessions
from openmentor.api.auth import caller
from openmentor.api.idempotent import once
from openmentor.api.schema import Body, Instant, answer
from openmentor.api.session_shapes import SessionAnswer
from openmentor.base import clock
from openmentor.booking import requests
from openmentor.booking.models import Session
from openmentor.people import limits
from openmentor.people.models import Person

# The sessions' router: an answered request is a session like any other.
router = sessions.router


class NewSessionRequest(Body):
    """What is proposed: a session type, or so many minutes at the mentor's hourly price."""

    mentor_id: str
    session_type_id: str | None = None
    duration_minutes: int | None = Field(None, description="Without a session type.")
    scheduled_at: Instant = Field(description="Any time that is more than two hours ahead.")
    message: str | None = Field(None, description=f"Up to {requests.LONGEST_MESSAGE} characters.")


class Rejection(Body):
    """Why not, in words for the mentee."""

    reason: str


class OtherTimes(Body):
    """One, two or three other starts; the mentee picks one of them."""

    times: list[Instant] = Field(max_length=20)


class Pick(Body):
    """One of the times that the mentor proposed."""

    scheduled_at: Instant


@router.post("/", response={201: SessionAnswer})
@router.post("", response={201: SessionAnswer}, include_in_schema=False)
def propose(request: HttpRequest, wanted: NewSessionRequest) -> HttpResponse:
    """Propose a time to a mentor; the session is pending until the mentor answers."""
    mentee, now = caller(request), clock.now()
    limits.spend("book", who=mentee.reference, now=now)
    return once(request, lambda: _proposed(mentee, wanted, now))


def _proposed(mentee: Person, wanted: NewSessionRequest, now: datetime) -> SessionAnswer:
    session = requests.propose(
        mentee,
        handle=wanted.mentor_id,
        starts_at=wanted.scheduled_at,
        session_type=wanted.session_type_id or "",
        minutes=wanted.duration_minutes,
        message=wanted.message or "",
        now=now,
    )
    return SessionAnswer.of(session, reader=mentee, now=now)


@router.put("/{session_id}/accept", response=SessionAnswer)
def accept(request: HttpRequest, session_id: str) -> HttpResponse:
    """Say yes to a request, as its mentor; if it has a price, the mentee has 24 hours to pay.

    Other pending requests for that time are rejected, each with three `alternatives`.
    """
    return _told(request, requests.accept(session_id, by=caller(request), now=clock.now()))


@router.put("/{session_id}/reject", response=SessionAnswer)
def reject(request: HttpRequest, session_id: str, rejection: Rejection) -> HttpResponse:
    """Say no to a request, as its mentor."""
    rejected = requests.reject(
        session_id, by=caller(request), reason=rejection.reason, now=clock.now()
    )
    return _told(request, rejected)


@router.put("/{session_id}/propose", response=SessionAnswer)
def suggest(request: HttpRequest, session_id: str, other: OtherTimes) -> HttpResponse:
    """Propose up to three other times, as the mentor; the mentee answers with `pick`."""
    suggested = requests.suggest(session_id, by=caller(request), times=other.times, now=clock.now())
    return _told(request, suggested)


@router.put("/{session_id}/pick", response=SessionAnswer)
def pick(request: HttpRequest, session_id: str, picked: Pick) -> HttpResponse:
    """Take one of the `proposedTimes`, as the mentee; that accepts the request."""
    accepted = requests.pick(
        session_id, by=caller(request), starts_at=picked.scheduled_at, now=clock.now()
    )
    return _told(request, accepted)


def _told(request: HttpRequest, session: Session) -> HttpResponse:
    return answer(SessionAnswer.of(session, reader=caller(request), now=clock.now()))
