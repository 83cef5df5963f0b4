"""Booking a time with a mentor (SPEC §5)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OneToOneRel

from openmentor.base import references, rows
from openmentor.base.errors import refusing
from openmentor.base.lifecycles import begin_together
from openmentor.booking import diary as diaries
from openmentor.booking import prepaid, requests, settlement, slots
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
from openmentor.mentorships.models import Purchase
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
    pack: str | None = None,
    notes: str = "",
    now: datetime,
) -> Session:
    """Book a free time with a mentor: a new, scheduled session with the mentee's place in it.

    If it has a price, the place is held for 15 minutes with an order to pay, else confirmed. Where
    every booking needs the mentor's yes, the session is a request that waits for it (`pending`).
    `handle` names the mentor, `session_type` is a reference. `pack` is the reference of the pack
    that pays, or empty for the one that expires first; it may be of an inactive session type, and
    without a `session_type` it says which one. Refuses, in this order: `invalid` notes,
    `email_not_verified`, `not_found`, `own_profile`, `mentor_unavailable`,
    `session_type_unavailable`, `too_soon`, `too_far`, `not_offered`, `daily_limit`, `time_taken`
    (with alternatives), `you_are_busy`; with a pack also `no_pack_session`, `pack_expired` and
    `seat_not_active`; for a request also `too_many_requests_pending`.
    """
    notes = said(notes, field="notes", most=LONGEST_NOTES)
    people.demand_verified(mentee)
    if pack is not None and not session_type:
        session_type = prepaid.session_type_of(
            mentee, handle=handle, pack=pack, starts_at=starts_at
        )
    session_type = references.normalised(session_type, "TYPE")
    with slots.suggesting(
        handle=handle, session_type=session_type, wanted=starts_at, minutes=None, now=now
    ):
        return _book(
            mentee,
            handle=handle,
            session_type=session_type,
            starts_at=starts_at,
            pack=pack,
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
    pack: str | None,
    notes: str,
    now: datetime,
) -> Session:
    mentor_id = calendars.hold(handle, and_of=mentee.pk)
    diary = diaries.read(
        mentor_id=mentor_id, session_type=session_type, first=starts_at, last=starts_at
    )
    offer = _bookable_offer(diary, mentee, by_pack=pack is not None)
    slots.demand_free(diary, starts_at, minutes=offer.duration_minutes, now=now)
    ends_at = starts_at + timedelta(minutes=offer.duration_minutes)
    demand_unoccupied(mentee, starts_at=starts_at, ends_at=ends_at)
    purchase = _purchase(mentee, diary, offer, pack=pack, starts_at=starts_at)
    if diary.confirmation == Mentor.Confirmation.APPROVAL:
        return _ask(mentee, diary, offer, purchase, starts_at=starts_at, notes=notes, now=now)
    with refusing(LAWS):
        session = _write_session(diary, offer, starts_at=starts_at, ends_at=ends_at, now=now)
        booking = _write_booking(session, mentee, diary, purchase, notes=notes)
    _load(session, [booking])
    begin_together((SESSION, session), (BOOKING, booking), by=mentee.pk, at=now)
    if purchase is not None:
        prepaid.pay(booking, purchase, by=mentee.pk, now=now)
    elif booking.amount_minor:
        settlement.open_order(booking, provider=providers.usual(), now=now)
    return session


def _bookable_offer(diary: Diary, mentee: Person, *, by_pack: bool) -> Offer:
    """The session type to book, if this mentee may book it at all."""
    if diary.person_id == mentee.pk:
        raise OwnProfile
    if not diary.is_bookable:
        raise MentorUnavailable
    offer = diary.offer
    if offer is None or not (offer.is_active or by_pack):
        raise SessionTypeUnavailable
    if offer.price_minor and not by_pack and not providers.enabled():
        raise PaymentNotPossible
    return offer


def _purchase(
    mentee: Person, diary: Diary, offer: Offer, *, pack: str | None, starts_at: datetime
) -> Purchase | None:
    """What was bought before and pays for this; None where money is to."""
    if pack is None:
        return None
    return prepaid.chosen(
        mentee,
        mentor_id=diary.mentor_id,
        session_type_id=offer.id,
        pack=pack,
        starts_at=starts_at,
    )


def _ask(
    mentee: Person,
    diary: Diary,
    offer: Offer,
    purchase: Purchase | None,
    *,
    starts_at: datetime,
    notes: str,
    now: datetime,
) -> Session:
    """The booking as a request, where the mentor wants to say yes to every one."""
    terms = Terms.of(diary.handle, session_type=offer.reference)
    pack = purchase.pack if purchase else None
    return requests.write(mentee, terms, starts_at=starts_at, message=notes, pack=pack, now=now)


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
    session: Session, mentee: Person, diary: Diary, purchase: Purchase | None, *, notes: str
) -> Booking:
    until = session.created_at + settlement.HOLD
    booking = Booking(
        session=session,
        mentee=mentee,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        currency=session.currency,
        refund_policy=diary.refund_policy,
        notes=notes,
        created_at=session.created_at,
        **prepaid.columns(purchase, price_minor=session.price_minor, hold_until=until),
    )
    return rows.insert(booking)


def _load(session: Session, bookings: list[Booking]) -> None:
    """Let a newborn session know its bookings, and that nothing else belongs to it, unasked."""
    known: Any = session.bookings.all()
    known._result_cache = bookings  # noqa: SLF001 - what Django's own prefetching does
    vars(session)["_prefetched_objects_cache"] = {"bookings": known}
    for relation in Session._meta.related_objects:
        if isinstance(relation, OneToOneRel):
            relation.set_cached_value(session, None)
