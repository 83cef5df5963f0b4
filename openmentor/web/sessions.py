"""`/sessions/<id>`: one session, the page after booking it, and its calendar file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmentor.base import clock, events
from openmentor.booking import sessions
from openmentor.delivery import invites
from openmentor.web import histories, readers, seen


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """All about one session, for those who take part in it and for staff."""
    reader, now = readers.person(request), clock.now()
    session = sessions.find(reference, for_=reader)
    happened = events.history("session", session.pk)
    context = {
        "seen": seen.by(reader, session, now=now),
        "session": session,
        "history": histories.told(happened, session, to=reader),
        "calendars": invites.links(session, reader=reader),
        "now": now,
    }
    return render(request, "sessions/page.html", context)


@require_safe
def confirmation(request: HttpRequest, reference: str) -> HttpResponse:
    """It is booked: what, when, with whom, and what happens next."""
    reader, now = readers.person(request), clock.now()
    session = sessions.find(reference, for_=reader)
    context = {
        "seen": seen.by(reader, session, now=now),
        "session": session,
        "calendars": invites.links(session, reader=reader),
    }
    return render(request, "sessions/confirmation.html", context)


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
