"""`/mentors/<handle>`: one mentor."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openmentor.base import clock
from openmentor.booking import directory, group_search, openings
from openmentor.booking.group_search import GroupSearch
from openmentor.mentors import mentors, pack_offers
from openmentor.mentorships import seats
from openmentor.web import picker, readers

NEXT_TIMES = 4
COMING = 4
"""So many group sessions to come are shown."""


def show(request: HttpRequest, handle: str) -> HttpResponse:
    """The mentor's page; one that is not approved is seen by its owner and staff only."""
    now = clock.now()
    reader = readers.visitor(request)
    mentor = mentors.find(handle, seen_by=reader)
    offers = list(mentor.session_types.filter(is_active=True))
    first = offers[0] if offers else None
    times = openings.to_book(mentor.pk, minutes=first.duration_minutes, now=now) if first else None
    context = {
        "mentor": mentor,
        "mentor_zone": ZoneInfo(mentor.timezone),
        "is_own": reader is not None and mentor.person_id == reader.pk,
        "offers": offers,
        "first": first,
        "packs": pack_offers.on_sale(mentor),
        "room": seats.room(mentor),
        "times": [picker.Time(at) for at in times.next(NEXT_TIMES)] if times else [],
        "group_sessions": list(
            group_search.matching(GroupSearch(mentor=mentor.handle), now=now)[:COMING]
        ),
        "sessions_held": directory.sessions_held([mentor.pk]).get(mentor.pk, 0),
        "now": now,
    }
    return render(request, "profile/page.html", context)
