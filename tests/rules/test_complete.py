"""A session takes place: the mentor says so, or half an hour after its end it says so itself."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base import events
from openmentor.base.errors import NotAllowed, NotFound, NotPossible
from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

STARTS = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=30)


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    return make.session(maya, tom, starts_at=STARTS)


def test_the_mentor_completes_a_session_and_the_mentee_attended(
    session: Session, maya: Mentor
) -> None:
    sessions.complete(session.reference, by=maya.person, now=ENDS)
    session.refresh_from_db()
    assert (
        session.status,
        session.completed_at,
        session.completed_by_itself,
        session.bookings.get().status,
    ) == ("completed", ENDS, False, "attended")


def test_staff_may_complete_a_session(session: Session, staff: Person) -> None:
    assert sessions.complete(session.reference, by=staff, now=ENDS).status == "completed"


def test_a_session_can_be_completed_from_its_start(session: Session, maya: Mentor) -> None:
    with pytest.raises(NotPossible):
        sessions.complete(session.reference, by=maya.person, now=STARTS - timedelta(microseconds=1))
    assert sessions.complete(session.reference, by=maya.person, now=STARTS).status == "completed"


def test_a_mentee_cannot_complete_a_session(session: Session, tom: Person) -> None:
    with pytest.raises(NotAllowed):
        sessions.complete(session.reference, by=tom, now=ENDS)


def test_a_stranger_learns_nothing(session: Session, zoe: Person) -> None:
    with pytest.raises(NotFound):
        sessions.complete(session.reference, by=zoe, now=ENDS)


def test_a_session_completes_by_itself_half_an_hour_after_its_end(session: Session) -> None:
    half_past = ENDS + timedelta(minutes=30)
    assert sessions.complete_overdue(now=half_past - timedelta(microseconds=1)) == 0
    assert sessions.complete_overdue(now=half_past) == 1
    session.refresh_from_db()
    assert (
        session.status,
        session.completed_at,
        session.completed_by_itself,
        session.bookings.get().status,
    ) == ("completed", half_past, True, "attended")
    [event] = events.history("session", session.pk)
    assert (event.name, event.actor_id) == ("session.completed", None)


def test_completing_the_overdue_twice_completes_nothing_more(session: Session) -> None:
    later = ENDS + timedelta(days=1)
    assert [sessions.complete_overdue(now=later) for _ in range(2)] == [1, 0]


def test_all_overdue_sessions_are_completed_and_those_to_come_are_not(
    maya: Mentor, tom: Person
) -> None:
    for number in range(5):
        make.session(maya, tom, starts_at=STARTS + timedelta(hours=number))
    assert sessions.complete_overdue(now=STARTS + timedelta(hours=3)) == 3


def test_one_run_completes_no_more_than_it_is_asked_to(maya: Mentor, tom: Person) -> None:
    for number in range(3):
        make.session(maya, tom, starts_at=STARTS + timedelta(hours=number))
    much_later = STARTS + timedelta(days=1)
    assert [sessions.complete_overdue(now=much_later, most=2) for _ in range(2)] == [2, 1]


def test_a_group_session_is_completed_and_everyone_in_it_attended(
    maya: Mentor, tom: Person, lena: Person
) -> None:
    group = make.group(maya, starts_at=STARTS, capacity=2)
    make.booking(group, tom)
    make.booking(group, lena)
    sessions.complete(group.reference, by=maya.person, now=ENDS)
    assert list(group.bookings.values_list("status", flat=True)) == ["attended", "attended"]
