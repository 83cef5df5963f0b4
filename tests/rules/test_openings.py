"""All the times at which a mentor can be had: what pages offer is what verbs accept."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.booking import bookings, openings, sessions
from openmentor.booking.refusals import TooFar
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make

TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""


def test_the_first_times_are_tomorrows(maya: Mentor, now: datetime) -> None:
    times = openings.to_book(maya.pk, minutes=30, now=now).next(2)
    assert times == [TUESDAY_AT_TEN - timedelta(hours=1), TUESDAY_AT_TEN - timedelta(minutes=30)]


def test_every_time_of_a_day_can_be_booked(
    maya: Mentor, introduction: SessionType, now: datetime
) -> None:
    for number, at in enumerate(openings.to_book(maya.pk, minutes=30, now=now).next(16)):
        session = bookings.book(
            make.person(f"Guest {number}"),
            handle=maya.handle,
            session_type=introduction.reference,
            starts_at=at,
            now=now,
        )
        assert session.starts_at == at


def test_what_is_not_listed_is_not_included(maya: Mentor, now: datetime) -> None:
    times = openings.to_book(maya.pk, minutes=30, now=now)
    wanted = [TUESDAY_AT_TEN, TUESDAY_AT_TEN + timedelta(minutes=10), now]
    assert [times.includes(at) for at in wanted] == [True, False, False]
    assert not times.includes(TUESDAY_AT_TEN + timedelta(milliseconds=1))


def test_the_nearest_are_three_in_order(maya: Mentor, tom: Person, now: datetime) -> None:
    make.session(maya, tom, starts_at=TUESDAY_AT_TEN)
    half_an_hour = timedelta(minutes=30)
    nearest = openings.to_book(maya.pk, minutes=30, now=now).nearest(TUESDAY_AT_TEN)
    assert nearest == [
        TUESDAY_AT_TEN - 2 * half_an_hour,
        TUESDAY_AT_TEN - half_an_hour,
        TUESDAY_AT_TEN + half_an_hour,
    ]


def test_a_paused_mentor_has_no_times_to_book(maya: Mentor, now: datetime) -> None:
    Mentor.objects.filter(pk=maya.pk).update(paused_at=now)
    assert openings.to_book(maya.pk, minutes=30, now=now).free == []


def test_a_session_can_be_moved_while_the_mentor_is_paused(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    session = make.booked(maya, tom, starts_at=TUESDAY_AT_TEN, now=now)
    Mentor.objects.filter(pk=maya.pk).update(paused_at=now)
    other = openings.to_move(session, now=now).next(1)[0]
    assert (
        sessions.reschedule(session.reference, by=tom, starts_at=other, now=now).starts_at == other
    )


def test_a_session_is_not_moved_to_where_it_is(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.booked(maya, tom, starts_at=TUESDAY_AT_TEN, now=now)
    times = openings.to_move(session, now=now)
    assert not times.includes(TUESDAY_AT_TEN)
    assert times.includes(TUESDAY_AT_TEN + timedelta(minutes=30))


def test_the_last_time_lies_within_the_bounds(maya: Mentor, tom: Person, now: datetime) -> None:
    times = openings.to_book(maya.pk, minutes=30, now=now)
    first, last = times.bounds
    assert first <= times.free[0] <= times.free[-1] <= last
    beyond = times.next(len(times.free))[-1] + timedelta(days=7)
    with pytest.raises(TooFar):
        make.booked(maya, tom, starts_at=beyond, now=now)
