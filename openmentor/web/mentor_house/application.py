"""`/become-a-mentor`: what it is to be a mentor here, and the application."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.web import readers
from openmentor.web.mentor_house import mistakes, profile_form
from openmentor.web.mentor_house.profile_form import ApplicationForm
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = ApplicationForm(request.POST, kept=_kept(request))
    mistakes.onto(form, refusal, profile_form.NAMES)
    return _page(request, form)


@require_http_methods(["GET", "POST"])
@answered_by(_refused)
def become(request: HttpRequest) -> HttpResponse:
    """The application; visitors read what it is about, mentors are led to their house."""
    if readers.visitor(request) is None and request.method == "GET":
        return render(request, "mentor_house/invitation.html")
    person = readers.person(request)
    kept = _kept(request)
    if kept.pk and kept.status != Mentor.Status.REJECTED:
        return see_other("mentor")
    form = ApplicationForm(request.POST or None, kept=kept)
    if not form.is_valid():
        return _page(request, form)
    handle = form.cleaned_data.get("handle", "")
    mentors.apply(person, now=clock.now(), handle=handle, **form.profile())
    messages.success(request, "Welcome to your house. A few steps, and you can be booked.")
    return see_other("mentor")


def _kept(request: HttpRequest) -> Mentor:
    person = readers.person(request)
    return person.mentor if person.is_mentor else profile_form.blank(person)


def _page(request: HttpRequest, form: ApplicationForm) -> HttpResponse:
    context = {"form": form, "kept": _kept(request), "waits": not settings.AUTO_APPROVE_MENTORS}
    return render(
        request, "mentor_house/application.html", context, status=422 if form.is_bound else 200
    )
