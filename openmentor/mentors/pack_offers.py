"""Pack offers: several sessions of one type, paid at once, to be held within some days."""

from datetime import datetime
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from openmentor.base import events, references
from openmentor.base.errors import Invalid, NotFound
from openmentor.mentors import mentors, profiles, session_types
from openmentor.mentors.models import OFFER_TEXTS, PACK_NUMBERS, Mentor, PackOffer
from openmentor.people.models import Person

MOST: Final = 50
"""How many pack offers a mentor can have."""


class Pack(TypedDict, total=False):
    """A pack offer's facts; what is left out stays as it is.

    `session_type` is a reference of one of the mentor's own; the price is in minor units.
    """

    session_type: str
    title: str
    sessions: int
    validity_days: int
    price_minor: int
    currency: str
    is_active: bool


def find(reference: str, *, mentor: Mentor | None = None) -> PackOffer:
    """The pack offer of this public id, of this mentor if one is given; else `not_found`."""
    offers = PackOffer.objects.select_related("mentor__person", "session_type")
    offers = offers.filter(reference=references.normalised(reference, "OFFER"))
    found = (offers if mentor is None else offers.filter(mentor=mentor)).first()
    if found is None:
        raise NotFound("We could not find that pack.")
    return found


def on_sale(mentor: Mentor) -> list[PackOffer]:
    """What can be bought from this mentor, the smallest pack first, with its session type."""
    return list(mentor.pack_offers.filter(is_active=True).select_related("session_type"))


@transaction.atomic
def create(mentor_id: int, *, by: Person, now: datetime, **facts: Unpack[Pack]) -> PackOffer:
    """A new pack offer; the currency defaults to the mentor's.

    Refuses (`invalid`) an empty title, numbers out of range, a currency that does not exist, a
    session type that is not the mentor's, and one offer more than `MOST`.
    """
    mentor = mentors.held(mentor_id, by=by)
    values = _cleaned({"currency": mentor.currency, **facts}, mentor=mentor)
    if PackOffer.objects.filter(mentor=mentor).count() >= MOST:
        raise Invalid(f"A mentor can have {MOST} packs. Switch one off that is not needed.")
    offer = PackOffer.objects.create(mentor=mentor, **values)
    _record("pack_offer.created", offer, by=by, now=now)
    return offer


@transaction.atomic
def update(offer_id: int, *, by: Person, now: datetime, **changes: Unpack[Pack]) -> PackOffer:
    """The pack offer with these facts changed. What was bought stays as it was sold."""
    mentor_id = PackOffer.objects.values_list("mentor", flat=True).filter(pk=offer_id).first()
    if mentor_id is None:
        raise NotFound("We could not find that pack.")
    mentor = mentors.held(mentor_id, by=by)
    offer = PackOffer.objects.select_related("session_type").get(pk=offer_id)
    values = _cleaned(changes, mentor=mentor)
    changed = [name for name, value in values.items() if getattr(offer, name) != value]
    if changed:
        for name in changed:
            setattr(offer, name, values[name])
        offer.save(update_fields=changed)
        _record("pack_offer.updated", offer, by=by, now=now, fields=changed)
    return offer


def _cleaned(given: Pack, *, mentor: Mentor) -> dict[str, Any]:
    """The facts as they are kept; `Invalid` with a line for every one that cannot be."""
    facts: dict[str, Any] = dict(given)
    if "title" in facts:
        facts["title"] = facts["title"].strip()
    if "currency" in facts:
        facts["currency"] = (facts["currency"] or mentor.currency).strip().upper()
    errors = [
        {"field": name, "message": mistake}
        for name, value in facts.items()
        if (mistake := _mistake(name, value, mentor))
    ]
    if errors:
        raise Invalid(errors=errors)
    if "session_type" in facts:
        facts["session_type"] = session_types.find(facts["session_type"], mentor=mentor)
    return facts


def _mistake(name: str, value: Any, mentor: Mentor) -> str:
    match name:
        case "title" if not value:
            return "Give it a title."
        case "title":
            return profiles.text_mistake(value, most=OFFER_TEXTS["title"])
        case "session_type":
            wanted = references.normalised(value, "TYPE")
            known = mentor.session_types.filter(reference=wanted).exists()
            return "" if known else "Choose one of your session types."
        case "currency":
            return profiles.currency_mistake(value)
    if name in PACK_NUMBERS:
        return profiles.number_mistake(value, limits=PACK_NUMBERS[name])
    return ""


def _record(name: str, offer: PackOffer, *, by: Person, now: datetime, **data: Any) -> None:
    events.record(
        name,
        subject="pack_offer",
        subject_id=offer.pk,
        actor_id=by.pk,
        at=now,
        title=offer.title,
        **data,
    )
