"""Open requests ("mini mentorship"): mentees post what they need, mentors claim and schedule it."""

from datetime import datetime
from typing import Any, Literal, Self

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from openmentor.api.auth import caller
from openmentor.api.idempotent import once
from openmentor.api.open_request_shapes import OpenRequestAnswer, WindowBody
from openmentor.api.pages import Page, Paging, opened, page, sealed
from openmentor.api.schema import Body, Instant, answer
from openmentor.base import clock
from openmentor.booking import board, claims, open_requests
from openmentor.booking.board import Filters
from openmentor.booking.models import OpenRequest
from openmentor.booking.models.open_requests import DURATIONS
from openmentor.booking.needs import Need
from openmentor.mentors import mentors
from openmentor.people import limits
from openmentor.people.models import Person

router = Router(tags=["Mini mentorship"], by_alias=True)

Kind = Literal[
    "interview_prep",
    "skill_learning",
    "resume_review",
    "career_advice",
    "technical_help",
    "portfolio_review",
    "other",
]
Urgency = Literal["low", "normal", "high"]


class NeedChanges(Body):
    """What of an open request is to change; what is left out or null stays."""

    kind: str | None = Field(None, examples=["interview_prep"])
    title: str | None = None
    description: str | None = None
    format: str | None = Field(None, examples=["video", "phone"])
    duration_minutes: int | None = Field(None, examples=[30, 45, 60])
    windows: list[WindowBody] | None = Field(None, max_length=200)
    urgency: str | None = Field(None, examples=["low", "normal", "high"])
    tags: list[str] | None = Field(None, max_length=50)
    language: str | None = Field(None, description="To meet in; empty for any.")

    def need(self) -> Need:
        """The fields that were sent, as the verbs call them."""
        sent: Any = {name: value for name, value in self.given().items() if value is not None}
        if "windows" in sent:
            sent["windows"] = [(window.start, window.end) for window in sent["windows"]]
        need: Need = sent
        return need


class NewNeed(NeedChanges):
    """A need for all mentors, and when the mentee can meet."""

    kind: str = Field(examples=["interview_prep"])
    title: str
    duration_minutes: int = Field(examples=[30, 45, 60])
    windows: list[WindowBody] = Field(max_length=200)


class Time(Body):
    """When the session begins."""

    scheduled_at: Instant


class Withdrawal(Body):
    """Why it is taken back, in words for a mentor who claimed it."""

    reason: str | None = None


class BoardSearch(Paging):
    """What of the board is wanted."""

    kind: Kind | None = None
    duration: int | None = Field(None, ge=DURATIONS[0], le=DURATIONS[-1])
    urgency: Urgency | None = None
    tag: str = Field("", max_length=100)
    language: str = Field("", max_length=100)
    fits_my_hours: bool = False

    def filters(self) -> Filters:
        """The same as the board reads it."""
        return Filters(
            kind=self.kind or "",
            duration_minutes=self.duration,
            urgency=self.urgency or "",
            tag=self.tag.strip(),
            language=self.language.strip(),
            fits=self.fits_my_hours,
        )


class BoardItem(OpenRequestAnswer):
    """An open request on the board."""

    fits_my_hours: bool

    @classmethod
    def of(cls, request: OpenRequest, *, reader: Person, now: datetime, **more: Any) -> Self:
        """The request with the board's own mark."""
        fits = request.fits  # type: ignore[attr-defined]  # the board's annotation
        return super().of(request, reader=reader, now=now, fits_my_hours=fits, **more)


@router.post("/requests", response={201: OpenRequestAnswer})
def post(request: HttpRequest, new: NewNeed) -> HttpResponse:
    """Post a need to all mentors."""
    mentee, now = caller(request), clock.now()
    limits.spend("book", who=mentee.reference, now=now)

    def effect() -> OpenRequestAnswer:
        posted = open_requests.post(mentee, now=now, **new.need())
        return OpenRequestAnswer.of(posted, reader=mentee, now=now)

    return once(request, effect)


@router.get("/requests", response=Page[BoardItem])
def listed(request: HttpRequest, search: Query[BoardSearch]) -> HttpResponse:
    """The board, for mentors: what can be claimed, the most urgent first, then the oldest."""
    reader, now = caller(request), clock.now()
    found = board.listed(mentors.approved(reader), search.filters(), now=now)
    if search.cursor:
        rank, created_at, reference = opened(search.cursor, parts=3)
        found = board.beyond(
            found,
            rank=rank,
            created_at=datetime.fromisoformat(created_at),
            reference=reference,
        )
    rows = list(found[: search.limit + 1])
    items, rest = rows[: search.limit], rows[search.limit :]
    end = items[-1] if rest else None
    cursor = sealed(end.urgency_rank, end.created_at, end.reference) if end else None
    told = [BoardItem.of(row, reader=reader, now=now) for row in items]
    return answer(Page[BoardItem](items=told, next_cursor=cursor))


@router.get("/requests/mine", response=Page[OpenRequestAnswer])
def mine(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """The open requests that you posted, the newest first."""
    return _page(request, OpenRequest.objects.filter(mentee=caller(request)), paging)


@router.get("/requests/claimed", response=Page[OpenRequestAnswer])
def claimed(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """The open requests that you claimed as a mentor, the newest first."""
    mentor = mentors.of(caller(request))
    return _page(request, OpenRequest.objects.filter(claimed_by=mentor), paging)


@router.get("/requests/{request_id}", response=OpenRequestAnswer)
def one(request: HttpRequest, request_id: str) -> HttpResponse:
    """An open request of yours, on the board, or claimed by you."""
    return _told(request, open_requests.find(request_id, for_=caller(request)))


@router.patch("/requests/{request_id}", response=OpenRequestAnswer)
def change(request: HttpRequest, request_id: str, changes: NeedChanges) -> HttpResponse:
    """Change a request of yours while nobody has claimed it. `windows` replaces all of them."""
    changed = open_requests.edit(request_id, by=caller(request), now=clock.now(), **changes.need())
    return _told(request, changed)


@router.post("/requests/{request_id}/claim", response=OpenRequestAnswer)
def claim(request: HttpRequest, request_id: str) -> HttpResponse:
    """Take a request off the board, as a mentor; you have until `leaseUntil` to schedule it."""
    return _told(request, claims.claim(request_id, by=caller(request), now=clock.now()))


@router.post("/requests/{request_id}/release", response=OpenRequestAnswer)
def release(request: HttpRequest, request_id: str) -> HttpResponse:
    """Give a request that you claimed back to the board."""
    return _told(request, claims.release(request_id, by=caller(request), now=clock.now()))


@router.post("/requests/{request_id}/schedule", response=OpenRequestAnswer)
def schedule(request: HttpRequest, request_id: str, time: Time) -> HttpResponse:
    """Schedule what you claimed inside one of its windows; `sessionId` is its free session."""
    scheduled = claims.schedule(
        request_id, by=caller(request), starts_at=time.scheduled_at, now=clock.now()
    )
    return _told(request, scheduled)


@router.post("/requests/{request_id}/cancel", response=OpenRequestAnswer)
def cancel(
    request: HttpRequest, request_id: str, withdrawal: Withdrawal | None = None
) -> HttpResponse:
    """Take a request of yours back; a mentor who claimed it is told."""
    reason = (withdrawal and withdrawal.reason) or ""
    cancelled = open_requests.cancel(request_id, by=caller(request), reason=reason, now=clock.now())
    return _told(request, cancelled)


def _page(request: HttpRequest, rows: Any, paging: Paging) -> HttpResponse:
    reader, now = caller(request), clock.now()
    found, cursor = page(rows.with_all_sides(), paging, by="-created_at")
    items = [OpenRequestAnswer.of(row, reader=reader, now=now) for row in found]
    return answer(Page[OpenRequestAnswer](items=items, next_cursor=cursor))


def _told(request: HttpRequest, told: OpenRequest) -> HttpResponse:
    return answer(OpenRequestAnswer.of(told, reader=caller(request), now=clock.now()))
