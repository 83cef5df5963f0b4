"""`/mentor/group-sessions`: a host's group sessions, new ones with a preview, and changes."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import groups, planning, replanning, waiting
from openmentor.booking.models import Session, WaitingEntry
from openmentor.mentors import mentors
from openmentor.web import readers
from openmentor.web.groups import form as forms
from openmentor.web.groups.form import GroupForm, NewGroupForm
from openmentor.web.mentor_house import mistakes
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by

ON_A_PAGE = 20


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The host's group sessions: those to come, or those that are over."""
    host, now = readers.person(request), clock.now()
    mentors.of(host)
    mine = Session.objects.given_by(host).filter(mode=Session.Mode.GROUP)
    over = request.GET.get("tab") == "over"
    coming = mine.upcoming(now)
    found = mine.exclude(pk__in=coming.values("pk")).order_by("-starts_at") if over else coming
    page = Paginator(found.select_related("group"), ON_A_PAGE).get_page(request.GET.get("page"))
    keys = [session.pk for session in page.object_list]
    waits = waiting.lengths(WaitingEntry.Subject.SESSION, keys)
    rows = [(session, waits.get(session.pk, 0)) for session in page.object_list]
    context = {"rows": rows, "found": page, "over": over, "coming_count": coming.count()}
    return render(request, "groups/mine.html", context)


def _not_created(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    typed = NewGroupForm(request.POST)
    clashes = [datetime.fromisoformat(at) for at in refusal.data.get("clashes", [])]
    if not clashes:
        mistakes.onto(typed, refusal, forms.NAMES)
    return _new(request, typed, refusal=refusal, clashes=clashes)


@require_http_methods(["GET", "HEAD", "POST"])
@answered_by(_not_created)
def create(request: HttpRequest) -> HttpResponse:
    """The form; sent once it is looked at, sent again it is created."""
    host = readers.person(request)
    mentor = mentors.approved(host)
    if request.method != "POST":
        return _new(request, forms.empty(mentor))
    typed = NewGroupForm(request.POST)
    if not typed.is_valid():
        return _new(request, typed, status=422)
    if "create" not in request.POST:
        return _new(request, typed, preview=_preview(typed, ZoneInfo(mentor.timezone)))
    made = planning.create(
        host,
        repeat_weeks=typed.cleaned_data["repeat_weeks"],
        skip_clashes=typed.cleaned_data["skip_clashes"],
        now=clock.now(),
        **typed.facts(ZoneInfo(mentor.timezone)),
    )
    is_one = len(made) == 1
    what = f"“{made[0].title}” is open." if is_one else f"{len(made)} sessions are open."
    messages.success(request, what)
    return see_other("group_session", made[0].reference) if is_one else see_other("mentor_groups")


def _not_changed(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    typed = GroupForm(request.POST)
    mistakes.onto(typed, refusal, forms.NAMES)
    return _edit(request, reference, typed)


@require_http_methods(["GET", "HEAD", "POST"])
@answered_by(_not_changed)
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """The form of a session as it is; sent, the session as it is from now on."""
    host = readers.person(request)
    groups.demand_run_by(reference, host)
    session = groups.glimpse(reference, for_=host)
    if request.method != "POST":
        return _edit(request, reference, forms.kept(session))
    typed = GroupForm(request.POST)
    if not typed.is_valid():
        return _edit(request, reference, typed, status=422)
    facts = typed.facts(ZoneInfo(session.mentor.timezone))
    replanning.update(reference, by=host, now=clock.now(), **facts)
    messages.success(request, "The session is saved.")
    return see_other("group_session", reference)


def _preview(typed: NewGroupForm, zone: ZoneInfo) -> dict[str, Any]:
    """How the session will look, and when it takes place."""
    facts = typed.facts(zone)
    length = timedelta(minutes=facts["duration_minutes"])
    weeks = typed.cleaned_data["repeat_weeks"]
    starts = planning.weekly(facts["starts_at"], weeks=weeks, zone=zone)
    return {**facts, "times": [(start, start + length) for start in starts]}


def _new(
    request: HttpRequest,
    typed: NewGroupForm,
    *,
    preview: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
    clashes: list[datetime] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": typed,
        "mentor": mentors.of(readers.person(request)),
        "preview": preview,
        "refusal": refusal,
        "clashes": clashes or [],
    }
    return render(request, "groups/new.html", context, status=status)


def _edit(
    request: HttpRequest, reference: str, typed: GroupForm, *, status: int = 200
) -> HttpResponse:
    session = groups.glimpse(reference, for_=readers.person(request))
    context = {"form": typed, "session": session, "mentor": session.mentor}
    return render(request, "groups/edit.html", context, status=status)
