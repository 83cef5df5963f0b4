"""`/mentor/mentees`: who has a seat, whose pack ends; releasing a seat and refunding a pack."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import together, waiting
from openmentor.mentors import mentors
from openmentor.mentorships import pack_refunds, packs, releases, seats
from openmentor.web import readers, refusals
from openmentor.web.redirects import see_other


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All mentees of the reader, with seats used of all; past ones after those with a seat."""
    mentor, now = mentors.of(readers.person(request)), clock.now()
    found = together.with_mentor(mentor, now=now)
    context = {
        "mentor": mentor,
        "room": seats.room(mentor),
        "waiting": waiting.length(waiting.for_mentor(mentor.pk)),
        "present": [each for each in found if each.is_live],
        "past": [each for each in found if not each.is_live],
        "now": now,
    }
    return render(request, "packs/mentees.html", context)


def _unrefunded(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _refund(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_unrefunded)
def refund(request: HttpRequest, reference: str) -> HttpResponse:
    """What refunding would pay back, line by line; sent as a form, exactly that is moved."""
    if request.method != "POST":
        return _refund(request, reference)
    expecting = request.POST.get("expecting")
    reader, now = readers.person(request), clock.now()
    pack_refunds.issue(reference, by=reader, expecting=expecting, now=now)
    messages.success(request, "The unused sessions are being paid back, and the seat is free.")
    return see_other("pack", reference)


def _refund(
    request: HttpRequest, reference: str, *, refusal: Refusal | None = None
) -> HttpResponse:
    quote = pack_refunds.quote(reference, by=readers.person(request))
    context = {"quote": quote, "pack": quote.pack, "pair": quote.pack.mentorship}
    return render(request, "packs/refund.html", context | {"refusal": refusal})


def _unreleased(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _release(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_unreleased)
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask; sent as a form, the seat is free at once."""
    if request.method != "POST":
        return _release(request, reference)
    releases.release(reference, by=readers.person(request), now=clock.now())
    messages.success(request, "The seat is free.")
    return see_other("pack", reference)


def _release(
    request: HttpRequest, reference: str, *, refusal: Refusal | None = None
) -> HttpResponse:
    pack = packs.find(reference, for_=readers.person(request))
    return render(
        request,
        "packs/release.html",
        {"pack": pack, "pair": pack.mentorship, "refusal": refusal},
    )
