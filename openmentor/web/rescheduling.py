"""`/sessions/<id>/reschedule`: another day, another time, and yes; the address says how far."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openmentor.base import clock
from openmentor.base.errors import Invalid, Refusal
from openmentor.booking import openings, permits, sessions
from openmentor.web import picker, readers, refusals, seen
from openmentor.web.parts import whole_or_part
from openmentor.web.redirects import see_other
from openmentor.web.wanted import summed_up


def _refused(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _page(request, reference, time=request.POST.get("time", ""), refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_refused)
def reschedule(request: HttpRequest, reference: str) -> HttpResponse:
    """The free times; sent as a form, the session is moved."""
    if request.method != "POST":
        return _page(request, reference, time=request.GET.get("time", ""))
    starts_at = picker.instant_of(request.POST.get("time", ""))
    if starts_at is None:
        raise Invalid.field("time", "Please choose a time.")
    reader = readers.person(request)
    sessions.reschedule(reference, by=reader, starts_at=starts_at, now=clock.now())
    messages.success(request, "The session has its new time.")
    return see_other("session", reference)


def _page(
    request: HttpRequest, reference: str, *, time: str, refusal: Refusal | None = None
) -> HttpResponse:
    reader, now = readers.person(request), clock.now()
    session = sessions.find(reference, for_=reader)
    known = seen.by(reader, session, now=now)
    objection = permits.objection("reschedule", session, known.side, now)
    context: dict[str, Any] = {
        "seen": known,
        "session": session,
        "mentor": session.mentor,
        "refusal": refusal,
        "objection": objection,
    }
    if objection:
        return render(request, "sessions/reschedule.html", context)
    times = openings.to_move(session, now=now)
    wanted = picker.instant_of(time)
    if wanted is not None:
        context |= summed_up(times, wanted)
        return render(request, "sessions/reschedule_confirm.html", context)
    context["picker"] = picker.picked(
        times.free,
        bounds=times.bounds,
        zone=readers.zone(request),
        now=now,
        month=request.GET.get("month", ""),
        day=request.GET.get("date", ""),
    )
    return whole_or_part(request, "sessions/reschedule.html", "picker/picker.html", context)
