"""`/sessions/<id>/answer`: what a mentor knows about a request, and yes, no, or another time.

Looking never answers: what mails link to is the page, and only its forms act.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from openmentor.base import clock
from openmentor.base.errors import Invalid, NotAllowed, NotPossible, Refusal
from openmentor.booking import briefing, permits, requests, sessions
from openmentor.booking.models import Booking, Session
from openmentor.booking.permits import Side
from openmentor.web import live, readers, refusals, seen, wall_clock
from openmentor.web.redirects import see_other
from openmentor.web.requests import standing

View = Callable[..., HttpResponse]


def _refused(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _page(request, reference, refusal=refusal)


def _answered(view: View) -> View:
    """Shows the page, also where a form was refused; a form is what `view` is for."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @refusals.answered_by(_refused)
    def answer(request: HttpRequest, reference: str) -> HttpResponse:
        return view(request, reference) if request.method == "POST" else _page(request, reference)

    return answer


@_answered
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Yes."""
    session = requests.accept(reference, by=readers.person(request), now=clock.now())
    to_pay = any(place.status == Booking.Status.HELD for place in session.bookings.all())
    then = " It is certain as soon as it is paid." if to_pay else ""
    messages.success(request, f"You said yes. The time is in your calendar.{then}")
    return see_other("session", reference)


@_answered
def reject(request: HttpRequest, reference: str) -> HttpResponse:
    """No, with a reason."""
    reason = request.POST.get("reason", "")
    requests.reject(reference, by=readers.person(request), reason=reason, now=clock.now())
    messages.success(request, "You said no. We pass on your words.")
    return see_other("session", reference)


@_answered
def propose(request: HttpRequest, reference: str) -> HttpResponse:
    """Another time, or up to three to choose from."""
    times = _typed_times(request)
    requests.suggest(reference, by=readers.person(request), times=times, now=clock.now())
    messages.success(request, "Your times are on their way.")
    return see_other("session", reference)


@_answered
def look(_: HttpRequest, __: str) -> HttpResponse:
    """Only the page."""
    raise NotPossible("Choose what to answer.")


def _typed_times(request: HttpRequest) -> list[datetime]:
    """The starts of the rows that have something in them; refuses one that cannot be read."""
    zone = wall_clock.zone_of(request.POST.get("zone", ""), otherwise=readers.zone(request))
    times = []
    for on, at in _rows(request):
        if on or at:
            starts_at = wall_clock.instant(on, at, zone=zone)
            if starts_at is None:
                raise Invalid.field("times", "Each proposal needs a day and a time.")
            times.append(starts_at)
    return times


def _rows(request: HttpRequest) -> Sequence[tuple[str, str]]:
    dates, times = request.POST.getlist("date"), request.POST.getlist("time")
    typed = list(zip(dates, times, strict=False))[: requests.MOST_PROPOSED]
    return typed + [("", "")] * (requests.MOST_PROPOSED - len(typed))


def _page(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    reader, now = readers.person(request), clock.now()
    session = sessions.find(reference, for_=reader)
    if permits.side_of(session, reader) not in {Side.MENTOR, Side.STAFF}:
        raise NotAllowed("Only the mentor can answer a request.")
    if session.status != Session.Status.PENDING:
        if refusal:
            messages.error(request, refusal.detail)
        return live.lead_on(request, "session", reference)
    zone = readers.zone(request)
    brief = briefing.of(session, zone=zone)
    day = [(each.session.pk, each.session.revision) for each in brief.day]
    context: dict[str, Any] = {
        "seen": seen.by(reader, session, now=now),
        "session": session,
        "mentee": session.requested_by,
        "brief": brief,
        "objection": permits.objection("accept", session, permits.side_of(session, reader), now),
        "zone": zone,
        "first_day": now.astimezone(zone).date().isoformat(),
        "rows": _rows(request),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "reason_error": refusals.fault(refusal, "reason"),
        "times_error": refusals.fault(refusal, "times") or refusals.fault(refusal, "scheduled_at"),
    }
    return live.page(request, "requests/answer.html", context, facts=standing.facts(session, day))
