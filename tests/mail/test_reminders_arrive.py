"""Many sessions live through fake weeks while the workers that remind of them are killed.

60 sessions; with OPENMENTOR_ALL 20,000. Twice, nobody works for three hours. No reminder is
missing, none comes twice, none after the start, none for a session that was moved or called off. A
worker that dies between the sink's yes and its own commit sends the same mail, with the same
Message-ID, once more: that is counted apart.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from openmentor.base.errors import Refusal
from openmentor.base.models import Event
from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.delivery.kinds import REMINDERS
from openmentor.delivery.models import Message
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.mail.crew import Crew, crew

SESSIONS = 20_000 if os.environ.get("OPENMENTOR_ALL") else 60
DAYS = 10 if SESSIONS > 1000 else 3
STEP = timedelta(minutes=30)
OUTAGES = (DAYS * 48 // 2, DAYS * 48 * 3 // 4)
OUTAGE = 6
"""Steps at which everybody goes home, and for how many."""
PATIENCE = 120.0


@dataclass
class Life:
    """What became of one session: its start from each moment on, None when it is off."""

    session: Session
    people: tuple[int, int]
    mentee: Person
    turns: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    def at(self, moment: datetime) -> set[datetime | None]:
        """Its start at a moment; two answers where it changed at that very moment."""
        before = [start for since, start in self.turns if since < moment][-1:]
        return {*before, *(start for since, start in self.turns if since == moment)}

    def wanted(self) -> set[tuple[str, datetime]]:
        """The reminders that must come: known before they are due, and useful when somebody works.

        A change that was made in an outage is heard at its end only.
        """
        due = set()
        ends = [since for since, _ in self.turns[1:]] + [datetime.max.replace(tzinfo=NOW.tzinfo)]
        for (since, start), until in zip(self.turns, ends, strict=True):
            for kind, (before, useless) in REMINDERS.items():
                if start is None:
                    continue
                due_at, heard_at = start - before, at_work(since)
                sent_at = at_work(due_at)
                if heard_at < due_at and sent_at < min(until, start - useless):
                    due.add((kind, start))
        return due


def is_out(number: int) -> bool:
    """Whether nobody works at this step."""
    return any(0 <= number - start < OUTAGE for start in OUTAGES)


def at_work(moment: datetime) -> datetime:
    """The moment, or the end of the outage that it falls into."""
    number = (moment - NOW) // STEP
    while is_out(number):
        number += 1
    return max(moment, NOW + number * STEP)


class Weeks:
    """Fake weeks with a seed."""

    def __init__(self, mentors: list[Mentor], mentees: list[Person], *, seed: int) -> None:
        self.random = random.Random(seed)
        self.mentors, self.mentees = mentors, mentees
        self.lives: list[Life] = []

    def book(self, now: datetime) -> None:
        """Somebody books somebody, at a time that is free."""
        mentor, mentee = self.random.choice(self.mentors), self.random.choice(self.mentees)
        starts_at = self._start(now)
        booked = self._tried(lambda: make.booked(mentor, mentee, starts_at=starts_at, now=now))
        if booked:
            people = (mentee.pk, mentor.person_id)
            self.lives.append(Life(booked, people, mentee, [(now, starts_at)]))

    def change(self, now: datetime) -> None:
        """Somebody moves or cancels a session."""
        life = self.random.choice(self.lives)
        reference, mentee = life.session.reference, life.mentee
        if self.random.random() < 0.4:
            done = self._tried(lambda: sessions.cancel(reference, by=mentee, now=now))
            start = None
        else:
            start = self._start(now)
            done = self._tried(
                lambda: sessions.reschedule(reference, by=mentee, starts_at=start, now=now)
            )
        if done:
            life.turns.append((now, start))

    def _start(self, now: datetime) -> datetime:
        tomorrow = now.replace(hour=0, minute=0) + timedelta(days=1)
        return tomorrow + self.random.randrange(DAYS * 48 // 2) * STEP

    def _tried(self, verb: Callable[[], Session]) -> Session | None:
        try:
            return verb()
        except Refusal:
            return None


@pytest.mark.django_db(transaction=True)
def test_no_reminder_is_missing_doubled_late_or_wrong(tmp_path: Path) -> None:
    many = max(6, SESSIONS // 60)
    mentors = [make.mentor(hours=make.ALWAYS) for _ in range(many)]
    weeks = Weeks(mentors, [make.person() for _ in range(2 * many)], seed=7)
    with crew(tmp_path, seed=7) as workers:
        live(weeks, workers)
        judge(weeks, workers)


def live(weeks: Weeks, workers: Crew) -> None:
    """Half of the time people book and change; then the rest takes place."""
    steps = DAYS * 48
    per_step = SESSIONS / (steps / 3)
    for number in range(steps):
        now = NOW + number * STEP
        workers.tell_time(now)
        while len(weeks.lives) < min(SESSIONS, per_step * (number + 1)):
            weeks.book(now)
        if weeks.random.random() < min(0.8, SESSIONS / 400):
            weeks.change(now)
        if number in OUTAGES:
            workers.go_home()
        if number - OUTAGE in OUTAGES:
            workers.come_back()
        if not is_out(number):
            if weeks.random.random() < 0.03:
                workers.kill_one()
            work_through(now, workers)


def work_through(now: datetime, workers: Crew) -> None:
    """Until everything is done that is due before the next step, second tries included."""
    moment = now
    while moment < now + STEP:
        workers.tell_time(moment)
        wait_until_quiet(moment)
        again = Message.objects.filter(state="queued", tries__gt=0).order_by("try_at").first()
        if again is None:
            return
        moment = again.try_at


def wait_until_quiet(now: datetime) -> None:
    """Until everything is heard and everything due is sent, dropped or put off."""
    deadline = time.monotonic() + PATIENCE
    queued = Message.objects.filter(state="queued", try_at__lte=now)
    while Event.objects.filter(heard=False).exists() or queued.exists():
        assert time.monotonic() < deadline, "the workers do not come to an end"
        time.sleep(0.01)


def judge(weeks: Weeks, workers: Crew) -> None:
    """Hold what the sink took against what became of the sessions."""
    end = datetime.fromisoformat(workers.clock.read_text())
    by_id = {f"<{row.reference.lower()}@localhost>": row for row in Message.objects.all()}
    lives = {life.session.pk: life for life in weeks.lives}
    came: Counter[tuple[int, str, datetime, int]] = Counter()
    window = 0
    seen: set[str] = set()
    for line in workers.taken():
        row, at = by_id[line["id"]], datetime.fromisoformat(line["at"])
        if line["id"] in seen:
            window += 1
            continue
        seen.add(line["id"])
        if row.starts_at is None:
            continue
        assert row.session_id is not None
        assert at < row.starts_at
        assert row.starts_at in lives[row.session_id].at(at)
        came[(row.session_id, row.kind, row.starts_at, row.person_id)] += 1
    assert set(came.values()) == {1}
    wanted = {
        (key, kind, start, person)
        for key, life in lives.items()
        for kind, start in life.wanted()
        for person in life.people
        if at_work(start - REMINDERS[kind][0]) < end
    }
    assert wanted - set(came) == set()
    assert len(wanted) > SESSIONS // 2
    assert window <= workers.kills
    assert workers.kills > 0
