"""`/mentor/availability/open-requests`: the hours at which a mentor takes open requests."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from openmentor.availability import request_hours
from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.mentors import mentors
from openmentor.web import readers
from openmentor.web.mentor_house.week import Week
from openmentor.web.parts import whole_or_part
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    week = Week.typed(request.POST)
    return _page(request, week=week, week_mistakes=week.blame(refusal))


@require_http_methods(["GET", "HEAD", "POST"])
@answered_by(_refused)
def show(request: HttpRequest) -> HttpResponse:
    """The page; or the week as it was typed, changed by a button, saved, or given up."""
    if request.method != "POST":
        return _page(request)
    person = readers.person(request)
    mentor, what, week = mentors.of(person), request.POST.get("do", ""), Week.typed(request.POST)
    if week.change(what):
        return _page(request, week=week)
    hours = None if what == "reset" else week.entries()
    request_hours.replace(mentor.pk, weekly=hours, by=person, now=clock.now())
    said = "Your weekly hours count again." if hours is None else "Your hours are saved."
    messages.success(request, said)
    return see_other("request_hours")


def _page(request: HttpRequest, **typed: Any) -> HttpResponse:
    kept = request_hours.read(mentors.of(readers.person(request)))
    context = {
        "week": Week.kept(kept.weekly),
        "week_to": "request_hours",
        "is_own": kept.is_own,
        **typed,
    }
    return whole_or_part(
        request, "mentor_house/request_hours.html", "mentor_house/week.html", context
    )
