"""`/mentor/packs`: the packs that a mentor sells, created and edited in place."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.mentors import mentors, pack_offers
from openmentor.mentors.models import OFFER_TEXTS, PACK_NUMBERS, Mentor, PackOffer
from openmentor.mentors.pack_offers import Pack
from openmentor.web import readers
from openmentor.web.mentor_house import currencies, mistakes
from openmentor.web.mentor_house.profile_form import PriceField, major, minor
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by

NAMES = {"price_minor": "price"}


class PackForm(forms.Form):
    """How many sessions of what, within how many days, at what price."""

    title = forms.CharField(
        max_length=OFFER_TEXTS["title"],
        help_text="Such as: Four sessions in six weeks",
        error_messages={"required": "Give it a title."},
    )
    session_type = forms.ChoiceField(label="Session type")
    sessions = forms.IntegerField(
        min_value=PACK_NUMBERS["sessions"][0], max_value=PACK_NUMBERS["sessions"][1], initial=4
    )
    validity_days = forms.IntegerField(
        label="Valid for days",
        min_value=PACK_NUMBERS["validity_days"][0],
        max_value=PACK_NUMBERS["validity_days"][1],
        initial=45,
    )
    price = PriceField(help_text="For the whole pack. Leave it empty for a free one.")
    currency = forms.ChoiceField(choices=currencies.choices)

    def __init__(self, mentor: Mentor, *arguments: Any, **options: Any) -> None:
        """The mentor's session types are what can be chosen."""
        super().__init__(*arguments, **options)
        field = cast(forms.ChoiceField, self.fields["session_type"])
        field.choices = [(each.reference, each.title) for each in mentor.session_types.all()]

    def clean(self) -> dict[str, Any]:
        """The price in minor units besides what was typed."""
        currency = self.cleaned_data.get("currency", "")
        if currency:
            self.cleaned_data["price_minor"] = minor(self, "price", currency=currency)
        return self.cleaned_data

    def offer(self) -> Pack:
        """What the verbs take."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "price"}
        return cast(Pack, typed)


def show(request: HttpRequest) -> HttpResponse:
    """The list; one of them, or a new one, as a form where the address asks for it."""
    mentor = mentors.of(readers.person(request))
    wanted = request.GET.get("edit", "")
    if not wanted:
        return _page(request, new=_new(mentor) if "new" in request.GET else None)
    edited = pack_offers.find(wanted, mentor=mentor)
    return _page(request, edited=edited.reference, form=_kept(mentor, edited))


def _refused_new(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = PackForm(mentors.of(readers.person(request)), request.POST)
    mistakes.onto(form, refusal, NAMES)
    return _page(request, new=form)


def _refused_change(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    form = PackForm(mentors.of(readers.person(request)), request.POST)
    mistakes.onto(form, refusal, NAMES)
    return _page(request, edited=reference, form=form)


@require_POST
@answered_by(_refused_new)
def create(request: HttpRequest) -> HttpResponse:
    """Offer a new pack."""
    person = readers.person(request)
    mentor = mentors.of(person)
    form = PackForm(mentor, request.POST)
    if not form.is_valid():
        return _page(request, new=form, status=422)
    made = pack_offers.create(mentor.pk, **form.offer(), by=person, now=clock.now())
    messages.success(request, f"“{made.title}” is on sale now.")
    return see_other("mentor_packs")


@require_POST
@answered_by(_refused_change)
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Change one of them. What was bought stays as it was sold."""
    person = readers.person(request)
    mentor = mentors.of(person)
    found = pack_offers.find(reference, mentor=mentor)
    form = PackForm(mentor, request.POST)
    if not form.is_valid():
        return _page(request, edited=found.reference, form=form, status=422)
    pack_offers.update(found.pk, **form.offer(), by=person, now=clock.now())
    messages.success(request, "The pack is saved.")
    return see_other("mentor_packs")


@require_POST
def switch(request: HttpRequest, reference: str) -> HttpResponse:
    """Put it on sale, or take it off."""
    person = readers.person(request)
    found = pack_offers.find(reference, mentor=mentors.of(person))
    active = "on" in request.POST
    pack_offers.update(found.pk, is_active=active, by=person, now=clock.now())
    messages.success(request, f"“{found.title}” is {'on' if active else 'off'} sale.")
    return see_other("mentor_packs")


def _new(mentor: Mentor) -> PackForm:
    return PackForm(mentor, initial={"currency": mentor.currency})


def _kept(mentor: Mentor, offer: PackOffer) -> PackForm:
    names = ("title", "sessions", "validity_days", "currency")
    price = major(offer.price_minor, offer.currency) if offer.price_minor else ""
    kept = {name: getattr(offer, name) for name in names}
    return PackForm(
        mentor, initial=kept | {"price": price, "session_type": offer.session_type.reference}
    )


def _page(
    request: HttpRequest,
    *,
    new: PackForm | None = None,
    edited: str = "",
    form: PackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    mentor = mentors.of(readers.person(request))
    offers = list(mentor.pack_offers.select_related("session_type").order_by("-is_active", "pk"))
    has_types = mentor.session_types.exists()
    context = {
        "mentor": mentor,
        "offers": offers,
        "has_types": has_types,
        "new": new or (None if offers or not has_types else _new(mentor)),
        "edited": edited,
        "form": form,
    }
    return render(request, "packs/offers.html", context, status=status)
