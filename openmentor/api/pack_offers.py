"""Pack offers: several sessions of one type at once, edited by their mentor, seen by all."""

from datetime import datetime
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from openmentor.api import fields
from openmentor.api.auth import caller
from openmentor.api.idempotent import once
from openmentor.api.pages import Page, Paging, page
from openmentor.api.schema import Answer, Body, answer
from openmentor.base import clock, money
from openmentor.mentors import mentors, pack_offers
from openmentor.mentors.models import PackOffer

router = Router(tags=["Packs"], by_alias=True)

FIELDS = {"price_minor": "price", "session_type": "session_type_id"}
"""What the JSON calls what the verbs call so."""


class PackOfferBody(Body):
    """`price` is in minor units of `currency`, which is the mentor's unless given."""

    def offer(self) -> dict[str, Any]:
        """The fields that were sent, as the verbs call them."""
        named = {json: verb for verb, json in FIELDS.items()}
        return {named.get(name, name): value for name, value in self.given().items()}


class NewPackOffer(PackOfferBody):
    """So many sessions of one type, to be held within so many days, at one price."""

    session_type_id: str
    title: str
    sessions: int
    validity_days: int
    price: int = 0
    currency: str = ""
    is_active: bool = True


class PackOfferChanges(PackOfferBody):
    """What of a pack offer is to change. What was bought stays as it was sold."""

    session_type_id: str = ""
    title: str = ""
    sessions: int = 0
    validity_days: int = 0
    price: int = 0
    currency: str = ""
    is_active: bool = True


class PackOfferAnswer(Answer):
    """A pack offer; `price` and `saving` (beside single sessions) are in minor units."""

    id: str
    session_type_id: str
    session_type_title: str
    duration_minutes: int
    title: str
    sessions: int
    validity_days: int
    price: int
    currency: str
    price_display: str
    saving: int
    is_active: bool
    created_at: datetime

    @classmethod
    def of(cls, offer: PackOffer) -> Self:
        """The pack offer as anyone may see it; its session type is loaded."""
        return cls(
            id=offer.reference,
            session_type_id=offer.session_type.reference,
            session_type_title=offer.session_type.title,
            duration_minutes=offer.session_type.duration_minutes,
            title=offer.title,
            sessions=offer.sessions,
            validity_days=offer.validity_days,
            price=offer.price_minor,
            currency=offer.currency,
            price_display=money.display(offer.price_minor, offer.currency),
            saving=offer.saving_minor,
            is_active=offer.is_active,
            created_at=offer.created_at,
        )


class WantedOffers(Paging):
    """Whose packs: a mentor's that are on sale, or without `mentorId` all of one's own."""

    mentor_id: str = Field("", max_length=40)


@router.get("", response=Page[PackOfferAnswer])
def listed(request: HttpRequest, wanted: Query[WantedOffers]) -> HttpResponse:
    """A mentor's packs on sale; without `mentorId` one's own, the inactive ones too."""
    person = caller(request)
    if wanted.mentor_id:
        offers = mentors.find(wanted.mentor_id, seen_by=person).pack_offers.filter(is_active=True)
    else:
        offers = mentors.of(person).pack_offers.all()
    found, cursor = page(offers.select_related("session_type"), wanted, by="created_at")
    items = [PackOfferAnswer.of(each) for each in found]
    return answer(Page[PackOfferAnswer](items=items, next_cursor=cursor))


@router.post("", response={201: PackOfferAnswer})
def create(request: HttpRequest, new: NewPackOffer) -> HttpResponse:
    """Offer a new pack."""
    person = caller(request)
    mentor = mentors.of(person)
    with fields.called(FIELDS):
        return once(
            request,
            lambda: PackOfferAnswer.of(
                pack_offers.create(mentor.pk, **new.offer(), by=person, now=clock.now())
            ),
        )


@router.patch("/{offer_id}", response=PackOfferAnswer)
def change(request: HttpRequest, offer_id: str, changes: PackOfferChanges) -> HttpResponse:
    """Change what is sent, keep the rest. `isActive: false` takes it off sale."""
    person = caller(request)
    found = pack_offers.find(offer_id, mentor=mentors.of(person))
    with fields.called(FIELDS):
        changed = pack_offers.update(found.pk, **changes.offer(), by=person, now=clock.now())
    return answer(PackOfferAnswer.of(changed))
