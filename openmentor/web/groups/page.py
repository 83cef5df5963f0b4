"""`/group-sessions/<id>`: one group session, for visitors, participants and its host."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import groups, repayments, settlement, waiting
from openmentor.booking.models import Session
from openmentor.delivery import invites
from openmentor.web import readers
from openmentor.web.groups import gathering
from openmentor.web.groups.gathering import Gathering


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """All about one group session that the reader may see."""
    return shown(request, reference)


def shown(
    request: HttpRequest, reference: str, *, refusal: Refusal | None = None, **more: Any
) -> HttpResponse:
    """The page, also as the answer to what was refused on it."""
    reader, now = readers.visitor(request), clock.now()
    session = groups.find(reference, for_=reader)
    seen = gathering.of(session, reader, now=now)
    context = {"seen": seen, "session": session, "group": session.group, "refusal": refusal}
    context |= _of_those_who_come(seen) | (_of_host(session) if seen.is_run else {})
    return render(request, "groups/page.html", context | more)


def _of_those_who_come(seen: Gathering) -> dict[str, Any]:
    """Messages, calendar links and money, for who has a place or runs it."""
    if seen.reader is None or not (seen.has_place or seen.is_run):
        return {}
    pays = seen.place is not None and seen.place.amount_minor
    return {
        "messages_sent": list(seen.session.group.messages.all()),
        "calendars": invites.links(seen.session, reader=seen.reader),
        "orders": settlement.orders_of(seen.session, seen.reader) if pays else [],
    }


def _of_host(session: Session) -> dict[str, Any]:
    is_cancelled = session.status == Session.Status.CANCELLED
    return {
        "waiting_count": waiting.length(waiting.for_session(session.pk)),
        "repayments": repayments.of(session) if is_cancelled and session.price_minor else None,
    }
