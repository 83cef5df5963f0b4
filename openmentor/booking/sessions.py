"""What happens to a session after it is booked: moved, cancelled, held, missed."""

from datetime import datetime, timedelta

from django.db import transaction

from openmentor.base import events, locks, references
from openmentor.base.errors import NotFound, refusing
from openmentor.booking import diary as diaries
from openmentor.booking import (
    joining,
    open_requests,
    permits,
    places,
    prepaid,
    quotes,
    settlement,
    slots,
)
from openmentor.booking.clashes import demand_unoccupied
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, Session
from openmentor.booking.occupancy import occupied
from openmentor.booking.permits import Side
from openmentor.booking.quotes import Quote
from openmentor.booking.refusals import RefundChanged
from openmentor.booking.texts import said
from openmentor.people.models import Person

LONGEST_REASON = 1000
COMPLETES_ITSELF_AFTER = timedelta(minutes=30)


def find(reference: str, *, for_: Person) -> Session:
    """The session of this public id, with both sides loaded; `not_found` if not theirs to see."""
    session = (
        Session.objects.visible_to(for_)
        .filter(reference=references.normalised(reference, "SESSION"))
        .with_both_sides(seen_by=for_)
        .first()
    )
    if session is None:
        raise NotFound("There is no such session.")
    return session


@transaction.atomic
def cancel(
    reference: str,
    *,
    by: Person,
    reason: str = "",
    expecting: int | None = None,
    now: datetime,
) -> Session:
    """Call a session off; its time is free again, and what the policy says is paid back.

    `expecting` is the refund that the person was shown, in minor units: if it has changed since,
    nothing happens (`refund_changed`). Who has a place in a group session gives up that place
    only. Refuses an `invalid` reason, `not_found`, `not_possible` (over or cancelled already) and
    `too_late` (started).
    """
    reason = said(reason, field="reason", most=LONGEST_REASON)
    session = held(reference, by)
    if _is_participant(session, by):
        joining.leave(reference, by=by, reason=reason, expecting=expecting, now=now)
        return find(reference, for_=by)
    side = permits.side_of(session, by)
    permits.demand_cancellable(session, side, now)
    refund = quotes.refund(session, side, now=now)
    if expecting is not None and expecting != refund:
        raise RefundChanged(amount=refund, currency=session.currency)
    call_off(session, side, by=by.pk, why=reason, now=now)
    return session


def call_off(session: Session, side: Side, *, by: int | None, why: str, now: datetime) -> None:
    """Cancel a session that the caller has judged and holds, in the name of this side."""
    session.cancelled_at = now
    session.cancelled_by = side
    session.cancel_reason = why
    session.revision += 1
    SESSION.move(
        session,
        Session.Status.CANCELLED,
        by=by,
        at=now,
        why=why,
        also=["cancelled_at", "cancelled_by", "cancel_reason", "revision"],
    )
    for booking in _live(session):
        BOOKING.move(booking, Booking.Status.CANCELLED, by=by, at=now, why=why)
        settlement.cancel(booking, quotes.part(booking, side, now=now), by=by, now=now)
    places.close(session, now=now)
    _let_follow(session, by=by, now=now)


def cancel_quote(reference: str, *, by: Person, now: datetime) -> Quote:
    """What would be paid back if `by` cancelled the session now; refuses as `cancel` would."""
    session = find(reference, for_=by)
    if _is_participant(session, by):
        return joining.leave_quote(reference, by=by, now=now)
    return quotes.cancelling(session, side=permits.side_of(session, by), now=now)


def _is_participant(session: Session, person: Person) -> bool:
    is_group = session.mode == Session.Mode.GROUP
    return is_group and permits.side_of(session, person) is Side.MENTEE


def reschedule(reference: str, *, by: Person, starts_at: datetime, now: datetime) -> Session:
    """Move a session to another free time of the same mentor, at the same price.

    Refuses `not_found`, `not_possible`, `too_late` (two hours before), whatever a booking of that
    time refuses, `pack_expired` (a mentee beyond the end of the pack that paid), `you_are_busy`.
    """
    session = find(reference, for_=by)
    with slots.suggesting(
        handle=session.mentor.handle, wanted=starts_at, minutes=minutes_of(session), now=now
    ):
        return _reschedule(reference, by, starts_at, now)


@transaction.atomic
def _reschedule(reference: str, by: Person, starts_at: datetime, now: datetime) -> Session:
    session = held(reference, by)
    side = permits.side_of(session, by)
    permits.demand_reschedulable(session, side, now)
    length = session.ends_at - session.starts_at
    diary = diaries.read(
        mentor_id=session.mentor_id, first=starts_at, last=starts_at, besides=session.pk
    )
    slots.demand_free(diary, starts_at, minutes=minutes_of(session), now=now)
    for booking in _live(session):
        prepaid.demand_valid(booking, side, starts_at)
        locks.hold(locks.PERSON_CALENDAR, booking.mentee_id)
        demand_unoccupied(
            booking.mentee, starts_at=starts_at, ends_at=starts_at + length, besides=session.pk
        )
    before = session.starts_at
    _put(session, starts_at, starts_at + length)
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
    return session


def _put(session: Session, starts_at: datetime, ends_at: datetime) -> None:
    """Give the session another time; the bookings' times follow in the database."""
    session.starts_at, session.ends_at = starts_at, ends_at
    session.occupies = occupied(
        starts_at, ends_at, before=session.buffer_before, after=session.buffer_after
    )
    session.reschedules += 1
    session.revision += 1
    with refusing(LAWS):
        session.save(update_fields=["starts_at", "ends_at", "occupies", "reschedules", "revision"])


@transaction.atomic
def complete(reference: str, *, by: Person, now: datetime) -> Session:
    """The mentor says that the session took place; who had a place attended.

    Refuses `not_found`, `not_allowed` (the mentee), `not_possible` (not started, not scheduled).
    """
    session = held(reference, by)
    permits.demand_completable(session, permits.side_of(session, by), now)
    _complete(session, by=by.pk, now=now)
    return session


@transaction.atomic
def mark_no_show(reference: str, *, by: Person, now: datetime) -> Session:
    """One side says that the other did not come. Who paid and met nobody gets all of it back.

    Refuses `not_found`, `not_possible` (too early, or final) and `too_late` (72 hours).
    """
    session = held(reference, by)
    side = permits.side_of(session, by)
    permits.demand_no_show_markable(session, side, now)
    session.absent = Side.MENTEE if side == Side.MENTOR else Side.MENTOR
    SESSION.move(
        session, Session.Status.NO_SHOW, by=by.pk, at=now, also=["absent"], absent=session.absent
    )
    came = Booking.Status.ATTENDED if side == Side.MENTEE else Booking.Status.NO_SHOW
    for booking in session.bookings.all():
        if BOOKING.allows(booking.status, came):
            BOOKING.move(booking, came, by=by.pk, at=now)
        if side == Side.MENTEE and booking.status == came:  # Maybe since it completed by itself.
            settlement.cancel(booking, quotes.in_full(booking), by=by.pk, now=now)
        else:
            prepaid.end(booking, comes_back=False, by=by.pk, now=now)
    _let_follow(session, by=by.pk, now=now)
    return session


def complete_overdue(*, now: datetime, most: int = 200) -> int:
    """Complete by themselves the sessions that ended half an hour ago; how many.

    Safe to run from several workers at once: each takes rows that nobody else has.
    """
    done = 0
    while done < most and _complete_one_overdue(now):
        done += 1
    return done


@transaction.atomic
def _complete_one_overdue(now: datetime) -> bool:
    session = (
        Session.objects.filter(
            status__in=Session.TAKING_TIME, ends_at__lte=now - COMPLETES_ITSELF_AFTER
        )
        .select_for_update(skip_locked=True)
        .order_by("ends_at")
        .first()
    )
    if session is None:
        return False
    session.completed_by_itself = True
    _complete(session, by=None, now=now)
    return True


def _complete(session: Session, *, by: int | None, now: datetime) -> None:
    session.completed_at = now
    SESSION.move(
        session,
        Session.Status.COMPLETED,
        by=by,
        at=now,
        also=["completed_at", "completed_by_itself"],
    )
    for booking in session.bookings.filter(status=Booking.Status.CONFIRMED).order_by("pk"):
        BOOKING.move(booking, Booking.Status.ATTENDED, by=by, at=now)
        prepaid.end(booking, comes_back=False, by=by, now=now)
    places.close(session, now=now)
    _let_follow(session, by=by, now=now)


def _let_follow(session: Session, *, by: int | None, now: datetime) -> None:
    if session.origin == Session.Origin.OPEN_REQUEST:
        open_requests.follow(session, by=by, now=now)


def held(reference: str, by: Person) -> Session:
    """The session for a verb, read under its mentor's calendar lock and its own row lock."""
    seen = find(reference, for_=by)
    locks.hold(locks.MENTOR_CALENDAR, seen.mentor_id)
    Session.objects.select_for_update().only("pk").get(pk=seen.pk)
    return find(reference, for_=by)


def _live(session: Session) -> list[Booking]:
    return [booking for booking in session.bookings.all() if booking.status in Booking.LIVE]


def minutes_of(session: Session) -> int:
    """How long the session is, in minutes of elapsed time."""
    return (session.ends_at - session.starts_at) // timedelta(minutes=1)
