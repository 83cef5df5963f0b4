"""Moving a session to another free time: at the same length and price, three times, in time."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base import events
from openmentor.base.errors import NotFound, NotPossible
from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.booking.refusals import NotOffered, TimeTaken, TooLate, TooSoon, YouAreBusy
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make

STARTS = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    return make.session(maya, tom, starts_at=STARTS)


@pytest.mark.parametrize("who", ["mentor", "mentee", "staff"])
def test_either_side_moves_a_session_and_its_place_moves_with_it(
    session: Session, tom: Person, staff: Person, now: datetime, who: str
) -> None:
    by = {"mentor": session.mentor.person, "mentee": tom, "staff": staff}[who]
    sessions.reschedule(session.reference, by=by, starts_at=LATER, now=now)

    session.refresh_from_db()
    booking = session.bookings.get()
    assert (
        session.status,
        (session.starts_at, session.ends_at),
        (session.occupies.lower, session.occupies.upper),
        (booking.starts_at, booking.ends_at),
        session.reschedules,
        session.revision,
    ) == (
        "scheduled",
        (LATER, LATER + HALF_HOUR),
        (LATER, LATER + HALF_HOUR),
        (LATER, LATER + HALF_HOUR),
        1,
        1,
    )


def test_a_move_is_written_down_with_both_times(
    session: Session, tom: Person, now: datetime
) -> None:
    sessions.reschedule(session.reference, by=tom, starts_at=LATER, now=now)
    [event] = events.history("session", session.pk)
    assert (event.name, event.actor_id, event.at, event.data) == (
        "session.rescheduled",
        tom.pk,
        now,
        {"before": STARTS.isoformat(), "after": LATER.isoformat()},
    )


def test_the_old_time_is_free_and_the_new_one_is_not(
    session: Session, maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    sessions.reschedule(session.reference, by=tom, starts_at=LATER, now=now)
    assert make.booked(maya, lena, starts_at=STARTS, now=now).starts_at == STARTS
    with pytest.raises(TimeTaken):
        make.booked(maya, lena, starts_at=LATER, now=now)


def test_a_session_can_move_into_a_time_that_overlaps_its_own(
    session: Session, maya: Mentor, tom: Person, now: datetime
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(step_minutes=15)
    moved = STARTS + timedelta(minutes=15)
    sessions.reschedule(session.reference, by=tom, starts_at=moved, now=now)
    session.refresh_from_db()
    assert session.starts_at == moved


def test_a_session_keeps_its_length_when_its_type_has_changed(
    session: Session, introduction: SessionType, tom: Person, now: datetime
) -> None:
    SessionType.objects.filter(pk=introduction.pk).update(duration_minutes=60)
    moved = sessions.reschedule(session.reference, by=tom, starts_at=LATER, now=now)
    assert moved.ends_at - moved.starts_at == HALF_HOUR


def test_a_taken_time_is_refused_with_alternatives(
    session: Session, maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    make.session(maya, lena, starts_at=LATER)
    with pytest.raises(TimeTaken) as refusal:
        sessions.reschedule(session.reference, by=tom, starts_at=LATER, now=now)
    assert [slot["start"] for slot in refusal.value.data["alternatives"]] == [
        "2026-03-05T08:30:00Z",
        "2026-03-05T09:00:00Z",
        "2026-03-05T10:00:00Z",
    ]


def test_a_time_outside_the_hours_is_refused(session: Session, tom: Person, now: datetime) -> None:
    with pytest.raises(NotOffered):
        sessions.reschedule(
            session.reference, by=tom, starts_at=LATER + timedelta(hours=9), now=now
        )


def test_a_time_that_is_past_is_refused(session: Session, tom: Person, now: datetime) -> None:
    with pytest.raises(TooSoon):
        sessions.reschedule(session.reference, by=tom, starts_at=now, now=now)


def test_the_mentees_other_sessions_are_in_the_way_whoever_moves(
    session: Session, kiri: Mentor, tom: Person, now: datetime
) -> None:
    make.session(kiri, tom, starts_at=LATER)
    with pytest.raises(YouAreBusy):
        sessions.reschedule(session.reference, by=session.mentor.person, starts_at=LATER, now=now)


def test_a_session_can_be_moved_until_two_hours_before(session: Session, tom: Person) -> None:
    deadline = STARTS - timedelta(hours=2)
    with pytest.raises(TooLate):
        sessions.reschedule(
            session.reference, by=tom, starts_at=LATER, now=deadline + timedelta(seconds=1)
        )
    moved = sessions.reschedule(session.reference, by=tom, starts_at=LATER, now=deadline)
    assert moved.starts_at == LATER


def test_a_session_is_moved_three_times_and_not_a_fourth(
    session: Session, tom: Person, now: datetime
) -> None:
    for number in (1, 2, 3):
        sessions.reschedule(
            session.reference, by=tom, starts_at=LATER + number * HALF_HOUR, now=now
        )
    with pytest.raises(NotPossible):
        sessions.reschedule(session.reference, by=tom, starts_at=LATER, now=now)
    session.refresh_from_db()
    assert (session.starts_at, session.reschedules) == (LATER + 3 * HALF_HOUR, 3)


def test_a_stranger_learns_nothing(session: Session, zoe: Person, now: datetime) -> None:
    with pytest.raises(NotFound):
        sessions.reschedule(session.reference, by=zoe, starts_at=LATER, now=now)


def test_a_group_session_is_not_moved(maya: Mentor, now: datetime) -> None:
    group = make.session(maya, None, starts_at=STARTS, status="open", mode="group", capacity=5)
    with pytest.raises(NotPossible):
        sessions.reschedule(group.reference, by=maya.person, starts_at=LATER, now=now)
