"""`/mentor/settings`: the profile as others read it, prices, the photo."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from openmentor.base import clock
from openmentor.base.errors import Invalid, Refusal
from openmentor.mentors import mentors, photos
from openmentor.web import readers
from openmentor.web.mentor_house import mistakes, profile_form
from openmentor.web.mentor_house.profile_form import ProfileForm
from openmentor.web.parts import whole_or_part
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = ProfileForm(request.POST, kept=mentors.of(readers.person(request)))
    mistakes.onto(form, refusal, profile_form.NAMES)
    return _page(request, form)


def _refused_photo(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = ProfileForm(kept=mentors.of(readers.person(request)))
    return _page(request, form, photo_mistake=refusal.detail)


@require_http_methods(["GET", "POST"])
@answered_by(_refused)
def show(request: HttpRequest) -> HttpResponse:
    """The form; what was typed is saved, or shown as others would read it."""
    person = readers.person(request)
    mentor = mentors.of(person)
    form = ProfileForm(request.POST or None, kept=mentor)
    if "preview" in request.POST:
        return _page(request, form, written=request.POST.get("bio", ""))
    if not form.is_valid():
        return _page(request, form)
    mentors.update(mentor.pk, by=person, now=clock.now(), **form.profile())
    messages.success(request, "Your profile is saved.")
    return see_other("mentor_settings")


@require_POST
@answered_by(_refused_photo)
def change_photo(request: HttpRequest) -> HttpResponse:
    """A new photo, or none any more."""
    person, now = readers.person(request), clock.now()
    mentor = mentors.of(person)
    if "remove" in request.POST:
        photos.remove(mentor.pk, by=person, now=now)
        messages.success(request, "Your photo is removed.")
    else:
        photos.change(mentor.pk, data=_sent(request), by=person, now=now)
        messages.success(request, "Your photo is saved.")
    return see_other("mentor_settings")


def _sent(request: HttpRequest) -> bytes:
    file = request.FILES.get("photo")
    if file is None:
        raise Invalid.field("photo", "Choose a picture first.")
    # One byte more than allowed is enough to be refused, however long the file goes on.
    sent: bytes = file.read(settings.PHOTO_LIMIT_BYTES + 1)
    return sent


def _page(request: HttpRequest, form: ProfileForm, **more: str) -> HttpResponse:
    context = {
        "form": form,
        "mentor": mentors.of(readers.person(request)),
        "previews": True,
        **more,
    }
    response = whole_or_part(
        request, "mentor_house/settings.html", "mentor_house/bio_preview.html", context
    )
    if "written" not in more and (form.is_bound or "photo_mistake" in more):
        response.status_code = 422
    return response
