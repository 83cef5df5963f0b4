"""Session types: what a mentor offers one-on-one, for how long and at what price."""

from datetime import datetime
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction
from django.db.models import ProtectedError

from openmentor.base import events, references
from openmentor.base.errors import Invalid, NotFound
from openmentor.mentors import mentors, profiles
from openmentor.mentors.models import DURATION_MINUTES, OFFER_TEXTS, PRICES, Mentor, SessionType
from openmentor.people.models import Person

MOST: Final = 200
"""How many session types a mentor can have."""


class Offer(TypedDict, total=False):
    """A session type's facts; what is left out stays as it is. The price is in minor units."""

    title: str
    description: str
    duration_minutes: int
    price_minor: int
    currency: str
    is_active: bool


def find(reference: str, *, mentor: Mentor) -> SessionType:
    """The mentor's session type of this public id; `NotFound` if it is not theirs."""
    wanted = references.normalised(reference, "TYPE")
    found = SessionType.objects.filter(mentor=mentor, reference=wanted).first()
    if found is None:
        raise NotFound("We could not find that session type.")
    return found


@transaction.atomic
def create(
    mentor_id: int,
    *,
    title: str,
    duration_minutes: int,
    by: Person,
    now: datetime,
    description: str = "",
    price_minor: int = 0,
    currency: str = "",
    is_active: bool = True,
) -> SessionType:
    """A new session type; the currency defaults to the mentor's.

    Refuses (`invalid`) an empty title, a text too long, a duration or price out of range, a
    currency that does not exist, and one session type more than `MOST`.
    """
    mentor = mentors.held(mentor_id, by=by)
    offer = _cleaned(
        Offer(
            title=title,
            description=description,
            duration_minutes=duration_minutes,
            price_minor=price_minor,
            currency=currency or mentor.currency,
            is_active=is_active,
        )
    )
    if SessionType.objects.filter(mentor=mentor).count() >= MOST:
        raise Invalid(f"A mentor can have {MOST} session types. Delete one that is not needed.")
    session_type = SessionType.objects.create(mentor=mentor, **offer)
    _record("session_type.created", session_type, by=by, now=now)
    return session_type


@transaction.atomic
def update(
    session_type_id: int, *, by: Person, now: datetime, **changes: Unpack[Offer]
) -> SessionType:
    """The session type with these facts changed. What is booked keeps its time and price."""
    session_type = _held(session_type_id, by=by)
    offer = _cleaned(changes)
    changed = [name for name, value in offer.items() if getattr(session_type, name) != value]
    if changed:
        for name in changed:
            setattr(session_type, name, offer[name])
        session_type.save(update_fields=changed)
        _record("session_type.updated", session_type, by=by, now=now, fields=changed)
    return session_type


@transaction.atomic
def delete(session_type_id: int, *, by: Person, now: datetime) -> bool:
    """Gone; or, once something points at it, only inactive, so that history keeps its name.

    Gives back whether it is gone.

    What points at it is known to the floors above, not here: deleting is tried, and the foreign
    keys that protect it answer. Bookings wait for the same lock, so none slips in between.
    """
    session_type = _held(session_type_id, by=by)
    key = session_type.pk
    try:
        session_type.delete()
    except ProtectedError:
        update(key, by=by, now=now, is_active=False)
        return False
    session_type.pk = key
    _record("session_type.deleted", session_type, by=by, now=now)
    return True


def _held(session_type_id: int, *, by: Person) -> SessionType:
    """The session type to be changed, under the lock of the mentor's calendar."""
    mentor_ids = SessionType.objects.filter(pk=session_type_id).values_list("mentor", flat=True)
    mentor_id = mentor_ids.first()
    if mentor_id is not None:
        mentors.held(mentor_id, by=by)
        # Read after the lock: somebody may just have deleted it.
        session_type = SessionType.objects.filter(pk=session_type_id).first()
        if session_type is not None:
            return session_type
    raise NotFound("We could not find that session type.")


def _cleaned(offer: Offer) -> dict[str, Any]:
    """The facts as they are kept; `Invalid` with a line for every one that cannot be."""
    facts: dict[str, Any] = dict(offer)
    for name in OFFER_TEXTS:
        if name in facts:
            facts[name] = facts[name].strip().replace("\r\n", "\n")
    if "currency" in facts:
        facts["currency"] = facts["currency"].strip().upper()
    errors = [
        {"field": name, "message": mistake}
        for name, value in facts.items()
        if (mistake := _mistake(name, value))
    ]
    if errors:
        raise Invalid(errors=errors)
    return facts


def _mistake(name: str, value: Any) -> str:
    match name:
        case "title" if not value:
            return "Give it a title."
        case "title" | "description":
            return profiles.text_mistake(value, most=OFFER_TEXTS[name])
        case "duration_minutes":
            return profiles.number_mistake(value, limits=DURATION_MINUTES)
        case "price_minor":
            return profiles.number_mistake(value, limits=PRICES["one_on_one_price_minor"])
        case "currency":
            return profiles.currency_mistake(value)
    return ""


def _record(
    name: str, session_type: SessionType, *, by: Person, now: datetime, **data: Any
) -> None:
    events.record(
        name,
        subject="session_type",
        subject_id=session_type.pk,
        actor_id=by.pk,
        at=now,
        title=session_type.title,
        **data,
    )
