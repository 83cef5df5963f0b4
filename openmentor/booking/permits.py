"""What may be done to a session, by whom, and until when. Verbs demand it, doors list it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from openmentor.base.errors import NotAllowed, NotFound, NotPossible, Refusal
from openmentor.base.lifecycles import words
from openmentor.booking.models import Booking, Session
from openmentor.booking.refusals import TooLate
from openmentor.people.models import Person

RESCHEDULE_UNTIL = timedelta(hours=2)
RESCHEDULES = 3
NO_SHOW_FROM = timedelta(minutes=10)
NO_SHOW_UNTIL = timedelta(hours=72)
JOIN_FROM = timedelta(minutes=15)


class Side(StrEnum):
    """On which side of a session somebody stands."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    STAFF = "staff"
    SYSTEM = "system"


def side_of(session: Session, person: Person) -> Side:
    """The person's side; a stranger learns nothing (`not_found`)."""
    if session.mentor.person_id == person.pk:
        return Side.MENTOR
    if session.requested_by_id == person.pk or booking_of(session, person) is not None:
        return Side.MENTEE
    if person.is_staff:
        return Side.STAFF
    raise NotFound("There is no such session.")


def booking_of(session: Session, person: Person) -> Booking | None:
    """The person's place in this session, the newest if there were several."""
    mine = [booking for booking in session.bookings.all() if booking.mentee_id == person.pk]
    return max(mine, key=lambda booking: booking.pk, default=None)


def demand_cancellable(session: Session, side: Side, now: datetime) -> None:
    """Both sides and staff may cancel what is to come, until it starts; a group only its host."""
    if session.mode == Session.Mode.GROUP and side is Side.MENTEE:
        raise NotAllowed("Only the host can cancel a group session. You can leave it.")
    if session.status not in {*Session.TAKING_TIME, Session.Status.PENDING}:
        raise NotPossible(f"This session is {words(session.status)} already.")
    if now >= session.starts_at:
        raise TooLate("This session has already started, so it cannot be cancelled.")


def demand_reschedulable(session: Session, _side: Side, now: datetime) -> None:
    """Either side may move a scheduled one-on-one session, three times, until two hours before."""
    if session.mode != Session.Mode.ONE_ON_ONE or session.status != Session.Status.SCHEDULED:
        raise NotPossible("Only a scheduled one-on-one session can be moved.")
    if _awaits_payment(session):
        raise NotPossible("Please pay first; then you can still move it.")
    if now > session.starts_at - RESCHEDULE_UNTIL:
        raise TooLate("A session can be moved until two hours before it starts.")
    if session.reschedules >= RESCHEDULES:
        raise NotPossible("This session was moved three times already, which is the most.")


def demand_answerable(session: Session, side: Side, now: datetime) -> None:
    """The mentor may answer a request until its deadline."""
    _demand_waiting(session, now)
    if side is not Side.MENTOR:
        raise NotAllowed("Only the mentor can answer a request.")


def demand_pickable(session: Session, side: Side, now: datetime) -> None:
    """The mentee may pick one of the times that the mentor proposed, until the deadline."""
    _demand_waiting(session, now)
    if side is not Side.MENTEE:
        raise NotAllowed("Only the mentee can pick one of the proposed times.")
    if not session.request.proposed:
        raise NotPossible("The mentor has not proposed other times.")


def _demand_waiting(session: Session, now: datetime) -> None:
    if session.status != Session.Status.PENDING:
        raise NotPossible(f"This session is {words(session.status)} already.")
    if now >= session.request.answer_by:
        raise TooLate("The time to answer this request is over.")


def demand_completable(session: Session, side: Side, now: datetime) -> None:
    """The mentor (or staff) may complete a session that has started."""
    if side not in {Side.MENTOR, Side.STAFF}:
        raise NotAllowed("Only the mentor can complete a session.")
    if session.status not in Session.TAKING_TIME:
        raise NotPossible(f"This session is {words(session.status)}.")
    if now < session.starts_at:
        raise NotPossible("This session has not started yet.")


def demand_no_show_markable(session: Session, side: Side, now: datetime) -> None:
    """Either side may say that the other did not come, from 10 minutes in until 72 hours after."""
    if side not in {Side.MENTOR, Side.MENTEE}:
        raise NotAllowed("Only those who took part can say that somebody did not come.")
    if session.mode != Session.Mode.ONE_ON_ONE:
        raise NotPossible("Attendance of a group session is marked for each person.")
    completed_by_itself = session.status == Session.Status.COMPLETED and session.completed_by_itself
    if session.status != Session.Status.SCHEDULED and not completed_by_itself:
        raise NotPossible(f"This session is {words(session.status)}.")
    if now < session.starts_at + NO_SHOW_FROM:
        raise NotPossible("Please wait until ten minutes after the start.")
    if now > session.ends_at + NO_SHOW_UNTIL:
        raise TooLate("A no-show can be marked until 72 hours after the end.")


def demand_joinable(session: Session, side: Side, now: datetime) -> None:
    """Participants may join from 15 minutes before the start until the end."""
    if side not in {Side.MENTOR, Side.MENTEE} or session.status not in Session.TAKING_TIME:
        raise NotPossible("There is nothing to join.")
    if session.mode == Session.Mode.ONE_ON_ONE and _awaits_payment(session):
        raise NotPossible("Please pay first; then you can join.")
    if not session.starts_at - JOIN_FROM <= now < session.ends_at:
        raise NotPossible("You can join from 15 minutes before the start until the end.")


def _awaits_payment(session: Session) -> bool:
    return any(booking.status == Booking.Status.HELD for booking in session.bookings.all())


ACTIONS: dict[str, Callable[[Session, Side, datetime], None]] = {
    "accept": demand_answerable,
    "reject": demand_answerable,
    "propose": demand_answerable,
    "pick": demand_pickable,
    "join": demand_joinable,
    "reschedule": demand_reschedulable,
    "cancel": demand_cancellable,
    "complete": demand_completable,
    "no-show": demand_no_show_markable,
}


def actions(session: Session, side: Side, now: datetime) -> list[str]:
    """The names of all that this side may do to the session now."""
    return [name for name in ACTIONS if objection(name, session, side, now) is None]


def objection(action: str, session: Session, side: Side, now: datetime) -> Refusal | None:
    """Why this side may not do it now; None if it may."""
    try:
        ACTIONS[action](session, side, now)
    except Refusal as refusal:
        return refusal
    return None
