"""`/board/<id>`: one open request as a mentor sees it; claim it, find its time, give it back."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmentor.base import clock, events
from openmentor.base.errors import Invalid, Refusal
from openmentor.booking import board, claims, open_permits
from openmentor.booking.diary import moment
from openmentor.booking.models import OpenRequest
from openmentor.mentors import mentors
from openmentor.web import live, picker, readers, refusals, wall_clock
from openmentor.web.picker import Time
from openmentor.web.redirects import see_other
from openmentor.web.requests import open_histories

MOST_TIMES: Final = 12
STEP: Final = 30 * 60
"""Times are suggested at full and half hours, in seconds."""


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The request, for mentors; its mentee is led to their own page of it."""
    return _page(request, reference)


def _refused_claim(request: HttpRequest, refusal: Refusal, **_: str) -> HttpResponse:
    """Too late, most likely."""
    return render(request, "requests/gone.html", {"refusal": refusal})


@require_POST
@refusals.answered_by(_refused_claim)
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    """Mine."""
    claims.claim(reference, by=readers.person(request), now=clock.now())
    messages.success(request, "It is yours. Now choose a time.")
    return see_other("board_request", reference)


@require_POST
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Back to the board."""
    claims.release(reference, by=readers.person(request), now=clock.now())
    messages.success(request, "It is on the board again, for other mentors.")
    return see_other("board")


def _refused(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _page(request, reference, refusal=refusal)


@require_http_methods(["POST"])
@refusals.answered_by(_refused)
def schedule(request: HttpRequest, reference: str) -> HttpResponse:
    """The time is found: one of those that were suggested, or another one of the windows."""
    scheduled = claims.schedule(
        reference,
        by=readers.person(request),
        starts_at=_chosen(request),
        now=clock.now(),
    )
    assert scheduled.session is not None  # noqa: S101 - open_request_scheduled_has_a_session
    messages.success(request, "The time is agreed. Both of you have it in your sessions.")
    return see_other("session", scheduled.session.reference)


def _chosen(request: HttpRequest) -> datetime:
    """What was typed counts before what was ticked."""
    sent = request.POST
    if sent.get("date") or sent.get("clock"):
        zone = wall_clock.zone_of(sent.get("zone", ""), otherwise=readers.zone(request))
        starts_at = wall_clock.instant(sent.get("date", ""), sent.get("clock", ""), zone=zone)
    else:
        starts_at = picker.instant_of(sent.get("time", ""))
    if starts_at is None:
        raise Invalid.field("time", "Please choose a time.")
    return starts_at


def _page(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    reader, now = readers.person(request), clock.now()
    posted = claims.find(reference, for_=reader)
    if open_permits.is_mentees(posted, reader):
        return see_other("request", reference)
    happened = events.history("open_request", posted.pk)
    name = open_permits.name_of(posted, to=reader)
    context: dict[str, Any] = {
        "posted": posted,
        "name": name,
        "mentee_zone": ZoneInfo(posted.mentee.timezone),
        "actions": open_permits.actions(posted, reader, now),
        "history": open_histories.told(happened, to=reader, mentee_name=name),
        "times": _times(request, posted, now=now),
        "zone": readers.zone(request),
        "typed": request.POST,
        "refusal": refusal,
        "time_error": refusals.fault(refusal, "time") or refusals.fault(refusal, "scheduled_at"),
    }
    session = posted.session
    facts = posted.status, posted.revision, session and session.revision
    return live.page(request, "requests/claim.html", context, facts=facts)


def _times(request: HttpRequest, posted: OpenRequest, *, now: datetime) -> list[Time]:
    """Starts that suit the mentor's own hours, the first ones of each window."""
    reader = readers.person(request)
    if "schedule" not in open_permits.actions(posted, reader, now):
        return []
    free = board.free_time(mentors.of(reader), now=now)
    length = posted.duration_minutes * 60
    starts: list[Time] = []
    for start, end in board.good_times(posted, free):
        first = -(-(start + 1) // STEP) * STEP if moment(start) <= now else -(-start // STEP) * STEP
        fitting = range(first, end - length + 1, STEP) or ([start] if moment(start) > now else [])
        starts += [Time(moment(at)) for at in fitting]
    return starts[:MOST_TIMES]
