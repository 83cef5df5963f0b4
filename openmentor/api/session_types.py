"""Session types: a mentor's own list of what is offered one-on-one."""

from datetime import datetime
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openmentor.api import fields
from openmentor.api.auth import caller
from openmentor.api.idempotent import once
from openmentor.api.pages import Page, Paging, page
from openmentor.api.schema import Answer, Body, answer, nothing
from openmentor.base import clock
from openmentor.mentors import mentors, session_types
from openmentor.mentors.models import SessionType

router = Router(tags=["Session types"], by_alias=True)


FIELDS = {"price_minor": "price"}
"""What the JSON calls what the verbs call so."""


class SessionTypeBody(Body):
    """`price` is in minor units of `currency`, which is the mentor's unless given."""

    def offer(self) -> dict[str, Any]:
        """The fields that were sent, as the verbs call them."""
        sent = self.given()
        return {"price_minor": sent.pop("price"), **sent} if "price" in sent else sent


class NewSessionType(SessionTypeBody):
    """What is offered, for how long and at what price."""

    title: str
    description: str = ""
    duration_minutes: int
    price: int = 0
    currency: str = ""
    is_active: bool = True


class SessionTypeChanges(SessionTypeBody):
    """What of a session type is to change."""

    title: str = ""
    description: str = ""
    duration_minutes: int = 0
    price: int = 0
    currency: str = ""
    is_active: bool = True


class SessionTypeAnswer(Answer):
    """A session type; `price` is in minor units of `currency`."""

    id: str
    title: str
    description: str
    duration_minutes: int
    price: int
    currency: str
    is_active: bool
    created_at: datetime

    @classmethod
    def of(cls, kept: SessionType) -> Self:
        """The session type as anyone may see it."""
        return cls(
            id=kept.reference,
            title=kept.title,
            description=kept.description,
            duration_minutes=kept.duration_minutes,
            price=kept.price_minor,
            currency=kept.currency,
            is_active=kept.is_active,
            created_at=kept.created_at,
        )


@router.get("", response=Page[SessionTypeAnswer])
def mine(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """One's own session types, the inactive ones too, the oldest first."""
    own = mentors.of(caller(request)).session_types.all()
    found, cursor = page(own, paging, by="created_at")
    items = [SessionTypeAnswer.of(each) for each in found]
    return answer(Page[SessionTypeAnswer](items=items, next_cursor=cursor))


@router.post("", response={201: SessionTypeAnswer})
def create(request: HttpRequest, new: NewSessionType) -> HttpResponse:
    """Offer something new."""
    person = caller(request)
    mentor = mentors.of(person)
    with fields.called(FIELDS):
        return once(
            request,
            lambda: SessionTypeAnswer.of(
                session_types.create(mentor.pk, **new.offer(), by=person, now=clock.now())
            ),
        )


@router.get("/{session_type_id}", response=SessionTypeAnswer)
def read(request: HttpRequest, session_type_id: str) -> HttpResponse:
    """One of one's own session types."""
    found = session_types.find(session_type_id, mentor=mentors.of(caller(request)))
    return answer(SessionTypeAnswer.of(found))


@router.patch("/{session_type_id}", response=SessionTypeAnswer)
def change(request: HttpRequest, session_type_id: str, changes: SessionTypeChanges) -> HttpResponse:
    """Change what is sent, keep the rest. What is booked keeps its length and price."""
    person = caller(request)
    found = session_types.find(session_type_id, mentor=mentors.of(person))
    with fields.called(FIELDS):
        changed = session_types.update(found.pk, **changes.offer(), by=person, now=clock.now())
    return answer(SessionTypeAnswer.of(changed))


@router.delete("/{session_type_id}", response={204: None})
def delete(request: HttpRequest, session_type_id: str) -> HttpResponse:
    """Delete it; one that was ever booked is switched off instead."""
    person = caller(request)
    found = session_types.find(session_type_id, mentor=mentors.of(person))
    session_types.delete(found.pk, by=person, now=clock.now())
    return nothing()
