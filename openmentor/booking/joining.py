"""Joining a group session and leaving it, and waiting for a place in one that is full (SPEC §8).

Who joins waits for nobody but the others who join the same session, and only from the moment that
its row is locked: everything that can be judged before is.
"""

from datetime import datetime

from django.db import connection, transaction

from openmentor.base import locks, rows
from openmentor.base.errors import NotPossible, refusing
from openmentor.booking import group_permits, groups, places, quotes, settlement, waiting
from openmentor.booking.clashes import clashing
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, Session, WaitingEntry
from openmentor.booking.permits import Side
from openmentor.booking.quotes import Quote
from openmentor.booking.refusals import AlreadyJoined, RefundChanged, SessionFull, YouAreBusy
from openmentor.payments import providers
from openmentor.people import people
from openmentor.people.models import Person


@transaction.atomic
def join(reference: str, *, by: Person, now: datetime) -> Booking:
    """A place in a group session, also one that the waiting list offered.

    If it has a price, the place is held for 15 minutes with an order to pay, else confirmed.
    Refuses `email_not_verified`, `not_found`, `own_profile`, `not_possible` (over), `too_late`,
    `mentor_unavailable`, `already_joined`, `you_are_busy` and `session_full`.
    """
    people.demand_verified(by)
    locks.hold(locks.PERSON_CALENDAR, by.pk)
    session = groups.glimpse(reference, for_=by)
    group_permits.demand_enterable(session, by, now)
    _demand_unoccupied(session, by)
    line = waiting.for_session(session.pk)
    standing = waiting.standing(line, by) if _is_full(session) else None
    if _is_full(session) and (standing is None or standing.offered_until is None):
        raise SessionFull
    _lock(session)
    group_permits.demand_enterable(session, by, now)
    if standing and waiting.take(line, by, now=now):
        session.places_taken -= 1
    elif _is_full(session):
        raise SessionFull
    elif places.offers_until(session, now=now) <= now:
        waiting.forget(line, by, now=now)
    booking = _write(session, by, now=now)
    if _is_full(session) and session.status == Session.Status.OPEN:
        SESSION.move(session, Session.Status.FULL, by=by.pk, at=now)
    return booking


@transaction.atomic
def leave(
    reference: str, *, by: Person, reason: str = "", expecting: int | None = None, now: datetime
) -> Session:
    """Give a place back, or wait for one no longer; what is free now is the next one's.

    For a place, what the policy says is refunded. `expecting` is the refund that the person was
    shown, in minor units: if it has changed since, nothing happens (`refund_changed`). Refuses
    `not_found`, `not_possible` (no place, or the session is over) and `too_late` (started).
    """
    session = places.locked(groups.glimpse(reference, for_=by).pk)
    line = waiting.for_session(session.pk)
    if _live(session, by) is None and waiting.standing(line, by) is not None:
        waiting.leave(line, by, now=now)
    else:
        _give_back(_demand_place(session, by, now), reason, expecting, by=by, now=now)
    places.tend(session, by=by.pk, now=now)
    return session


def _give_back(
    booking: Booking, reason: str, expecting: int | None, *, by: Person, now: datetime
) -> None:
    part = quotes.part(booking, Side.MENTEE, now=now)
    if expecting is not None and expecting != part.amount_minor:
        raise RefundChanged(amount=part.amount_minor, currency=booking.currency)
    BOOKING.move(booking, Booking.Status.CANCELLED, by=by.pk, at=now, why=reason)
    settlement.cancel(booking, part, by=by.pk, now=now)


def leave_quote(reference: str, *, by: Person, now: datetime) -> Quote:
    """What would be paid back if `by` left now; refuses as `leave` would."""
    session = groups.glimpse(reference, for_=by)
    return quotes.leaving(_demand_place(session, by, now), now=now)


@transaction.atomic
def wait(reference: str, *, by: Person, now: datetime) -> WaitingEntry:
    """The person's place in the line of a session that is full.

    Refuses what `join` refuses, and `not_possible` while there is a free place.
    """
    people.demand_verified(by)
    session = groups.glimpse(reference, for_=by)
    _lock(session)
    group_permits.demand_enterable(session, by, now)
    if _live(session, by):
        raise AlreadyJoined
    if not _is_full(session):
        raise NotPossible("There is a free place: you can join at once.")
    if places.offers_until(session, now=now) <= now:
        raise NotPossible("It begins too soon to wait: a place that gets free is anybody's.")
    return waiting.enter(waiting.for_session(session.pk), by, now=now)


def _write(session: Session, mentee: Person, *, now: datetime) -> Booking:
    is_free = session.price_minor == 0
    booking = Booking(
        session=session,
        mentee=mentee,
        status=Booking.Status.CONFIRMED if is_free else Booking.Status.HELD,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=None,
        amount_minor=session.price_minor,
        currency=session.currency,
        payment_status=Booking.PaymentStatus.FREE if is_free else Booking.PaymentStatus.PENDING,
        hold_until=None if is_free else min(now + settlement.HOLD, session.starts_at),
        refund_policy=session.mentor.refund_policy,
        created_at=now,
    )
    with refusing(LAWS):
        rows.insert(booking)
    groups.load(session, [booking])
    session.places_taken += 1  # As the database has just counted.
    BOOKING.begin(booking, by=mentee.pk, at=now)
    if not is_free:
        settlement.open_order(booking, provider=providers.usual(), now=now)
    return booking


_LOCK = """
SELECT status, places_taken, capacity, price_minor, currency, starts_at, ends_at
  FROM booking_session WHERE id = %s FOR NO KEY UPDATE
"""


def _lock(session: Session) -> None:
    """Lock the session's row, and know what others wrote in it until now."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [session.pk])
        (
            session.status,
            session.places_taken,
            session.capacity,
            session.price_minor,
            session.currency,
            session.starts_at,
            session.ends_at,
        ) = cursor.fetchone()


def _demand_unoccupied(session: Session, person: Person) -> None:
    other = clashing(person, starts_at=session.starts_at, ends_at=session.ends_at)
    if other is None:
        return
    reference, title = other
    if reference == session.reference:
        raise AlreadyJoined
    raise YouAreBusy(
        f"You have another session at that time: {title}.", sessionId=reference, title=title
    )


def _demand_place(session: Session, person: Person, now: datetime) -> Booking:
    booking = _live(session, person)
    if booking is None:
        if session.mentor.person_id == person.pk:
            raise NotPossible("This is your own session: cancel it instead.")
        raise NotPossible("You have no place in this session.")
    group_permits.demand_leavable(session, now)
    return booking


def _live(session: Session, person: Person) -> Booking | None:
    booking = session.bookings.filter(mentee=person, status__in=Booking.LIVE).first()
    if booking is not None:
        booking.session = session
    return booking


def _is_full(session: Session) -> bool:
    return session.places_taken >= session.capacity
