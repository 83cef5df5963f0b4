"""Calling a session off: who may, until when, and what it frees."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base import events
from openmentor.base.errors import NotFound, NotPossible
from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.booking.refusals import TooLate
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

STARTS = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    return make.session(maya, tom, starts_at=STARTS)


def test_a_mentee_cancels_and_it_is_written_down(
    session: Session, tom: Person, now: datetime
) -> None:
    sessions.cancel(session.reference, by=tom, reason=" I am ill. ", now=now)

    session.refresh_from_db()
    assert (
        session.status,
        session.cancelled_at,
        session.cancelled_by,
        session.cancel_reason,
        session.takes_time,
        session.revision,
        session.bookings.get().status,
    ) == ("cancelled", now, "mentee", "I am ill.", False, 1, "cancelled")


@pytest.mark.parametrize("who", ["mentor", "staff"])
def test_the_mentor_and_staff_may_cancel_too(
    session: Session, staff: Person, now: datetime, who: str
) -> None:
    by = staff if who == "staff" else session.mentor.person
    cancelled = sessions.cancel(session.reference, by=by, now=now)
    assert (cancelled.status, cancelled.cancelled_by) == ("cancelled", who)


def test_each_cancellation_writes_who_when_from_to_and_why(
    session: Session, tom: Person, now: datetime
) -> None:
    sessions.cancel(session.reference, by=tom, reason="Ill", now=now)
    booking = session.bookings.get()
    written = [
        (event.name, event.from_state, event.to_state, event.actor_id, event.at, event.why)
        for event in (
            *events.history("session", session.pk),
            *events.history("booking", booking.pk),
        )
    ]
    assert written == [
        ("session.cancelled", "scheduled", "cancelled", tom.pk, now, "Ill"),
        ("booking.cancelled", "confirmed", "cancelled", tom.pk, now, "Ill"),
    ]


def test_a_cancelled_time_can_be_booked_again(
    session: Session, maya: Mentor, lena: Person, tom: Person, now: datetime
) -> None:
    sessions.cancel(session.reference, by=tom, now=now)
    assert make.booked(maya, lena, starts_at=STARTS, now=now).status == "scheduled"


def test_a_mentee_can_book_the_time_that_they_cancelled(
    session: Session, maya: Mentor, tom: Person, now: datetime
) -> None:
    sessions.cancel(session.reference, by=tom, now=now)
    assert make.booked(maya, tom, starts_at=STARTS, now=now).status == "scheduled"


def test_a_session_can_be_cancelled_until_the_moment_it_starts(
    session: Session, tom: Person
) -> None:
    with pytest.raises(TooLate):
        sessions.cancel(session.reference, by=tom, now=STARTS)
    almost = STARTS - timedelta(microseconds=1)
    assert sessions.cancel(session.reference, by=tom, now=almost).status == "cancelled"


def test_a_stranger_learns_nothing(session: Session, zoe: Person, now: datetime) -> None:
    with pytest.raises(NotFound):
        sessions.cancel(session.reference, by=zoe, now=now)
    session.refresh_from_db()
    assert session.status == "scheduled"


def test_another_mentor_learns_nothing(session: Session, kiri: Mentor, now: datetime) -> None:
    with pytest.raises(NotFound):
        sessions.cancel(session.reference, by=kiri.person, now=now)


@pytest.mark.parametrize("reference", ["", "SESSION-00000000", "BOOKING-7K3M9QX2", "%", "\x00"])
def test_what_is_no_session_is_not_found(tom: Person, now: datetime, reference: str) -> None:
    with pytest.raises(NotFound):
        sessions.cancel(reference, by=tom, now=now)


def test_cancelling_twice_is_refused_and_writes_nothing(
    session: Session, tom: Person, now: datetime
) -> None:
    sessions.cancel(session.reference, by=tom, reason="Ill", now=now)
    with pytest.raises(NotPossible):
        sessions.cancel(session.reference, by=tom, reason="Again", now=now)
    session.refresh_from_db()
    assert (session.cancel_reason, session.revision) == ("Ill", 1)
    assert len(events.history("session", session.pk)) == 1
