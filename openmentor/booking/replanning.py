"""Changing a group session that is still to begin: its words, its time, its places (SPEC §8)."""

from datetime import datetime, timedelta
from typing import Any, Unpack

from django.db import transaction

from openmentor.base import events
from openmentor.base.errors import Invalid, NotPossible, refusing
from openmentor.booking import (
    calendar,
    group_facts,
    group_permits,
    groups,
    places,
    planning,
    waiting,
)
from openmentor.booking.clashes import clashing
from openmentor.booking.group_facts import JUDGED_BEFORE, Facts
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import SESSION
from openmentor.booking.models import Session
from openmentor.booking.planning import OF_GROUP
from openmentor.booking.refusals import TimeTaken, YouAreBusy
from openmentor.people.models import Person


@transaction.atomic
def update(reference: str, *, by: Person, now: datetime, **given: Unpack[Facts]) -> Session:
    """The group session with this changed; the rest stays.

    Refuses `not_found`, `not_allowed` (not the host), `not_possible` (over; a price once a place
    is sold), `too_late` (started), `invalid` (a capacity below the places taken), `time_taken`
    and `you_are_busy` (a participant has something else then).
    """
    facts = group_facts.cleaned(given)
    session = _held(reference, by, now)
    kept = _kept(session)
    changed = sorted(name for name, value in facts.items() if kept[name] != value)
    if not changed:
        return session
    merged = kept | facts
    is_to_judge = bool({"min_participants", "starts_at"} & {*changed})
    judges = merged["min_participants"] is not None and is_to_judge
    group_facts.demand_coherent(merged, judges_minimum=judges, now=now)
    _demand_sellable(session, facts, changed)
    if {"starts_at", "duration_minutes"} & {*changed}:
        _move(session, merged["starts_at"], merged["duration_minutes"], by=by, now=now)
    _save(session, merged, judges=is_to_judge)
    events.record(
        "session.changed",
        subject=SESSION.subject,
        subject_id=session.pk,
        actor_id=by.pk,
        at=now,
        fields=changed,
    )
    places.tend(session, by=by.pk, now=now)
    return session


def _held(reference: str, by: Person, now: datetime) -> Session:
    """The session to change, after the calendars and its row are locked."""
    seen = groups.glimpse(reference, for_=by)
    group_permits.demand_host(seen, by)
    planning.hold_calendar(seen.mentor)
    places.locked(seen.pk)
    session = groups.glimpse(reference, for_=by)
    group_permits.demand_editable(session, by, now)
    return session


def _kept(session: Session) -> dict[str, Any]:
    """The facts as they are now."""
    group = session.group
    return {name: getattr(group, name) for name in OF_GROUP} | {
        "title": session.title,
        "starts_at": session.starts_at,
        "duration_minutes": (session.ends_at - session.starts_at) // timedelta(minutes=1),
        "capacity": session.capacity,
        "price_minor": session.price_minor,
        "currency": session.currency,
        "min_participants": group.min_participants,
        "join_until": group.join_until,
        "invitations": list(group.invitations.values_list("email", flat=True)),
    }


def _demand_sellable(session: Session, facts: dict[str, Any], changed: list[str]) -> None:
    """What is sold, held or offered keeps its price and its place."""
    taken = session.places_taken
    if taken and {"price_minor", "currency"} & {*changed}:
        raise NotPossible("The price is fixed once the first place is taken.")
    if facts.get("capacity", taken) < taken:
        raise Invalid.field("capacity", f"{taken} places are taken already.")


def _move(
    session: Session, starts_at: datetime, minutes: int, *, by: Person, now: datetime
) -> None:
    """Give the session another time; its participants' bookings follow, unless one is busy."""
    ends_at = starts_at + timedelta(minutes=minutes)
    mentor, before = session.mentor, session.starts_at
    calendar.demand_free(mentor, starts_at=starts_at, ends_at=ends_at, besides=session.pk)
    if clashing(mentor.person, starts_at=starts_at, ends_at=ends_at, besides=session.pk):
        raise TimeTaken(planning.clashing_words(1))
    try:
        calendar.put(session, starts_at, ends_at)
    except YouAreBusy as refusal:
        raise YouAreBusy("Somebody who has a place has another session then.") from refusal
    session.revision += 1
    session.save(update_fields=["revision"])
    waiting.shorten(waiting.for_session(session.pk), until=starts_at - places.OFFERS_END)
    events.record(
        "session.rescheduled",
        subject=SESSION.subject,
        subject_id=session.pk,
        actor_id=by.pk,
        at=now,
        from_state=session.status,
        to_state=session.status,
        before=before.isoformat(),
        after=starts_at.isoformat(),
    )


def _save(session: Session, facts: dict[str, Any], *, judges: bool) -> None:
    group = session.group
    for name in ("title", "capacity", "currency"):
        setattr(session, name, facts[name])
    if facts["price_minor"] is None:
        facts["price_minor"] = planning.usual_price(session.mentor, facts["duration_minutes"])
    session.price_minor = facts["price_minor"]
    with refusing(LAWS):
        session.save(update_fields=["title", "capacity", "currency", "price_minor"])
    for name in (*OF_GROUP, "min_participants", "join_until"):
        setattr(group, name, facts[name])
    if judges:
        minimum = facts["min_participants"]
        group.minimum_due_at = None if minimum is None else session.starts_at - JUDGED_BEFORE
    group.save()
    planning.invite(group, facts["invitations"])
