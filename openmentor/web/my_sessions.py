"""`/my-sessions`: a person's sessions, those taken and those given, by when and with whom."""

from collections.abc import Callable
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openmentor.base import clock
from openmentor.booking.models import Session
from openmentor.booking.visibility import SessionQuerySet
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from openmentor.web import readers, seen

ON_A_PAGE = 20

Narrowed = Callable[[SessionQuerySet, Q, datetime], SessionQuerySet]
TABS: dict[str, tuple[str, Narrowed]] = {
    "all": ("All", lambda sessions, _, __: sessions.order_by("-starts_at", "-id")),
    "upcoming": ("Upcoming", lambda sessions, left, now: sessions.exclude(left).upcoming(now)),
    "past": ("Past", lambda sessions, left, now: sessions.exclude(left).past(now)),
    "cancelled": ("Cancelled", lambda sessions, left, _: sessions.cancelled(besides=left)),
    "unconfirmed": ("Unconfirmed", lambda sessions, _, __: sessions.unconfirmed()),
}
"""What each tab shows; the middle argument are the groups that the reader has left."""
FIRST_TAB = "upcoming"


def show(request: HttpRequest) -> HttpResponse:
    """One tab of one side's sessions, a page at a time."""
    reader, now = readers.person(request), clock.now()
    gives = reader.is_mentor and request.GET.get("as") == "mentor"
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else FIRST_TAB
    mine = Session.objects.given_by(reader) if gives else Session.objects.taken_by(reader)
    handle = "" if gives else request.GET.get("mentor", "")
    wanted = mine.filter(mentor__handle=handle) if handle else mine
    left = Q(pk__in=() if gives else Session.objects.left_by(reader).values("pk"))
    found = TABS[tab][1](wanted, left, now).with_both_sides(seen_by=reader)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "gives": gives,
        "tab": tab,
        "tabs": _tabs(wanted, left, now, current=tab),
        "found": page,
        "rows": [seen.by(reader, session, now=now) for session in page.object_list],
        "mentors": [] if gives else _mentors(reader),
        "mentor": handle,
    }
    return render(request, "sessions/list.html", context)


def _tabs(
    sessions: SessionQuerySet, left: Q, now: datetime, *, current: str
) -> list[tuple[str, str, int]]:
    """The tabs as (key, words, how many); Unconfirmed only when there are any."""
    counted = [
        (key, words, pick(sessions, left, now).count()) for key, (words, pick) in TABS.items()
    ]
    return [tab for tab in counted if tab[0] != "unconfirmed" or tab[2] or current == tab[0]]


def _mentors(reader: Person) -> list[tuple[str, str]]:
    """Everybody the reader has or had a session with, as (handle, name)."""
    theirs = Session.objects.taken_by(reader).values("mentor")
    met = Mentor.objects.filter(pk__in=theirs).order_by("person__name", "handle")
    return list(met.values_list("handle", "person__name"))
