"""Many mentees want one time of one mentor: one has it, the others are told what else is free."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from openmentor.base.errors import refusing
from openmentor.booking import slots
from openmentor.booking.laws import LAWS
from openmentor.booking.models import Session
from openmentor.booking.refusals import TimeTaken
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.races.arena import (
    CLIENTS,
    ROUNDS,
    Call,
    Track,
    meet_after,
    remove_locks,
    tally,
    without_law,
)
from tests.races.conftest import slot

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "session_mentor_is_in_one_place"
ONE_WINNER = {"won": 1, "time_taken": CLIENTS - 1}


def all_at(starts_at: datetime, mentor: Mentor, mentees: list[Person], now: datetime) -> list[Call]:
    return [
        partial(make.booked, mentor, mentee, starts_at=starts_at, now=now) for mentee in mentees
    ]


def alternatives(outcomes: list[Any]) -> Iterator[list[dict[str, str]]]:
    for outcome in outcomes:
        if not isinstance(outcome, Session):
            yield outcome.data["alternatives"]


def test_one_of_eight_has_the_time_and_seven_get_three_alternatives(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    for number in range(ROUNDS):
        outcomes = track.race(all_at(slot(number), mentor, mentees, now))
        assert tally(outcomes) == ONE_WINNER
        assert [len(offered) for offered in alternatives(outcomes)] == [3] * (CLIENTS - 1)
    assert Session.objects.count() == ROUNDS


def test_without_lock_and_law_the_same_race_double_books(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
) -> None:
    remove_locks(monkeypatch)
    meet_after(monkeypatch, slots, "demand_free", runners=CLIENTS)
    with without_law(LAW):
        for number in range(5):
            outcomes = track.race(all_at(slot(number), mentor, mentees, now))
            assert tally(outcomes) == {"won": CLIENTS}
        assert Session.objects.count() == 5 * CLIENTS


def test_the_law_alone_lets_one_through(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
) -> None:
    """Also where writers deadlock: stepping back from one counts as `time_taken`."""
    remove_locks(monkeypatch)
    meet_after(monkeypatch, slots, "demand_free", runners=CLIENTS)
    for number in range(5):
        outcomes = track.race(all_at(slot(number), mentor, mentees, now))
        assert tally(outcomes) == ONE_WINNER


def test_the_lock_alone_lets_one_through(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
) -> None:
    meet_after(monkeypatch, slots, "demand_free", runners=CLIENTS, patience=0.02)
    with without_law(LAW):
        for number in range(5):
            outcomes = track.race(all_at(slot(number), mentor, mentees, now))
            assert tally(outcomes) == ONE_WINNER


@pytest.mark.parametrize("minutes", range(-35, 40, 5))
def test_of_two_unequal_times_that_overlap_one_is_booked(
    track: Track, mentees: list[Person], now: datetime, minutes: int
) -> None:
    """Half hours that begin every five minutes: 30 apart they only touch, and both are booked."""
    mentor = make.mentor(hours=make.ALWAYS, step_minutes=5)
    apart = timedelta(minutes=minutes)
    for number in range(0, 4 * ROUNDS // 10, 4):
        outcomes = track.race(
            [
                partial(make.booked, mentor, mentees[0], starts_at=slot(number), now=now),
                partial(make.booked, mentor, mentees[1], starts_at=slot(number) + apart, now=now),
            ]
        )
        overlap = abs(minutes) < 30
        assert tally(outcomes) == ({"won": 1, "time_taken": 1} if overlap else {"won": 2})


def test_the_law_finds_every_overlap_of_two_writers_to_the_minute(
    track: Track, mentor: Mentor
) -> None:
    """Five minutes of buffer behind each: rows written side by side, without any check."""
    for number, minutes in enumerate(range(-40, 41)):
        starts_at = slot(4 * number)
        times = (starts_at, starts_at + timedelta(minutes=minutes))
        written = track.race([partial(write, mentor, starts_at=time) for time in times])
        assert sorted(written) == [abs(minutes) >= 35, True]


def write(mentor: Mentor, *, starts_at: datetime) -> bool:
    """Whether the database took the session; who steps back from a deadlock has lost as well."""
    try:
        with refusing(LAWS), transaction.atomic():
            make.session(mentor, None, starts_at=starts_at, after=5)
    except TimeTaken:
        return False
    return True


def test_without_the_law_two_writers_overlap(track: Track, mentor: Mentor) -> None:
    with without_law(LAW):
        assert track.race([partial(write, mentor, starts_at=slot(0))] * 2) == [True, True]
