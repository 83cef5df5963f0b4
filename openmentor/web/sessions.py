"""`/sessions/<id>`: one session, the page after booking it, and its calendar file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmentor.base import clock, events
from openmentor.booking import sessions, settlement
from openmentor.booking.models import Session
from openmentor.delivery import invites
from openmentor.payments.models import Order
from openmentor.web import histories, live, readers, seen
from openmentor.web.post import meetings
from openmentor.web.redirects import see_other
from openmentor.web.requests import standing
from openmentor.web.seen import Seen


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """All about one session, for those who take part in it and for staff."""
    reader, now = readers.person(request), clock.now()
    session = sessions.find(reference, for_=reader)
    if session.mode == Session.Mode.GROUP:
        return see_other("group_session", reference)
    happened = events.history("session", session.pk)
    known = seen.by(reader, session, now=now)
    context = {
        "seen": known,
        "session": session,
        "orders": _orders(known),
        "history": histories.told(happened, session, to=reader),
        "calendars": invites.links(session, reader=reader),
        "now": now,
        **meetings.room(session, reader),
        **standing.of(known, now=now),
    }
    if not _waits(known):
        return render(request, "sessions/page.html", context)
    return live.page(request, "sessions/page.html", context, facts=standing.facts(session))


@require_safe
def confirmation(request: HttpRequest, reference: str) -> HttpResponse:
    """It is booked: what, when, with whom, and what happens next."""
    reader, now = readers.person(request), clock.now()
    session = sessions.find(reference, for_=reader)
    known = seen.by(reader, session, now=now)
    if known.is_to_pay:
        return live.lead_on(request, "payment", reference)
    if session.mode == Session.Mode.GROUP:
        return see_other("group_session", reference)
    context = {
        "seen": known,
        "session": session,
        "orders": _orders(known),
        "calendars": invites.links(session, reader=reader),
        **standing.of(known, now=now),
    }
    if not _waits(known):
        return render(request, "sessions/confirmation.html", context)
    return live.page(request, "sessions/confirmation.html", context, facts=standing.facts(session))


@require_safe
def calendar_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The session as a file that every calendar can open."""
    reader = readers.person(request)
    session = sessions.find(reference, for_=reader)
    file = invites.published(session, reader=reader, now=clock.now())
    return HttpResponse(
        file,
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": f'attachment; filename="{session.reference}.ics"'},
    )


def _waits(known: Seen) -> bool:
    """Whether the other side has something to do, which the page then shows by itself."""
    return known.session.status == Session.Status.PENDING or known.payment == "held"


def _orders(known: Seen) -> list[Order]:
    """What was paid, and paid back, for the place that the page is about."""
    if known.booking is None or not known.amount_minor:
        return []
    return settlement.orders_of(known.session, known.booking.mentee)
