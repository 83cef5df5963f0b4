"""`/mentor/session-types`: what can be booked, created and edited in place."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.mentors import mentors, session_types
from openmentor.mentors.models import DURATION_MINUTES, OFFER_TEXTS, Mentor, SessionType
from openmentor.mentors.session_types import Offer
from openmentor.web import readers
from openmentor.web.mentor_house import currencies, mistakes
from openmentor.web.mentor_house.profile_form import PriceField, major, minor
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by

NAMES = {"price_minor": "price"}


class OfferForm(forms.Form):
    """What is offered, for how long, at what price."""

    title = forms.CharField(
        max_length=OFFER_TEXTS["title"],
        help_text="Such as: Code review",
        error_messages={"required": "Give it a title."},
    )
    description = forms.CharField(
        required=False,
        max_length=OFFER_TEXTS["description"],
        widget=forms.Textarea({"rows": 4}),
        help_text="What happens in it, and what to bring.",
    )
    duration_minutes = forms.IntegerField(
        label="Minutes", min_value=DURATION_MINUTES[0], max_value=DURATION_MINUTES[1], initial=30
    )
    price = PriceField(help_text="Leave it empty for a free session.")
    currency = forms.ChoiceField(choices=currencies.choices)

    def clean(self) -> dict[str, Any]:
        """The price in minor units besides what was typed."""
        currency = self.cleaned_data.get("currency", "")
        if currency:
            self.cleaned_data["price_minor"] = minor(self, "price", currency=currency)
        return self.cleaned_data

    def offer(self) -> Offer:
        """What the verbs take."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "price"}
        return cast(Offer, typed)


def show(request: HttpRequest) -> HttpResponse:
    """The list; one of them, or a new one, as a form where the address asks for it."""
    mentor = mentors.of(readers.person(request))
    wanted = request.GET.get("edit", "")
    if not wanted:
        return _page(request, new=_new(mentor) if "new" in request.GET else None)
    edited = session_types.find(wanted, mentor=mentor)
    return _page(request, edited=edited.reference, form=_kept(edited))


def _refused_new(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = OfferForm(request.POST)
    mistakes.onto(form, refusal, NAMES)
    return _page(request, new=form)


def _refused_change(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    form = OfferForm(request.POST)
    mistakes.onto(form, refusal, NAMES)
    return _page(request, edited=reference, form=form)


@require_POST
@answered_by(_refused_new)
def create(request: HttpRequest) -> HttpResponse:
    """Offer something new."""
    person = readers.person(request)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return _page(request, new=form, status=422)
    mentor = mentors.of(person)
    made = session_types.create(mentor.pk, **form.offer(), by=person, now=clock.now())
    messages.success(request, f"“{made.title}” can be booked now.")
    return see_other("session_types")


@require_POST
@answered_by(_refused_change)
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Change one of them."""
    person = readers.person(request)
    found = session_types.find(reference, mentor=mentors.of(person))
    form = OfferForm(request.POST)
    if not form.is_valid():
        return _page(request, edited=found.reference, form=form, status=422)
    session_types.update(found.pk, **form.offer(), by=person, now=clock.now())
    messages.success(request, "The session type is saved.")
    return see_other("session_types")


@require_POST
def switch(request: HttpRequest, reference: str) -> HttpResponse:
    """Let it be booked, or no longer."""
    person = readers.person(request)
    found = session_types.find(reference, mentor=mentors.of(person))
    active = "on" in request.POST
    session_types.update(found.pk, is_active=active, by=person, now=clock.now())
    state = "can be booked again" if active else "is switched off"
    messages.success(request, f"“{found.title}” {state}.")
    return see_other("session_types")


@require_POST
def delete(request: HttpRequest, reference: str) -> HttpResponse:
    """Delete it; one that was ever booked is only switched off."""
    person = readers.person(request)
    found = session_types.find(reference, mentor=mentors.of(person))
    if session_types.delete(found.pk, by=person, now=clock.now()):
        messages.success(request, f"“{found.title}” is deleted.")
    else:
        messages.info(request, f"“{found.title}” was booked before, so it is switched off instead.")
    return see_other("session_types")


def _new(mentor: Mentor) -> OfferForm:
    return OfferForm(initial={"currency": mentor.currency})


def _kept(offer: SessionType) -> OfferForm:
    names = ("title", "description", "duration_minutes", "currency")
    price = major(offer.price_minor, offer.currency) if offer.price_minor else ""
    return OfferForm(initial={name: getattr(offer, name) for name in names} | {"price": price})


def _page(
    request: HttpRequest,
    *,
    new: OfferForm | None = None,
    edited: str = "",
    form: OfferForm | None = None,
    status: int = 200,
) -> HttpResponse:
    mentor = mentors.of(readers.person(request))
    offers = list(
        mentor.session_types.order_by("-is_active", "price_minor", "duration_minutes", "pk")
    )
    context = {
        "mentor": mentor,
        "offers": offers,
        "new": new or (None if offers else _new(mentor)),
        "edited": edited,
        "form": form,
    }
    return render(request, "mentor_house/session_types.html", context, status=status)
