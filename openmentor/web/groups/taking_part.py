"""Joining a group session, waiting for a place in it, and leaving it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from openmentor.base import clock, money
from openmentor.base.errors import Refusal
from openmentor.booking import groups, joining
from openmentor.booking.models import Booking
from openmentor.people import limits
from openmentor.web import moves, readers
from openmentor.web.groups import gathering, page
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by


def _refused(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return page.shown(request, reference, refusal=refusal)


@require_POST
@answered_by(_refused)
def join(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a place; one that has a price leads to its payment."""
    reader, now = readers.person(request), clock.now()
    limits.spend("book", who=reader.reference, now=now)
    booking = joining.join(reference, by=reader, now=now)
    if booking.status == Booking.Status.HELD:
        return see_other("payment", reference)
    messages.success(request, "You have a place. See you there.")
    return see_other("group_session", reference)


@require_POST
@answered_by(_refused)
def wait(request: HttpRequest, reference: str) -> HttpResponse:
    """Get in line for a place."""
    joining.wait(reference, by=readers.person(request), now=clock.now())
    messages.success(request, "You are on the waiting list. We tell you when it is your turn.")
    return see_other("group_session", reference)


def _asked_again(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _question(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@answered_by(_asked_again)
def leave(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask, with what comes back; sent as a form, give the place or the turn away."""
    if request.method != "POST":
        return _question(request, reference)
    reader, back = readers.person(request), moves.expected(request)
    joining.leave(reference, by=reader, expecting=back, now=clock.now())
    session = groups.find(reference, for_=reader)
    paid_back = f" {money.display(back, session.currency)} is on its way back." if back else ""
    messages.success(request, f"You have left “{session.title}”.{paid_back}")
    return see_other("group_session", reference)


def _question(
    request: HttpRequest, reference: str, *, refusal: Refusal | None = None
) -> HttpResponse:
    reader, now = readers.person(request), clock.now()
    session = groups.find(reference, for_=reader)
    seen = gathering.of(session, reader, now=now)
    waits = seen.standing is not None and not seen.has_place
    context = {"seen": seen, "session": session, "refusal": refusal, "waits": waits}
    if not waits:
        context["quote"] = joining.leave_quote(reference, by=reader, now=now)
    return render(request, "groups/leave.html", context)
