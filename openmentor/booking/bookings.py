"""Booking a time with a mentor (SPEC §5)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from openmentor.base import locks, references, rows
from openmentor.base.errors import refusing
from openmentor.booking import diary as diaries
from openmentor.booking import requests, settlement, slots
from openmentor.booking.clashes import demand_unoccupied
from openmentor.booking.diary import Diary, Offer
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, Session
from openmentor.booking.occupancy import occupied
from openmentor.booking.refusals import (
    MentorUnavailable,
    OwnProfile,
    PaymentNotPossible,
    SessionTypeUnavailable,
)
from openmentor.booking.terms import Terms
from openmentor.booking.texts import said
from openmentor.mentors import calendars
from openmentor.mentors.models import Mentor
from openmentor.payments import providers
from openmentor.people import people
from openmentor.people.models import Person

LONGEST_NOTES = 2000


def book(
    mentee: Person,
    *,
    handle: str,
    session_type: str,
    starts_at: datetime,
    notes: str = "",
    now: datetime,
) -> Session:
    """Book a free time with a mentor: a new, scheduled session with the mentee's place in it.

    If it has a price, the place is held for 15 minutes with an order to pay, else confirmed. Where
    every booking needs the mentor's yes, the session is a request that waits for it (`pending`).
    `handle` names the mentor, `session_type` is a reference. Refuses, in this order: `invalid`
    notes, `email_not_verified`, `not_found`, `own_profile`, `mentor_unavailable`,
    `session_type_unavailable`, `too_soon`, `too_far`, `not_offered`, `daily_limit`, `time_taken`
    (with alternatives), `you_are_busy`; for a request also `too_many_requests_pending`.
    """
    notes = said(notes, field="notes", most=LONGEST_NOTES)
    people.demand_verified(mentee)
    session_type = references.normalised(session_type, "TYPE")
    with slots.suggesting(
        handle=handle, session_type=session_type, wanted=starts_at, minutes=None, now=now
    ):
        return _book(
            mentee,
            handle=handle,
            session_type=session_type,
            starts_at=starts_at,
            notes=notes,
            now=now,
        )


@transaction.atomic
def _book(
    mentee: Person,
    *,
    handle: str,
    session_type: str,
    starts_at: datetime,
    notes: str,
    now: datetime,
) -> Session:
    mentor_id = calendars.hold(handle)
    locks.hold(locks.PERSON_CALENDAR, mentee.pk)
    diary = diaries.read(
        mentor_id=mentor_id, session_type=session_type, first=starts_at, last=starts_at
    )
    offer = _bookable_offer(diary, mentee)
    slots.demand_free(diary, starts_at, minutes=offer.duration_minutes, now=now)
    ends_at = starts_at + timedelta(minutes=offer.duration_minutes)
    demand_unoccupied(mentee, starts_at=starts_at, ends_at=ends_at)
    if diary.confirmation == Mentor.Confirmation.APPROVAL:
        terms = Terms.of(handle, session_type=session_type)
        return requests.write(mentee, terms, starts_at=starts_at, message=notes, now=now)
    with refusing(LAWS):
        session = _write_session(diary, offer, starts_at=starts_at, ends_at=ends_at, now=now)
        booking = _write_booking(session, mentee, diary, offer, notes=notes)
    _load(session, [booking])
    SESSION.begin(session, by=mentee.pk, at=now)
    BOOKING.begin(booking, by=mentee.pk, at=now)
    if booking.amount_minor:
        settlement.open_order(booking, provider=providers.usual(), now=now)
    return session


def _bookable_offer(diary: Diary, mentee: Person) -> Offer:
    """The session type to book, if this mentee may book it at all."""
    if diary.person_id == mentee.pk:
        raise OwnProfile
    if not diary.is_bookable:
        raise MentorUnavailable
    offer = diary.offer
    if offer is None or not offer.is_active:
        raise SessionTypeUnavailable
    if offer.price_minor and not providers.enabled():
        raise PaymentNotPossible
    return offer


def _write_session(
    diary: Diary, offer: Offer, *, starts_at: datetime, ends_at: datetime, now: datetime
) -> Session:
    session = Session(
        origin=Session.Origin.SLOT,
        status=Session.Status.SCHEDULED,
        mentor=diary.mentor,
        session_type_id=offer.id,
        title=offer.title,
        starts_at=starts_at,
        ends_at=ends_at,
        buffer_before=diary.rules.buffer_before,
        buffer_after=diary.rules.buffer_after,
        occupies=occupied(
            starts_at,
            ends_at,
            before=diary.rules.buffer_before,
            after=diary.rules.buffer_after,
        ),
        timezone=diary.zone.key,
        price_minor=offer.price_minor,
        currency=offer.currency,
        created_at=now,
    )
    return rows.insert(session)


def _write_booking(
    session: Session, mentee: Person, diary: Diary, offer: Offer, *, notes: str
) -> Booking:
    is_free = offer.price_minor == 0
    booking = Booking(
        session=session,
        mentee=mentee,
        status=Booking.Status.CONFIRMED if is_free else Booking.Status.HELD,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        amount_minor=offer.price_minor,
        currency=offer.currency,
        payment_status=Booking.PaymentStatus.FREE if is_free else Booking.PaymentStatus.PENDING,
        hold_until=None if is_free else session.created_at + settlement.HOLD,
        refund_policy=diary.refund_policy,
        notes=notes,
        created_at=session.created_at,
    )
    return rows.insert(booking)


def _load(session: Session, bookings: list[Booking]) -> None:
    """Let the session know its bookings without asking, as if they had been prefetched."""
    known: Any = session.bookings.all()
    known._result_cache = bookings  # noqa: SLF001 - what Django's own prefetching does
    vars(session)["_prefetched_objects_cache"] = {"bookings": known}
