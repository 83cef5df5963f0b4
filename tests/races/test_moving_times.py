"""Times that change hands while others want them: cancelled, moved and booked at once."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from openmentor.base import events
from openmentor.booking import permits, sessions, slots
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.races.arena import ROUNDS, Track, meet_after, remove_locks, tally, without_law
from tests.races.conftest import slot

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "session_mentor_is_in_one_place"


def at(starts_at: datetime) -> int:
    """How many sessions take this time."""
    return Session.objects.filter(starts_at=starts_at, takes_time=True).count()


def test_booking_against_moving_against_cancelling_leaves_one_session_at_most(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    """Tom moves to a time that Lena books, while the mentor cancels Tom's session."""
    tom, lena = mentees[:2]
    for number in range(0, 2 * ROUNDS, 2):
        wanted = slot(number + 1)
        toms = make.session(mentor, tom, starts_at=slot(number)).reference
        booked, moved, cancelled = track.race(
            [
                partial(make.booked, mentor, lena, starts_at=wanted, now=now),
                partial(sessions.reschedule, toms, by=tom, starts_at=wanted, now=now),
                partial(sessions.cancel, toms, by=mentor.person, now=now),
            ]
        )
        assert tally([cancelled]) == {"won": 1}
        assert tally([booked, moved]) in (
            {"won": 1, "time_taken": 1},
            {"won": 1, "not_possible": 1},
            {"won": 2},  # Moved there, cancelled there, booked there, in this order.
        )
        assert (at(slot(number)), at(wanted)) == (0, 1 if isinstance(booked, Session) else 0)


def test_booking_against_moving_gives_the_time_to_one(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    for number in range(0, 2 * ROUNDS, 2):
        assert tally(book_against_move(track, mentor, mentees, number, now)) == {
            "won": 1,
            "time_taken": 1,
        }
        assert at(slot(number + 1)) == 1


def test_without_lock_and_law_booking_against_moving_double_books(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
) -> None:
    remove_locks(monkeypatch)
    meet_after(monkeypatch, slots, "demand_free", runners=2)
    with without_law(LAW):
        for number in range(0, 10, 2):
            outcomes = book_against_move(track, mentor, mentees, number, now)
            assert (tally(outcomes), at(slot(number + 1))) == ({"won": 2}, 2)


def book_against_move(
    track: Track, mentor: Mentor, mentees: list[Person], number: int, now: datetime
) -> list[object]:
    """One mentee books the time to which another one moves."""
    tom, lena = mentees[:2]
    wanted = slot(number + 1)
    toms = make.session(mentor, tom, starts_at=slot(number)).reference
    return track.race(
        [
            partial(make.booked, mentor, lena, starts_at=wanted, now=now),
            partial(sessions.reschedule, toms, by=tom, starts_at=wanted, now=now),
        ]
    )


def test_a_cancelled_time_can_be_booked_again_and_again(
    mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    for number in range(2 * ROUNDS):
        mentee = mentees[number % 2]
        session = make.booked(mentor, mentee, starts_at=slot(0), now=now)
        sessions.cancel(session.reference, by=mentee, now=now)
    assert at(slot(0)) == 0


def test_cancelling_against_two_who_wait_for_the_time_leaves_neither_none_nor_two(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    """Who comes too early tries again when the cancellation is through."""
    holder, *waiting = mentees[:3]
    session = make.booked(mentor, holder, starts_at=slot(0), now=now)
    for _ in range(2 * ROUNDS):
        tries = [
            partial(make.booked, mentor, mentee, starts_at=slot(0), now=now) for mentee in waiting
        ]
        cancelled, *booked = track.race(
            [partial(sessions.cancel, session.reference, by=holder, now=now), *tries]
        )
        assert tally([cancelled]) == {"won": 1}
        if not tally(booked)["won"]:
            booked = track.race(tries)
        assert (tally(booked), at(slot(0))) == ({"won": 1, "time_taken": 1}, 1)
        session = next(outcome for outcome in booked if isinstance(outcome, Session))
        waiting.append(holder)
        holder = session.bookings.get().mentee
        waiting.remove(holder)


def test_without_lock_and_law_the_two_who_waited_are_both_booked(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
) -> None:
    holder, *waiting = mentees[:3]
    session = make.booked(mentor, holder, starts_at=slot(0), now=now)
    sessions.cancel(session.reference, by=holder, now=now)
    remove_locks(monkeypatch)
    meet_after(monkeypatch, slots, "demand_free", runners=2)
    with without_law(LAW):
        track.race(
            [partial(make.booked, mentor, mentee, starts_at=slot(0), now=now) for mentee in waiting]
        )
        assert at(slot(0)) == 2


def two_cancellations(
    track: Track, mentor: Mentor, mentee: Person, number: int, now: datetime
) -> tuple[dict[str, int], int]:
    """What mentor and mentee are told who cancel at once, and how many events were written."""
    session = make.session(mentor, mentee, starts_at=slot(number))
    cancel: Callable[..., Session] = partial(sessions.cancel, session.reference, now=now)
    outcomes = track.race([partial(cancel, by=mentor.person), partial(cancel, by=mentee)])
    return tally(outcomes), len(events.history("session", session.pk))


def test_two_who_cancel_at_once_cancel_once(
    track: Track, mentor: Mentor, tom: Person, now: datetime
) -> None:
    for number in range(ROUNDS):
        cancelled = two_cancellations(track, mentor, tom, number, now)
        assert cancelled == ({"won": 1, "not_possible": 1}, 1)


def test_without_locks_two_who_cancel_at_once_cancel_twice(
    monkeypatch: pytest.MonkeyPatch, track: Track, mentor: Mentor, tom: Person, now: datetime
) -> None:
    def only_read(reference: str, by: Person) -> Session:
        return sessions.find(reference, for_=by)

    monkeypatch.setattr(sessions, "held", only_read)
    meet_after(monkeypatch, permits, "demand_cancellable", runners=2)
    for number in range(5):
        assert two_cancellations(track, mentor, tom, number, now) == ({"won": 2}, 2)
