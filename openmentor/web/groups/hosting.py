"""What a host does with a group session: cancels it, writes to those who come, counts them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmentor.base import clock, money
from openmentor.base.errors import Refusal
from openmentor.booking import announcements, attendance, groups, sessions
from openmentor.booking.models import Booking, Session
from openmentor.people.models import Person
from openmentor.web import moves, readers, refusals, statuses
from openmentor.web.groups import gathering, page
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by
from openmentor.web.spreadsheets import csv_file

COLUMNS = ("Name", "Joined", "Place", "Payment", "Paid", "Currency")


def _not_cancelled(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _question(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@answered_by(_not_cancelled)
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask, with what everybody gets back; sent as a form, call the session off."""
    if request.method != "POST":
        return _question(request, reference)
    host = readers.person(request)
    groups.demand_run_by(reference, host)
    reason, back = request.POST.get("reason", ""), moves.expected(request)
    sessions.cancel(reference, by=host, reason=reason, expecting=back, now=clock.now())
    messages.success(request, "The session is cancelled, and everybody is told.")
    return see_other("group_session", reference)


def _question(
    request: HttpRequest, reference: str, *, refusal: Refusal | None = None
) -> HttpResponse:
    session, host = _run(request, reference)
    now = clock.now()
    seen = gathering.of(session, host, now=now)
    context = {
        "seen": seen,
        "session": session,
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "reason_error": refusals.fault(refusal, "reason"),
        "quote": sessions.cancel_quote(reference, by=host, now=now),
        "payers": sum(place.payment_status == "paid" for place in seen.places),
    }
    return render(request, "groups/cancel.html", context)


def _not_written(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    text = request.POST.get("text", "")
    mistake = refusals.fault(refusal, "text")
    return page.shown(request, reference, refusal=refusal, text=text, text_error=mistake)


@require_POST
@answered_by(_not_written)
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """A message to all who have a place."""
    text = request.POST.get("text", "")
    announcements.send(reference, text=text, by=readers.person(request), now=clock.now())
    messages.success(request, "Your message is on its way to everybody who has a place.")
    return see_other("group_session", reference)


def _not_marked(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _list(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@answered_by(_not_marked)
def participants(request: HttpRequest, reference: str) -> HttpResponse:
    """Who has a place; sent as a form, whether one of them came."""
    if request.method != "POST":
        return _list(request, reference)
    place = attendance.mark(
        reference,
        booking=request.POST.get("booking", ""),
        came=request.POST.get("came") == "yes",
        by=readers.person(request),
        now=clock.now(),
    )
    came = "came" if place.status == Booking.Status.ATTENDED else "did not come"
    messages.success(request, f"{place.mentee.name} {came}.")
    return see_other("group_participants", reference)


def _list(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    session, host = _run(request, reference)
    seen = gathering.of(session, host, now=clock.now())
    context: dict[str, Any] = {"seen": seen, "session": session, "refusal": refusal}
    return render(request, "groups/participants.html", context)


@require_safe
def download(request: HttpRequest, reference: str) -> HttpResponse:
    """Who has a place, as a file for spreadsheets; no addresses."""
    session, host = _run(request, reference)
    seen = gathering.of(session, host, now=clock.now())
    rows = [
        (
            place.mentee.name,
            place.created_at,
            statuses.read(place.status).label,
            statuses.read(place.payment_status).label,
            money.major(place.amount_minor, place.currency),
            place.currency,
        )
        for place in seen.places
    ]
    return csv_file(f"{session.reference}-participants", COLUMNS, rows)


def _run(request: HttpRequest, reference: str) -> tuple[Session, Person]:
    host = readers.person(request)
    groups.demand_run_by(reference, host)
    return groups.find(reference, for_=host), host
