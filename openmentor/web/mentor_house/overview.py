"""`/mentor`: where the mentor stands, what comes next, and the pause switch."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from openmentor.availability import hours
from openmentor.base import clock
from openmentor.booking import directory
from openmentor.booking.diary import moment
from openmentor.booking.models import Session
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.web import live, readers, seen
from openmentor.web.mentor_house import waiting
from openmentor.web.redirects import see_other

A_WEEK: Final = timedelta(days=7)
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a newcomer does before anybody can book."""

    title: str
    why: str
    url: str
    done: bool


def show(request: HttpRequest) -> HttpResponse:
    """The overview; somebody who is no mentor is asked to become one."""
    person, now = readers.person(request), clock.now()
    if not person.is_mentor:
        return see_other("become_a_mentor")
    mentor = mentors.of(person)
    (card,) = directory.cards([mentor], now=now)
    sessions = Session.objects.given_by(person).upcoming(now).with_both_sides()
    soon = sessions.filter(starts_at__lt=now + A_WEEK)[:MOST]
    rows = [seen.by(person, session, now=now) for session in soon]
    tomorrow = _tomorrow(readers.zone(request), now)
    steps = _steps(mentor, offers=bool(card.session_types))
    waits = waiting.of(person, mentor, now=now)
    context = {
        **waits,
        "mentor": mentor,
        "card": card,
        "steps": steps,
        "all_done": all(step.done for step in steps),
        "coming": len(rows),
        "today": [row for row in rows if row.session.starts_at < tomorrow],
        "later": [row for row in rows if row.session.starts_at >= tomorrow],
    }
    return live.page(request, "mentor_house/overview.html", context, facts=waits["facts"])


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Take no new bookings for now."""
    person = readers.person(request)
    mentors.pause(mentors.of(person).pk, by=person, now=clock.now())
    messages.success(request, "You are paused. Nobody can book new sessions.")
    return see_other("mentor")


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Take bookings again."""
    person = readers.person(request)
    mentors.resume(mentors.of(person).pk, by=person, now=clock.now())
    messages.success(request, "Welcome back. You can be booked again.")
    return see_other("mentor")


def _tomorrow(zone: ZoneInfo, now: datetime) -> datetime:
    """When the reader's day is over."""
    on = now.astimezone(zone).date() + timedelta(days=1)
    return moment(hours.instant(zone, on, 0))


def _steps(mentor: Mentor, *, offers: bool) -> list[Step]:
    return [
        Step(
            "Say who you are",
            "A headline, what you can help with, a few lines about you.",
            reverse("mentor_settings"),
            bool(mentor.headline and mentor.bio and mentor.specialisations),
        ),
        Step(
            "Say when you have time",
            "Your weekly hours, in your own time zone.",
            reverse("availability"),
            mentor.weekly_hours.exists(),
        ),
        Step(
            "Say what can be booked",
            "At least one session type, free or with a price.",
            reverse("session_types"),
            offers,
        ),
    ]
