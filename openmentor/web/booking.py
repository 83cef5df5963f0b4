"""`/mentors/<handle>/book`: a session type, a day, a time, and yes; the address says how far."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openmentor.base import clock, idempotency, references
from openmentor.base.errors import IdempotencyMismatch, Invalid, Refusal
from openmentor.booking import bookings, openings
from openmentor.booking.openings import Openings
from openmentor.booking.policy import POLICIES
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor, SessionType
from openmentor.mentorships import choice as pack_choice
from openmentor.payments import providers
from openmentor.people import limits
from openmentor.people.models import Person
from openmentor.web import picker, readers, refusals
from openmentor.web.parts import whole_or_part
from openmentor.web.redirects import see_other
from openmentor.web.wanted import summed_up

STEPS = ("Session", "Day", "Time", "Confirm")


@dataclass(frozen=True, slots=True)
class Choice:
    """What has been chosen so far; empty strings stand for what has not."""

    session_type: str
    month: str
    date: str
    time: str
    notes: str
    key: str
    pack: str

    @classmethod
    def read(cls, request: HttpRequest) -> Self:
        """From the form where one was sent, else from the address."""
        said = request.POST if request.method == "POST" else request.GET
        return cls(
            session_type=references.normalised(said.get("type", ""), "TYPE"),
            month=said.get("month", ""),
            date=said.get("date", ""),
            time=said.get("time", ""),
            notes=said.get("notes", ""),
            key=said.get("key", ""),
            pack=references.normalised(said.get("pack", ""), "PACK"),
        )


def _refused(request: HttpRequest, refusal: Refusal, handle: str) -> HttpResponse:
    return _page(request, handle, refusal=refusal)


@refusals.answered_by(_refused)
def book(request: HttpRequest, handle: str) -> HttpResponse:
    """The step that comes next; sent as a form, the booking itself."""
    if request.method == "POST":
        return _book(request, readers.person(request), handle)
    return _page(request, handle)


def _book(request: HttpRequest, mentee: Person, handle: str) -> HttpResponse:
    choice, now = Choice.read(request), clock.now()
    limits.spend("book", who=mentee.reference, now=now)
    starts_at = picker.instant_of(choice.time)
    if starts_at is None:
        raise Invalid.field("time", "Please choose a time.")

    def effect() -> tuple[int, str]:
        session = bookings.book(
            mentee,
            handle=handle,
            session_type=choice.session_type,
            starts_at=starts_at,
            pack=choice.pack or None,
            notes=choice.notes,
            now=now,
        )
        return 303, session.reference

    asked = f"{request.path}\n{choice.session_type}\n{choice.time}\n{choice.notes}\n{choice.pack}"
    _, session = idempotency.once(
        choice.key, person_id=mentee.pk, request=asked.encode(), now=now, effect=effect
    )
    return see_other("confirmation", session)


def _page(request: HttpRequest, handle: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """The page of the step that the choice so far leads to."""
    choice, reader = Choice.read(request), readers.visitor(request)
    mentor = mentors.find(handle, seen_by=reader)
    offers = list(mentor.session_types.filter(is_active=True))
    offer = next((each for each in offers if each.reference == choice.session_type), None)
    context = {
        "mentor": mentor,
        "mentor_zone": ZoneInfo(mentor.timezone),
        "is_own": reader is not None and mentor.person_id == reader.pk,
        "offers": offers,
        "offer": offer,
        "policy": POLICIES[mentor.refund_policy],
        "can_pay": bool(providers.enabled()),
        "steps": STEPS,
        "refusal": refusal,
        "notes_error": refusals.fault(refusal, "notes"),
        "notes": choice.notes,
        "key": _key(choice, refusal),
    }
    if offer is None:
        return render(request, "booking/types.html", context)
    now = clock.now()
    times = openings.to_book(mentor.pk, minutes=offer.duration_minutes, now=now)
    wanted = picker.instant_of(choice.time)
    if wanted is None:
        return _picker(request, context, choice, times, now=now)
    context |= _ways_to_pay(choice, reader, mentor, offer, wanted)
    return render(request, "booking/confirm.html", context | summed_up(times, wanted))


def _ways_to_pay(
    choice: Choice, reader: Person | None, mentor: Mentor, offer: SessionType, at: datetime
) -> dict[str, Any]:
    """The packs that can pay for this session, the default first, and which way is chosen."""
    fit = pack_choice.usable(reader, mentor_id=mentor.pk, starts_at=at) if reader else []
    packs = [each for each in fit if each.session_type_id == offer.pk]
    return {"packs": packs, "chosen_pack": choice.pack}


def _picker(
    request: HttpRequest, context: dict[str, Any], choice: Choice, times: Openings, *, now: datetime
) -> HttpResponse:
    shown = picker.picked(
        times.free,
        bounds=times.bounds,
        zone=readers.zone(request),
        now=now,
        month=choice.month,
        day=choice.date,
    )
    step = 3 if shown.day and shown.times else 2
    return whole_or_part(
        request,
        "booking/times.html",
        "booking/times_part.html",
        context | {"picker": shown, "step": step},
    )


def _key(choice: Choice, refusal: Refusal | None) -> str:
    """Under which the next try counts as the same one; a fresh one where it would be another."""
    if isinstance(refusal, IdempotencyMismatch) or not choice.key:
        return secrets.token_urlsafe(16)
    return choice.key
