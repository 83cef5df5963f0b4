"""Somebody did not come: who may say so about whom, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base import events
from openmentor.base.errors import NotAllowed, NotFound, NotPossible
from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.booking.refusals import TooLate
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

STARTS = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=30)
TEN_MINUTES_IN = STARTS + timedelta(minutes=10)
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    return make.session(maya, tom, starts_at=STARTS)


def test_a_mentor_marks_the_mentees_no_show(session: Session, maya: Mentor) -> None:
    sessions.mark_no_show(session.reference, by=maya.person, now=ENDS)
    session.refresh_from_db()
    assert (session.status, session.absent, session.bookings.get().status) == (
        "no_show",
        "mentee",
        "no_show",
    )


def test_a_mentee_marks_the_mentors_no_show_and_has_attended(session: Session, tom: Person) -> None:
    sessions.mark_no_show(session.reference, by=tom, now=ENDS)
    session.refresh_from_db()
    assert (session.status, session.absent, session.bookings.get().status) == (
        "no_show",
        "mentor",
        "attended",
    )


def test_the_event_says_who_was_absent(session: Session, tom: Person) -> None:
    sessions.mark_no_show(session.reference, by=tom, now=ENDS)
    [event] = events.history("session", session.pk)
    assert (event.name, event.actor_id, event.data) == (
        "session.no_show",
        tom.pk,
        {"absent": "mentor"},
    )


def test_a_no_show_can_be_marked_from_ten_minutes_after_the_start(
    session: Session, maya: Mentor
) -> None:
    with pytest.raises(NotPossible):
        sessions.mark_no_show(session.reference, by=maya.person, now=TEN_MINUTES_IN - A_MOMENT)
    marked = sessions.mark_no_show(session.reference, by=maya.person, now=TEN_MINUTES_IN)
    assert marked.status == "no_show"


def test_a_no_show_can_be_marked_until_72_hours_after_the_end(
    session: Session, maya: Mentor
) -> None:
    last = ENDS + timedelta(hours=72)
    with pytest.raises(TooLate):
        sessions.mark_no_show(session.reference, by=maya.person, now=last + A_MOMENT)
    assert sessions.mark_no_show(session.reference, by=maya.person, now=last).status == "no_show"


def test_a_session_that_completed_by_itself_can_still_become_a_no_show(
    session: Session, tom: Person, maya: Mentor
) -> None:
    sessions.complete_overdue(now=ENDS + timedelta(hours=1))
    sessions.mark_no_show(session.reference, by=maya.person, now=ENDS + timedelta(hours=2))
    session.refresh_from_db()
    assert (session.status, session.bookings.get().status) == ("no_show", "no_show")


def test_the_mentors_absence_leaves_an_attendance_as_it_is(session: Session, tom: Person) -> None:
    sessions.complete_overdue(now=ENDS + timedelta(hours=1))
    sessions.mark_no_show(session.reference, by=tom, now=ENDS + timedelta(hours=2))
    session.refresh_from_db()
    assert (session.status, session.bookings.get().status) == ("no_show", "attended")


def test_a_session_that_the_mentor_completed_is_final(
    session: Session, tom: Person, maya: Mentor
) -> None:
    sessions.complete(session.reference, by=maya.person, now=ENDS)
    for person in (tom, maya.person):
        with pytest.raises(NotPossible):
            sessions.mark_no_show(session.reference, by=person, now=ENDS)


def test_a_no_show_is_final(session: Session, tom: Person, maya: Mentor) -> None:
    sessions.mark_no_show(session.reference, by=maya.person, now=ENDS)
    with pytest.raises(NotPossible):
        sessions.mark_no_show(session.reference, by=tom, now=ENDS)
    with pytest.raises(NotPossible):
        sessions.complete(session.reference, by=maya.person, now=ENDS)
    session.refresh_from_db()
    assert session.absent == "mentee"


def test_staff_were_not_there(session: Session, staff: Person) -> None:
    with pytest.raises(NotAllowed):
        sessions.mark_no_show(session.reference, by=staff, now=ENDS)


def test_a_stranger_learns_nothing(session: Session, zoe: Person) -> None:
    with pytest.raises(NotFound):
        sessions.mark_no_show(session.reference, by=zoe, now=ENDS)


def test_attendance_of_a_group_is_not_marked_this_way(maya: Mentor) -> None:
    group = make.session(maya, None, starts_at=STARTS, status="open", mode="group", capacity=5)
    with pytest.raises(NotPossible):
        sessions.mark_no_show(group.reference, by=maya.person, now=ENDS)
