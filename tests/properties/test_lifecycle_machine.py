"""Two mentors, two mentees and a clock that only moves on: whatever they do in whatever order,
every answer is the one that a few lines of plain Python foretell, and the laws hold all the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from openmentor.base.errors import Refusal
from openmentor.base.models import Event
from openmentor.booking import sessions
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

QUARTER = timedelta(minutes=15)
LENGTH = timedelta(minutes=30)
BEGINNING = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
"""A few hours before Europe's clocks go forward; nobody here may notice."""
PLACES = {
    ("scheduled", ""): "confirmed",
    ("completed", ""): "attended",
    ("cancelled", ""): "cancelled",
    ("no_show", "mentee"): "no_show",
    ("no_show", "mentor"): "attended",
}
"""What a place is while its session is that, with that side absent."""

LIMITS = [
    timedelta(hours=-2),
    timedelta(),
    timedelta(minutes=10),
    2 * LENGTH,
    LENGTH + timedelta(hours=72),
]
"""Seen from its start: too late to move, started, someone is late, completes itself, final."""


verbs = st.sampled_from(["book", "reschedule", "cancel", "complete", "miss", "wait for the job"])
pair = st.integers(0, 1)
people = st.sampled_from(["mentor", "mentee"])
numbers = st.integers(0, 99)
quarters = st.integers(-2, 40)


@dataclass
class Remembered:
    """A session as it must be."""

    mentor: int
    mentee: int
    starts_at: datetime
    status: str = "scheduled"
    absent: str = ""
    moves: int = 0
    by_itself: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + LENGTH

    def overlaps(self, starts_at: datetime, gap: timedelta = timedelta()) -> bool:
        """Whether it takes time within `gap` of a session that starts then."""
        apart = abs(self.starts_at - starts_at)
        return self.status == "scheduled" and apart < LENGTH + gap


class Life(RuleBasedStateMachine):
    """Books, moves, cancels, completes and misses sessions, and compares with what must come."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = BEGINNING
        self.known: dict[str, Remembered] = {}
        self.mentors: list[Mentor] = []
        self.mentees: list[Person] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def arrive(self) -> None:
        """The first mentor keeps a quarter of an hour free after each session."""
        always: dict[str, Any] = {"hours": make.ALWAYS, "min_notice_minutes": 0, "step_minutes": 15}
        self.gaps = [QUARTER, timedelta()]
        self.mentors = [
            make.mentor(timezone="Europe/London", buffer_after=15, **always),
            make.mentor(timezone="Pacific/Chatham", **always),
        ]
        self.mentees = [make.person(), make.person()]

    @precondition(lambda self: self.known)
    @rule(number=numbers, limit=st.sampled_from(LIMITS), off=st.integers(-1, 1))
    def a_limit_comes(self, number: int, limit: timedelta, off: int) -> None:
        """A moment at which the rules of a session change, or the second before or after it."""
        _, known = self._choose(number)
        self.now = max(self.now, known.starts_at + limit + timedelta(seconds=off))

    @rule(mentor=pair, mentee=pair, ahead=quarters, number=numbers, who=people, verb=verbs)
    def somebody_acts(
        self, *, mentor: int, mentee: int, ahead: int, number: int, who: str, verb: str
    ) -> None:
        """One rule for all verbs: of many rules hypothesis would leave half out of each run."""
        if verb == "book" or not self.known:
            self.book(mentor, mentee, ahead)
        elif verb == "reschedule":
            self.reschedule(number, who, ahead)
        elif verb == "wait for the job":
            self.the_job_runs()
        else:
            getattr(self, verb)(number, who)

    def book(self, mentor: int, mentee: int, ahead: int) -> None:
        starts_at = self._quarter(ahead)
        expected = self._answer(starts_at, mentor=mentor, mentee=mentee)
        session = self._expect(
            expected,
            make.booked,
            self.mentors[mentor],
            self.mentees[mentee],
            starts_at=starts_at,
            now=self.now,
        )
        if session is not None:
            self.known[session.reference] = Remembered(mentor, mentee, starts_at)

    def reschedule(self, number: int, who: str, ahead: int) -> None:
        reference, known = self._choose(number)
        starts_at = self._quarter(ahead)
        if known.status != "scheduled":
            expected = "not_possible"
        elif self.now > known.starts_at - timedelta(hours=2):
            expected = "too_late"
        elif known.moves == 3:
            expected = "not_possible"
        else:
            expected = self._answer(
                starts_at, mentor=known.mentor, mentee=known.mentee, besides=known
            )
        by = self._person(known, who)
        moved = self._expect(
            expected, sessions.reschedule, reference, by=by, starts_at=starts_at, now=self.now
        )
        if moved is not None:
            known.starts_at = starts_at
            known.moves += 1

    def cancel(self, number: int, who: str) -> None:
        reference, known = self._choose(number)
        expected = ""
        if known.status != "scheduled":
            expected = "not_possible"
        elif self.now >= known.starts_at:
            expected = "too_late"
        by = self._person(known, who)
        if self._expect(expected, sessions.cancel, reference, by=by, now=self.now):
            known.status = "cancelled"

    def complete(self, number: int, who: str) -> None:
        reference, known = self._choose(number)
        expected = ""
        if who == "mentee":
            expected = "not_allowed"
        elif known.status != "scheduled" or self.now < known.starts_at:
            expected = "not_possible"
        by = self._person(known, who)
        if self._expect(expected, sessions.complete, reference, by=by, now=self.now):
            known.status = "completed"

    def miss(self, number: int, who: str) -> None:
        reference, known = self._choose(number)
        open_still = known.status == "scheduled" or (
            known.status == "completed" and known.by_itself
        )
        expected = ""
        if not open_still or self.now < known.starts_at + timedelta(minutes=10):
            expected = "not_possible"
        elif self.now > known.ends_at + timedelta(hours=72):
            expected = "too_late"
        by = self._person(known, who)
        if self._expect(expected, sessions.mark_no_show, reference, by=by, now=self.now):
            known.status = "no_show"
            known.absent = "mentee" if who == "mentor" else "mentor"

    def the_job_runs(self) -> None:
        overdue = [
            known
            for known in self.known.values()
            if known.status == "scheduled" and known.ends_at + LENGTH <= self.now
        ]
        assert sessions.complete_overdue(now=self.now) == len(overdue)
        for known in overdue:
            known.status, known.by_itself = "completed", True

    @invariant()
    def the_rows_are_as_foretold(self) -> None:
        rows = Session.objects.values_list("reference", "status", "starts_at", "reschedules")
        assert {reference: tuple(facts) for reference, *facts in rows} == {
            reference: (known.status, known.starts_at, known.moves)
            for reference, known in self.known.items()
        }

    @invariant()
    def places_follow_their_sessions(self) -> None:
        rows = Booking.objects.values_list("session__reference", "status", "starts_at")
        assert {reference: tuple(facts) for reference, *facts in rows} == {
            reference: (PLACES[known.status, known.absent], known.starts_at)
            for reference, known in self.known.items()
        }

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        for one, other in combinations(self.known.values(), 2):
            if "scheduled" == one.status == other.status:
                if one.mentor == other.mentor:
                    assert not one.overlaps(other.starts_at, self.gaps[one.mentor])
                if one.mentee == other.mentee:
                    assert not one.overlaps(other.starts_at)

    @invariant()
    def the_events_tell_the_whole_story(self) -> None:
        for lifecycle, rows in ((SESSION, Session.objects.all()), (BOOKING, Booking.objects.all())):
            for row in rows:
                told = Event.objects.filter(subject=lifecycle.subject, subject_id=row.pk)
                moves = [
                    (event.from_state, event.to_state)
                    for event in told
                    if event.from_state != event.to_state
                ]
                states = ["", *(after for _, after in moves)]
                assert [before for before, _ in moves] == states[:-1]
                assert states[-1] == row.status
                assert all(lifecycle.allows(*move) for move in moves[1:])

    def _answer(
        self, starts_at: datetime, *, mentor: int, mentee: int, besides: Remembered | None = None
    ) -> str:
        """The refusal that a session at this time must get; empty if none."""
        others = [known for known in self.known.values() if known is not besides]
        gap = self.gaps[mentor]
        if starts_at < self.now:
            return "too_soon"
        if any(known.overlaps(starts_at, gap) for known in others if known.mentor == mentor):
            return "time_taken"
        if any(known.overlaps(starts_at) for known in others if known.mentee == mentee):
            return "you_are_busy"
        return ""

    def _expect(
        self, expected: str, verb: Callable[..., Session], *given: Any, **facts: Any
    ) -> Session | None:
        """What the verb gives, or None where it refuses as it should."""
        if not expected:
            return verb(*given, **facts)
        with pytest.raises(Refusal) as refusal, transaction.atomic():
            verb(*given, **facts)
        assert refusal.value.code == expected
        return None

    def _quarter(self, ahead: int) -> datetime:
        """The quarter of an hour that is so many after the present one."""
        passed = (self.now - BEGINNING) // QUARTER
        return BEGINNING + (passed + ahead) * QUARTER

    def _choose(self, number: int) -> tuple[str, Remembered]:
        known = list(self.known.items())
        return known[number % len(known)]

    def _person(self, known: Remembered, who: str) -> Person:
        return self.mentors[known.mentor].person if who == "mentor" else self.mentees[known.mentee]


@pytest.mark.django_db
def test_whatever_people_do_the_sessions_stay_true() -> None:
    examples = max(10, settings().max_examples // 4)
    run_state_machine_as_test(
        Life, settings=settings(max_examples=examples, stateful_step_count=30)
    )
