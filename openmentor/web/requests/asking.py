"""`/mentors/<handle>/request`: propose a time of one's own to a mentor."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openmentor.base import clock, idempotency, money
from openmentor.base.errors import Invalid, Refusal
from openmentor.booking import requests
from openmentor.booking.terms import HOUR
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.people import limits
from openmentor.web import picker, readers, refusals, wall_clock
from openmentor.web.redirects import see_other

LENGTHS: Final = (30, 45, 60, 90)
"""Lengths to ask for besides the session types, in minutes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed; empty strings stand for what was not."""

    what: str
    on: str
    at: str
    message: str
    zone: ZoneInfo
    key: str

    @classmethod
    def read(cls, request: HttpRequest) -> Self:
        """From the form where one was sent, else from the address."""
        said = request.POST if request.method == "POST" else request.GET
        return cls(
            what=said.get("what", ""),
            on=said.get("date", ""),
            at=said.get("time", ""),
            message=said.get("message", ""),
            zone=wall_clock.zone_of(said.get("zone", ""), otherwise=readers.zone(request)),
            key=said.get("key", ""),
        )

    @property
    def minutes(self) -> int | None:
        """The length, where it is not a session type."""
        return int(self.what) if self.what.isdecimal() and len(self.what) < 4 else None

    @property
    def starts_at(self) -> datetime:
        """When; refuses what is no date and time."""
        starts_at = wall_clock.instant(self.on, self.at, zone=self.zone)
        if starts_at is None:
            missing = "date" if picker.day_of(self.on) is None else "time"
            raise Invalid.field(missing, f"Please choose a {missing}.")
        return starts_at


def _refused(request: HttpRequest, refusal: Refusal, handle: str) -> HttpResponse:
    return _page(request, handle, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_refused)
def ask(request: HttpRequest, handle: str) -> HttpResponse:
    """The form; sent, the mentor is asked for that time."""
    if request.method != "POST":
        return _page(request, handle)
    mentee, now, wish = readers.person(request), clock.now(), Wish.read(request)
    limits.spend("book", who=mentee.reference, now=now)
    starts_at = wish.starts_at

    def effect() -> tuple[int, str]:
        session = requests.propose(
            mentee,
            handle=handle,
            starts_at=starts_at,
            session_type="" if wish.minutes else wish.what,
            minutes=wish.minutes,
            message=wish.message,
            now=now,
        )
        return 303, session.reference

    asked = f"{request.path}\n{wish.what}\n{starts_at}\n{wish.message}"
    _, session = idempotency.once(
        wish.key, person_id=mentee.pk, request=asked.encode(), now=now, effect=effect
    )
    return see_other("confirmation", session)


def _page(request: HttpRequest, handle: str, *, refusal: Refusal | None = None) -> HttpResponse:
    wish, reader = Wish.read(request), readers.visitor(request)
    mentor = mentors.find(handle, seen_by=reader)
    choices = _choices(mentor)
    context = {
        "mentor": mentor,
        "mentor_zone": ZoneInfo(mentor.timezone),
        "is_own": reader is not None and mentor.person_id == reader.pk,
        "choices": choices,
        "wish": wish,
        "key": wish.key or secrets.token_urlsafe(16),
        "first_day": clock.now().astimezone(wish.zone).date().isoformat(),
        "refusal": refusal,
        "faults": _faults(refusal),
        "alternatives": _alternatives(refusal) if wish.what.startswith("TYPE-") else [],
    }
    return render(request, "requests/ask.html", context)


def _choices(mentor: Mentor) -> list[tuple[str, str]]:
    """What can be asked for, with its price: session types, then lengths by the hour."""
    offers = [
        (
            offer.reference,
            _priced(offer.title, offer.duration_minutes, offer.price_minor, offer.currency),
        )
        for offer in mentor.session_types.filter(is_active=True)
    ]
    hourly = mentor.one_on_one_price_minor
    lengths = [
        (
            str(minutes),
            _priced("Open topic", minutes, money.share(hourly, minutes, HOUR), mentor.currency),
        )
        for minutes in LENGTHS
    ]
    return offers + lengths


def _priced(title: str, minutes: int, price_minor: int, currency: str) -> str:
    price = money.display(price_minor, currency) if price_minor else "free"
    return f"{title}, {minutes} minutes, {price}"


def _faults(refusal: Refusal | None) -> dict[str, str]:
    """What is wrong, by field of the form."""
    names = {"scheduled_at": "time", "duration_minutes": "what"}
    errors = refusal.data.get("errors", []) if refusal else []
    return {names.get(line["field"], line["field"]): line["message"] for line in errors}


def _alternatives(refusal: Refusal | None) -> list[picker.Time]:
    """The nearest free times, where the one that was asked for is taken."""
    times: list[dict[str, Any]] = refusal.data.get("alternatives", []) if refusal else []
    return [picker.Time(datetime.fromisoformat(time["start"])) for time in times]
