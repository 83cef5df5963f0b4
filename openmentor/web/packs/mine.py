"""`/my-mentorships`: what a mentee has with each mentor and until when; `/packs/<id>`: a ledger."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmentor.base import clock
from openmentor.booking import together
from openmentor.booking.models import Booking
from openmentor.mentorships import packs
from openmentor.mentorships.models import Pack, PackEntry
from openmentor.people.models import Person
from openmentor.web import readers

WORDS = {
    "buy": "Bought",
    "spend": "Booked a session",
    "return": "A session came back",
    "expire": "Expired unused",
    "refund": "Paid back",
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every mentorship of the reader, those with a seat first."""
    now = clock.now()
    found = together.of_mentee(readers.person(request), now=now)
    return render(request, "packs/mine.html", {"found": found, "now": now})


@require_safe
def pack(request: HttpRequest, reference: str) -> HttpResponse:
    """One pack with its ledger, for its mentee, its mentor and staff."""
    reader, now = readers.person(request), clock.now()
    found = packs.find(reference, for_=reader)
    context = {
        "pack": found,
        "pair": found.mentorship,
        "mentor": found.mentorship.mentor,
        "mentor_zone": ZoneInfo(found.mentorship.mentor.timezone),
        "is_mine": found.mentorship.mentee_id == reader.pk,
        "can_refund": found.balance > 0 and found.mentorship.mentee_id != reader.pk,
        "lines": _lines(found, reader),
        "purchases": found.purchases.select_related("session_type").order_by("pk"),
        "now": now,
    }
    return render(request, "packs/pack.html", context)


def _lines(found: Pack, reader: Person) -> list[tuple[PackEntry, str, int, Booking | None]]:
    """Each line of the ledger, in words, with what was left after it and the booking it is about.

    A ledger line does not know its booking's table, so the bookings are read by their keys.
    """
    entries = list(found.entries.order_by("pk"))
    keys = [entry.booking_id for entry in entries if entry.booking_id is not None]
    bookings = Booking.objects.visible_to(reader).select_related("session").in_bulk(keys)
    left, lines = 0, []
    for entry in entries:
        left += entry.sessions
        about = bookings.get(entry.booking_id) if entry.booking_id is not None else None
        lines.append((entry, WORDS[entry.kind], left, about))
    return lines
