"""One mentee books two mentors for the same time, in two tabs: one of the two is booked."""

from datetime import datetime
from functools import partial

import pytest

from openmentor.booking import bookings
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.races.arena import ROUNDS, Call, Track, meet_after, remove_locks, tally, without_law
from tests.races.conftest import slot

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "booking_mentee_is_in_one_place"


def both(
    mentors: tuple[Mentor, Mentor], tom: Person, starts_at: datetime, now: datetime
) -> list[Call]:
    return [partial(make.booked, mentor, tom, starts_at=starts_at, now=now) for mentor in mentors]


@pytest.fixture
def mentors(mentor: Mentor, other_mentor: Mentor) -> tuple[Mentor, Mentor]:
    return mentor, other_mentor


def test_one_is_booked_and_the_other_tells_of_it(
    track: Track, mentors: tuple[Mentor, Mentor], tom: Person, now: datetime
) -> None:
    for number in range(ROUNDS):
        outcomes = track.race(both(mentors, tom, slot(number), now))
        assert tally(outcomes) == {"won": 1, "you_are_busy": 1}
    assert Booking.objects.count() == ROUNDS


def test_without_lock_and_law_the_mentee_is_in_two_places(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentors: tuple[Mentor, Mentor],
    tom: Person,
    now: datetime,
) -> None:
    remove_locks(monkeypatch)
    meet_after(monkeypatch, bookings, "demand_unoccupied", runners=2)
    with without_law(LAW):
        for number in range(5):
            outcomes = track.race(both(mentors, tom, slot(number), now))
            assert tally(outcomes) == {"won": 2}


def test_the_law_alone_lets_one_through(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentors: tuple[Mentor, Mentor],
    tom: Person,
    now: datetime,
) -> None:
    remove_locks(monkeypatch)
    meet_after(monkeypatch, bookings, "demand_unoccupied", runners=2)
    for number in range(5):
        outcomes = track.race(both(mentors, tom, slot(number), now))
        assert tally(outcomes)["won"] == 1


def test_the_lock_alone_lets_one_through(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentors: tuple[Mentor, Mentor],
    tom: Person,
    now: datetime,
) -> None:
    meet_after(monkeypatch, bookings, "demand_unoccupied", runners=2, patience=0.02)
    with without_law(LAW):
        for number in range(5):
            outcomes = track.race(both(mentors, tom, slot(number), now))
            assert tally(outcomes) == {"won": 1, "you_are_busy": 1}
