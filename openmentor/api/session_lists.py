"""Lists of sessions: one's own, as mentee, as mentor, or both."""

from typing import Literal
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from openmentor.api import wall_clock
from openmentor.api.auth import caller
from openmentor.api.pages import Page, Paging, page
from openmentor.api.schema import answer
from openmentor.api.session_shapes import SessionAnswer, SessionMode, SessionStatus
from openmentor.api.wall_clock import DayOrInstant
from openmentor.base import clock
from openmentor.booking.models import Session
from openmentor.booking.visibility import SessionQuerySet
from openmentor.mentors import mentors
from openmentor.people.models import Person

router = Router(tags=["Sessions"], by_alias=True)


class Search(Paging):
    """Which sessions: with a mentor, in a state, of a mode, and when."""

    mentor_id: str | None = None
    status: Literal[SessionStatus, "accepted"] | None = Field(
        None, description="`accepted` are requests that the mentor accepted and that are to come."
    )
    mode: SessionMode | None = None
    since: DayOrInstant | None = Field(
        None, alias="from", description="Those that start then or later; a date in your zone."
    )
    until: DayOrInstant | None = Field(
        None, alias="to", description="Those that start before; a date in your zone is included."
    )


@router.get("/my-bookings", response=Page[SessionAnswer])
def my_bookings(request: HttpRequest, search: Query[Search]) -> HttpResponse:
    """The sessions that you booked, the latest first."""
    return _page(Session.objects.taken_by(caller(request)), search, reader=caller(request))


@router.get("/me", response=Page[SessionAnswer])
def mine(request: HttpRequest, search: Query[Search]) -> HttpResponse:
    """All sessions that you take part in, on either side, the latest first."""
    return _page(Session.objects.of(caller(request)), search, reader=caller(request))


@router.get("/mentor/sessions", response=Page[SessionAnswer])
def as_mentor(request: HttpRequest, search: Query[Search]) -> HttpResponse:
    """The sessions that you give, the latest first."""
    mentors.of(caller(request))
    return _page(Session.objects.given_by(caller(request)), search, reader=caller(request))


def _page(rows: SessionQuerySet, search: Search, *, reader: Person) -> HttpResponse:
    now = clock.now()
    found, cursor = page(
        _wanted(rows, search, ZoneInfo(reader.timezone))
        .with_both_sides(seen_by=reader)
        .select_related("meeting"),
        search,
        by="-starts_at",
    )
    items = [SessionAnswer.of(session, reader=reader, now=now) for session in found]
    return answer(Page[SessionAnswer](items=items, next_cursor=cursor))


def _wanted(rows: SessionQuerySet, search: Search, zone: ZoneInfo) -> SessionQuerySet:
    """The rows that match all that is asked for; dates are the reader's."""
    if search.mentor_id is not None:
        rows = rows.filter(mentor__handle=search.mentor_id.lower())
    if search.status == "accepted":
        rows = rows.accepted()
    elif search.status is not None:
        rows = rows.filter(status=_stored(search.status))
    if search.mode is not None:
        rows = rows.filter(mode=_stored(search.mode))
    if since := wall_clock.begins(search.since, zone):
        rows = rows.filter(starts_at__gte=since)
    if until := wall_clock.ends(search.until, zone):
        rows = rows.filter(starts_at__lt=until)
    return rows


def _stored(word: str) -> str:
    """A word of the JSON as it is kept: `no-show` is `no_show`."""
    return word.replace("-", "_")
