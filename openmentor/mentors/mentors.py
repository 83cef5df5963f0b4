"""Mentors: how a person becomes one, and what they change about it."""

from datetime import datetime
from typing import Any, Unpack

from django.conf import settings
from django.db import transaction

from openmentor.base import events, locks
from openmentor.base.errors import Invalid, NotAllowed, NotFound, NotPossible, refusing
from openmentor.mentors import handles, profiles
from openmentor.mentors.lifecycle import APPLICATION
from openmentor.mentors.models import Mentor
from openmentor.mentors.profiles import Profile
from openmentor.people.models import Person

_APPLIED = Mentor.Status.APPLIED
_APPROVED = Mentor.Status.APPROVED
_REJECTED = Mentor.Status.REJECTED


class HandleTaken(Invalid):
    """Somebody else has this handle."""

    sentence = "Somebody has this address already. Please choose another."

    def __init__(self) -> None:
        super().__init__(errors=[{"field": "handle", "message": self.sentence}])


def find(handle: str, *, seen_by: Person | None) -> Mentor:
    """The mentor of this handle, in any case, with the person; `NotFound` if not theirs to see.

    `seen_by` is None for a visitor.
    """
    mentors = Mentor.objects.visible_to(seen_by).select_related("person")
    found = mentors.filter(handle=handle.strip().lower()).first() if "\x00" not in handle else None
    if found is None:
        raise NotFound("We could not find that mentor.")
    return found


def of(person: Person) -> Mentor:
    """The person's own profile, whatever its status; `NotAllowed` without one."""
    if not person.is_mentor:
        raise NotAllowed("This is for mentors. You can become one.")
    return person.mentor


def approved(person: Person) -> Mentor:
    """The person's own profile, once it is approved; `NotAllowed` before, or without one."""
    mentor = of(person)
    if mentor.status != _APPROVED:
        raise NotAllowed("This is for mentors whose profile is approved.")
    return mentor


def held(mentor_id: int, *, by: Person) -> Mentor:
    """The profile to be changed, under the lock of the mentor's calendar.

    A booking takes the same lock, so it sees all of a change or nothing. Call it in a transaction.
    `NotFound` unless it is the person's own or `by` is staff.
    """
    locks.hold(locks.MENTOR_CALENDAR, mentor_id)
    mentor = Mentor.objects.filter(pk=mentor_id).first()
    if mentor is None or not (by.is_staff or mentor.person_id == by.pk):
        raise NotFound("We could not find that mentor.")
    if mentor.person_id == by.pk:
        mentor.person = by
    return mentor


@transaction.atomic
def apply(person: Person, *, now: datetime, handle: str = "", **profile: Unpack[Profile]) -> Mentor:
    """A new profile that waits for staff; approved at once where the operator wants it so.

    Without a handle one is made from the name. Zone and currency default to the person's and the
    installation's. Somebody who was rejected applies again and keeps the handle. Refuses a
    second profile (`not_possible`), a handle somebody has, and what `profiles.cleaned` refuses.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # Two clicks, one profile.
    values = profiles.cleaned(profile)
    mentor = Mentor.objects.filter(person=person).first()
    if mentor is None:
        mentor = _born(person, handle=handle, values=values)
        APPLICATION.begin(mentor, by=person.pk, at=now)
    elif mentor.status == _REJECTED:
        _set(mentor, values)
        mentor.status_reason = ""
        also = ["status_reason", *values]
        APPLICATION.move(mentor, _APPLIED, by=person.pk, at=now, also=also)
    else:
        raise NotPossible("You have a mentor profile already.")
    if settings.AUTO_APPROVE_MENTORS:
        _approve(mentor, by=None, now=now)
    return mentor


@transaction.atomic
def approve(mentor_id: int, *, by: Person, now: datetime, reason: str = "") -> Mentor:
    """The public finds the mentor from now on. Staff only."""
    mentor = _judged(mentor_id, by=by)
    _approve(mentor, by=by.pk, now=now, reason=reason)
    return mentor


@transaction.atomic
def reject(mentor_id: int, *, by: Person, now: datetime, reason: str) -> Mentor:
    """The mentor is not, or no longer, listed; the reason is shown to them. Staff only."""
    mentor = _judged(mentor_id, by=by)
    if not reason.strip():
        raise Invalid.field("reason", "Please tell the mentor why.")
    mentor.status_reason = reason.strip()
    APPLICATION.move(
        mentor, _REJECTED, by=by.pk, at=now, why=mentor.status_reason, also=["status_reason"]
    )
    return mentor


@transaction.atomic
def update(mentor_id: int, *, by: Person, now: datetime, **changes: Unpack[Profile]) -> Mentor:
    """The profile with these prices, settings and words changed; the rest stays.

    Another zone moves the weekly hours: they are the mentor's wall clock. Sessions that are
    booked stay where they are, at the price they were booked for.
    """
    values = profiles.cleaned(changes)
    mentor = held(mentor_id, by=by)
    changed = [name for name, value in values.items() if getattr(mentor, name) != value]
    if changed:
        _set(mentor, values)
        mentor.save(update_fields=changed)
        _record("mentor.updated", mentor, by=by, now=now, fields=changed)
    return mentor


@transaction.atomic
def pause(mentor_id: int, *, by: Person, now: datetime) -> Mentor:
    """No new bookings until resumed; what is booked stays. Pausing twice changes nothing."""
    mentor = held(mentor_id, by=by)
    if not mentor.is_paused:
        mentor.paused_at = now
        mentor.save(update_fields=["paused_at"])
        _record("mentor.paused", mentor, by=by, now=now)
    return mentor


@transaction.atomic
def resume(mentor_id: int, *, by: Person, now: datetime) -> Mentor:
    """Bookable again. Resuming twice changes nothing."""
    mentor = held(mentor_id, by=by)
    if mentor.is_paused:
        mentor.paused_at = None
        mentor.save(update_fields=["paused_at"])
        _record("mentor.resumed", mentor, by=by, now=now)
    return mentor


def _born(person: Person, *, handle: str, values: Profile) -> Mentor:
    handle = handle.strip().lower()
    if handle and (mistake := handles.mistake(handle)):
        raise Invalid.field("handle", mistake)
    mentor = Mentor(
        person=person,
        handle=handle or handles.made_from(person.name),
        timezone=person.timezone,
        currency=settings.DEFAULT_CURRENCY,
    )
    _set(mentor, values)
    with refusing({"mentors_mentor_handle_key": HandleTaken}):
        mentor.save()
    return mentor


def _set(mentor: Mentor, values: Profile) -> None:
    for name, value in values.items():
        setattr(mentor, name, value)


def _judged(mentor_id: int, *, by: Person) -> Mentor:
    if not by.is_staff:
        raise NotAllowed("Only staff decide about applications.")
    return held(mentor_id, by=by)


def _approve(mentor: Mentor, *, by: int | None, now: datetime, reason: str = "") -> None:
    mentor.approved_at = now
    mentor.status_reason = ""
    APPLICATION.move(
        mentor, _APPROVED, by=by, at=now, why=reason, also=["approved_at", "status_reason"]
    )


def _record(name: str, mentor: Mentor, *, by: Person, now: datetime, **data: Any) -> None:
    events.record(name, subject="mentor", subject_id=mentor.pk, actor_id=by.pk, at=now, **data)
