"""`/sessions/<id>/join`: into the room. `/mentor/meetings`: where a mentor meets people."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.delivery import meetings, rooms
from openmentor.delivery.models import Place
from openmentor.mentors import mentors
from openmentor.people.models import Person
from openmentor.web import readers, seen
from openmentor.web.mentor_house import mistakes
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by


class PlaceForm(forms.Form):
    """Where a mentor meets people."""

    place = forms.ChoiceField(label="Where do you meet?", widget=forms.RadioSelect)
    link = forms.URLField(
        label="Your link",
        required=False,
        assume_scheme="https",
        help_text="For “a link of my own”: everybody you meet gets the same one.",
    )
    phone = forms.CharField(
        label="Your phone number",
        required=False,
        max_length=meetings.LONGEST_PHONE,
        help_text="For “by phone”: those you meet see it from when they have booked.",
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *given: object, **options: object) -> None:
        super().__init__(*given, **options)  # type: ignore[arg-type]  # passed on as given
        offered = [(place, Place(place).label) for place in rooms.offered()]
        self.fields["place"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField


@never_cache
@require_safe
def join(request: HttpRequest, reference: str) -> HttpResponse:
    """Into the room, from a quarter of an hour before the start until the end."""
    reader = readers.person(request)
    session = sessions.find(reference, for_=reader)
    address = meetings.joining(session, reader=reader, now=clock.now())
    if meetings.is_by_phone(session):
        return see_other("session", session.reference)
    return HttpResponseRedirect(address)


@never_cache
@require_safe
def part(request: HttpRequest, reference: str) -> HttpResponse:
    """The piece of the session's page that changes when it is time to join."""
    reader = readers.person(request)
    session = sessions.find(reference, for_=reader)
    known = seen.by(reader, session, now=clock.now())
    context = {"seen": known, "session": session, **room(session, reader)}
    return render(request, "sessions/meeting.html", context)


def room(session: Session, reader: Person) -> dict[str, object]:
    """What the piece needs to know: whether there is a room, and the number if it is a phone."""
    address = meetings.address(session, reader=reader)
    phone = address if meetings.is_by_phone(session) else ""
    return {"has_room": address is not None, "phone": phone}


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = PlaceForm(request.POST)
    mistakes.onto(form, refusal)
    return render(request, "mentor_house/meetings.html", {"form": form}, status=422)


@require_http_methods(["GET", "POST"])
@answered_by(_refused)
def choose(request: HttpRequest) -> HttpResponse:
    """Jitsi, Zoom, Google Meet, a link of one's own, or the phone."""
    person = readers.person(request)
    kept = meetings.chosen(mentors.of(person))
    initial = {"place": kept.place, "link": kept.link, "phone": kept.phone}
    form = PlaceForm(request.POST or None, initial=initial)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "mentor_house/meetings.html", {"form": form}, status=status)
    meetings.choose(person, now=clock.now(), **form.cleaned_data)
    messages.success(request, "Your choice is saved, for sessions that are booked from now on.")
    return see_other("mentor_meetings")
