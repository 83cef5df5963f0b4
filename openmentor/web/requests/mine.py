"""`/requests`: what a mentee asked for, of one mentor or of all; post, change and cancel."""

import secrets
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from openmentor.base import clock, events, idempotency
from openmentor.base.errors import NotFound, Refusal
from openmentor.booking import open_permits, open_requests
from openmentor.booking.models import OpenRequest, Session
from openmentor.mentors import search
from openmentor.people import limits
from openmentor.web import live, readers, refusals, seen
from openmentor.web.parts import whole_or_part
from openmentor.web.redirects import see_other
from openmentor.web.requests import open_histories, standing, words
from openmentor.web.requests.drafts import Draft

ON_A_PAGE: Final = 20


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """What is going on, or what is over."""
    reader, now = readers.person(request), clock.now()
    mine = OpenRequest.objects.filter(mentee=reader)
    is_past = request.GET.get("tab") == "past"
    found = mine.over() if is_past else mine.current()
    pages = Paginator(found.with_all_sides(), ON_A_PAGE)
    posted = pages.get_page(request.GET.get("page"))
    waiting = Session.objects.taken_by(reader).unconfirmed().with_both_sides()
    asked = [] if is_past else list(waiting)
    context = {
        "is_past": is_past,
        "found": posted,
        "asked": [seen.by(reader, session, now=now) for session in asked],
    }
    facts = [(each.pk, each.revision) for each in posted], [standing.facts(each) for each in asked]
    return live.page(request, "requests/mine.html", context, facts=facts)


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """One open request of the reader's; mentors are led to its page on the board."""
    reader, now = readers.person(request), clock.now()
    posted = open_requests.find(reference, for_=reader)
    if not open_permits.is_mentees(posted, reader) and not reader.is_staff:
        return see_other("board_request", reference)
    happened = events.history("open_request", posted.pk)
    context = {
        "posted": posted,
        "actions": open_permits.actions(posted, reader, now),
        "history": open_histories.told(happened, to=reader, mentee_name=posted.mentee.name),
    }
    facts = posted.revision, posted.session and posted.session.revision
    return live.page(request, "requests/posted.html", context, facts=facts)


def _refused_new(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    draft = Draft.typed(request, readers.zone(request), now=clock.now(), refusal=refusal)
    return _form(request, draft, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_refused_new)
def post(request: HttpRequest) -> HttpResponse:
    """The form; sent, the need is posted to all mentors."""
    reader, now = readers.person(request), clock.now()
    zone = readers.zone(request)
    if request.method != "POST":
        again = request.GET.get("again", "")
        draft = Draft.blank(zone, now=now)
        if again:
            draft = Draft.of(open_requests.find(again, for_=reader), zone, now=now)
        return _form(request, draft)
    draft = Draft.typed(request, zone, now=now)
    if draft.windows.change(request.POST.get("do", "")):
        return _form(request, draft)
    limits.spend("book", who=reader.reference, now=now)
    need = draft.need()
    _, reference = idempotency.once(
        request.POST.get("key", ""),
        person_id=reader.pk,
        request=repr(need).encode(),
        now=now,
        effect=lambda: (303, open_requests.post(reader, now=now, **need).reference),
    )
    messages.success(request, "Your request is on the board. Mentors see it now.")
    return see_other("request", reference)


def _refused_change(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    draft = Draft.typed(request, readers.zone(request), now=clock.now(), refusal=refusal)
    return _form(request, draft, refusal=refusal, posted=_own(request, reference))


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_refused_change)
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """The same form, for a request that nobody has claimed."""
    reader, now = readers.person(request), clock.now()
    posted = _own(request, reference)
    if request.method != "POST":
        open_permits.demand_editable(posted, reader, now)
        draft = Draft.of(posted, readers.zone(request), now=now)
        return _form(request, draft, posted=posted)
    draft = Draft.typed(request, readers.zone(request), now=now)
    if draft.windows.change(request.POST.get("do", "")):
        return _form(request, draft, posted=posted)
    open_requests.edit(reference, by=reader, now=now, **draft.need())
    messages.success(request, "Your request is changed.")
    return see_other("request", reference)


def _refused_cancel(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _question(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_refused_cancel)
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask; sent as a form, take the request back."""
    if request.method != "POST":
        return _question(request, reference)
    reason = request.POST.get("reason", "")
    reader, now = readers.person(request), clock.now()
    open_requests.cancel(reference, by=reader, reason=reason, now=now)
    messages.success(request, "Your request is taken back.")
    return see_other("request", reference)


def _own(request: HttpRequest, reference: str) -> OpenRequest:
    """The reader's own; mentors who see it on the board have no business on these pages."""
    reader = readers.person(request)
    posted = open_requests.find(reference, for_=reader)
    if not open_permits.is_mentees(posted, reader) and not reader.is_staff:
        raise NotFound("There is no such request.")
    return posted


def _form(
    request: HttpRequest,
    draft: Draft,
    *,
    posted: OpenRequest | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "draft": draft,
        "posted": posted,
        "refusal": refusal,
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
        "kinds": [("", "Choose"), *words.KINDS.items()],
        "formats": words.FORMATS.items(),
        "urgencies": words.URGENCIES.items(),
        "durations": words.DURATIONS.items(),
        "languages": search.words_in_use("languages"),
    }
    return whole_or_part(request, "requests/form.html", "requests/windows.html", context)


def _question(
    request: HttpRequest, reference: str, *, refusal: Refusal | None = None
) -> HttpResponse:
    reader, now = readers.person(request), clock.now()
    posted = _own(request, reference)
    context = {
        "posted": posted,
        "refusal": refusal,
        "objection": open_permits.objection("cancel", posted, reader, now),
        "reason": request.POST.get("reason", ""),
        "reason_error": refusals.fault(refusal, "reason"),
    }
    return render(request, "requests/cancel.html", context)
