"""What can be done on `/mentor/availability`: the week, the dates that differ, the rules."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from openmentor.availability import schedule
from openmentor.base import clock
from openmentor.base.errors import Invalid, Refusal
from openmentor.mentors import mentors
from openmentor.web import readers
from openmentor.web.mentor_house import mistakes
from openmentor.web.mentor_house.availability_page import page
from openmentor.web.mentor_house.date_form import DateForm, StretchForm
from openmentor.web.mentor_house.rules_form import RulesForm
from openmentor.web.mentor_house.week import Week
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by


def _refused_week(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    week = Week.typed(request.POST)
    return page(request, week=week, week_mistakes=week.blame(refusal))


def _refused_dates(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = DateForm(request.POST)
    form.blame(refusal)
    return page(request, dates=form)


def _refused_rules(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = RulesForm(request.POST, kept=mentors.of(readers.person(request)))
    mistakes.onto(form, refusal)
    return page(request, rules=form)


@require_http_methods(["GET", "POST"])
@answered_by(_refused_week)
def show(request: HttpRequest) -> HttpResponse:
    """The page; or the week as it was typed, changed by a button, or saved."""
    if request.method == "GET":
        return page(request)
    person = readers.person(request)
    week = Week.typed(request.POST)
    if week.change(request.POST.get("do", "")):
        return page(request, part="mentor_house/week.html", week=week)
    schedule.set_week(
        mentors.of(person).pk,
        timezone=request.POST.get("timezone", ""),
        weekly=week.entries(),
        by=person,
        now=clock.now(),
    )
    messages.success(request, "Your weekly hours are saved.")
    return see_other("availability")


@require_POST
@answered_by(_refused_dates)
def set_dates(request: HttpRequest) -> HttpResponse:
    """The dates that differ, as typed, changed by a button, or saved."""
    person = readers.person(request)
    form = DateForm(request.POST)
    if form.hours.change(request.POST.get("do", "")):
        form.fields["first"].required = False
        return page(request, part="mentor_house/date_hours.html", dates=form)
    if not form.is_valid():
        return page(request, dates=form, status=422)
    schedule.set_dates(mentors.of(person).pk, **form.chosen(), by=person, now=clock.now())
    messages.success(request, "That is saved.")
    return see_other("availability")


@require_POST
def clear_dates(request: HttpRequest) -> HttpResponse:
    """The dates have their weekdays' hours again."""
    person = readers.person(request)
    form = StretchForm(request.POST)
    if not form.is_valid():
        raise Invalid("We could not read which dates you meant.")
    schedule.clear_dates(mentors.of(person).pk, **form.cleaned_data, by=person, now=clock.now())
    messages.success(request, "The usual hours are back.")
    return see_other("availability")


@require_POST
@answered_by(_refused_rules)
def change_rules(request: HttpRequest) -> HttpResponse:
    """The booking settings."""
    person = readers.person(request)
    mentor = mentors.of(person)
    form = RulesForm(request.POST, kept=mentor)
    if not form.is_valid():
        return page(request, rules=form, status=422)
    mentors.update(mentor.pk, by=person, now=clock.now(), **form.rules())
    messages.success(request, "Your booking settings are saved.")
    return see_other("availability")
