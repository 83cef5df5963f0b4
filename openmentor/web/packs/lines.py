"""`/mentors/<handle>/seats`: how many seats there are, and the line for the next one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import seat_line, waiting
from openmentor.mentors import mentors, pack_offers
from openmentor.mentorships import seats
from openmentor.web import readers, refusals
from openmentor.web.redirects import see_other


def _refused(request: HttpRequest, refusal: Refusal, handle: str) -> HttpResponse:
    return _page(request, handle, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_refused)
def show(request: HttpRequest, handle: str) -> HttpResponse:
    """Seats, the line, and one's place in it; sent as a form, one's place at its end."""
    if request.method != "POST":
        return _page(request, handle)
    seat_line.enter(readers.person(request), handle=handle, now=clock.now())
    messages.success(request, "You are in line. We tell you when a seat is yours to take.")
    return see_other("seats", handle)


def _left(request: HttpRequest, refusal: Refusal, handle: str) -> HttpResponse:
    return _page(request, handle, refusal=refusal)


@require_POST
@refusals.answered_by(_left)
def leave(request: HttpRequest, handle: str) -> HttpResponse:
    """Wait no more."""
    seat_line.leave(readers.person(request), handle=handle, now=clock.now())
    messages.success(request, "You are no longer in line.")
    return see_other("seats", handle)


def _page(request: HttpRequest, handle: str, *, refusal: Refusal | None = None) -> HttpResponse:
    reader = readers.visitor(request)
    mentor = mentors.find(handle, seen_by=reader)
    context = {
        "mentor": mentor,
        "room": seats.room(mentor),
        "standing": seat_line.standing(mentor, reader) if reader else None,
        "waiting": waiting.length(waiting.for_mentor(mentor.pk)),
        "packs": pack_offers.on_sale(mentor),
        "is_own": reader is not None and mentor.person_id == reader.pk,
        "refusal": refusal,
    }
    return render(request, "packs/seats.html", context)
