"""What may be done to a group session, by whom, and until when. Verbs demand it, doors list it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from openmentor.base.errors import NotAllowed, NotPossible, Refusal
from openmentor.base.lifecycles import words
from openmentor.booking import groups, permits
from openmentor.booking.models import Booking, Session
from openmentor.booking.refusals import (
    MentorUnavailable,
    OwnProfile,
    PaymentNotPossible,
    TooLate,
)
from openmentor.booking.waiting import Standing
from openmentor.payments import providers
from openmentor.people.models import Person

ATTENDANCE_UNTIL = permits.NO_SHOW_UNTIL


def demand_host(session: Session, person: Person) -> None:
    """The mentor of the session, or staff; `not_allowed` for all others."""
    if not groups.is_run_by(session, person):
        raise NotAllowed("Only the host can do that.")


def demand_enterable(session: Session, person: Person, now: datetime) -> None:
    """Anybody but the host may ask for a place, until it closes."""
    if session.mentor.person_id == person.pk:
        raise OwnProfile("This is your own session, so you cannot join it.")
    if session.status not in Session.TAKING_TIME:
        raise NotPossible(f"This session is {words(session.status)}.")
    if now >= session.starts_at:
        raise TooLate("This session has already started.")
    if session.group.join_until is not None and now >= session.group.join_until:
        raise TooLate("The time to join this session is over.")
    if session.mentor.is_paused:
        raise MentorUnavailable
    if session.price_minor and not providers.enabled():
        raise PaymentNotPossible


def demand_leavable(session: Session, now: datetime) -> None:
    """A place can be given back until the session starts."""
    if session.status not in Session.TAKING_TIME:
        raise NotPossible(f"This session is {words(session.status)}.")
    if now >= session.starts_at:
        raise TooLate("This session has already started, so you cannot leave it.")


def demand_editable(session: Session, person: Person, now: datetime) -> None:
    """The host may change what is still to begin."""
    demand_host(session, person)
    if session.status not in Session.TAKING_TIME:
        raise NotPossible(f"This session is {words(session.status)}.")
    if now >= session.starts_at:
        raise TooLate("This session has already started.")


def demand_attendance_markable(session: Session, person: Person, now: datetime) -> None:
    """The host may say who came, from the start until 72 hours after the end."""
    demand_host(session, person)
    if session.status not in {*Session.TAKING_TIME, Session.Status.COMPLETED}:
        raise NotPossible(f"This session is {words(session.status)}.")
    if now < session.starts_at:
        raise NotPossible("This session has not started yet.")
    if now > session.ends_at + ATTENDANCE_UNTIL:
        raise TooLate("Attendance can be marked until 72 hours after the end.")


def place_of(session: Session, person: Person | None) -> Booking | None:
    """The person's live place, or the newest one that is over; the bookings are loaded."""
    return permits.booking_of(session, person) if person else None


def has_place(booking: Booking | None) -> bool:
    """Whether this booking is a place in the session now."""
    return booking is not None and booking.status in Booking.HAVING_A_PLACE


def actions(
    session: Session, person: Person | None, standing: Standing | None, now: datetime
) -> list[str]:
    """The names of all that this person may do to the session now; visitors: as if signed in.

    For who has a place or runs it, `join` is going to the meeting; for others, getting a place.
    """
    if person is not None and groups.is_run_by(session, person):
        return _of_host(session, person, now)
    booking = place_of(session, person)
    if has_place(booking):
        return [
            name
            for name, objection in (
                ("join", permits.objection("join", session, permits.Side.MENTEE, now)),
                ("leave", _objection(demand_leavable, session, now)),
            )
            if objection is None
        ]
    return _of_newcomer(session, person, standing, now)


def _of_host(session: Session, person: Person, now: datetime) -> list[str]:
    side = permits.side_of(session, person)
    names = [
        name
        for name in ("join", "cancel", "complete")
        if permits.objection(name, session, side, now) is None
    ]
    if _objection(demand_editable, session, person, now) is None:
        names += ["edit", "message"]
    if _objection(demand_attendance_markable, session, person, now) is None:
        names.append("attendance")
    return names


def _of_newcomer(
    session: Session, person: Person | None, standing: Standing | None, now: datetime
) -> list[str]:
    if person is not None:
        if _objection(demand_enterable, session, person, now) is not None:
            return ["leave-waitlist"] if standing else []
    elif session.status not in Session.TAKING_TIME or now >= session.starts_at:
        return []
    is_full = session.places_taken >= session.capacity
    is_offered = standing is not None and (standing.offered_until or now) > now
    if is_offered:
        return ["join", "leave-waitlist"]
    if not is_full:
        return ["join"]
    return ["leave-waitlist"] if standing else ["waitlist"]


def _objection(demand: Callable[..., None], *given: Any) -> Refusal | None:
    try:
        demand(*given)
    except Refusal as refusal:
        return refusal
    return None
