"""The calendar files of random lives of a session: two parsers, one UID, numbers that grow."""

import os
import random
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import vobject
from django.core import mail
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from icalendar import Calendar

from openmentor.base.errors import Refusal
from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.telling import tell

LIVES = 1000 if os.environ.get("OPENMENTOR_ALL") else 25
DEEDS = ("move", "move", "move", "tell", "tell", "cancel")


class Lives(TestCase):
    """Lives of a session between one mentor and one mentee."""

    def setUp(self) -> None:
        self.mentor = make.mentor("Maya Rao", timezone="Asia/Kolkata", hours=make.ALWAYS)
        self.mentee = make.person("Tom, \\ Baker; Jr", timezone="Europe/London")

    @settings(max_examples=LIVES)
    @given(st.integers(0, 2**32), st.lists(st.sampled_from(DEEDS), max_size=8))
    def test_every_calendar_ends_with_the_truth(self, seed: int, deeds: list[str]) -> None:
        mail.outbox.clear()
        session = lived(self.mentor, self.mentee, deeds, seed=seed)
        session.refresh_from_db()
        for reader in (self.mentee, self.mentor.person):
            judge(session, reader)


def lived(mentor: Mentor, mentee: Person, deeds: list[str], *, seed: int) -> Session:
    """A session after all this, and everybody told of it."""
    chance = random.Random(seed)
    session = make.booked(mentor, mentee, starts_at=NOW + timedelta(days=3), now=NOW)
    for number, deed in enumerate(deeds):
        now = NOW + timedelta(minutes=number + 1)
        if deed == "tell":
            tell(now)
        else:
            _try(session, deed, by=chance.choice([mentor.person, mentee]), chance=chance, now=now)
    tell(NOW + timedelta(hours=1))
    return session


def _try(session: Session, deed: str, *, by: Person, chance: random.Random, now: datetime) -> None:
    try:
        if deed == "cancel":
            sessions.cancel(session.reference, by=by, reason="Sorry; a, b\nc", now=now)
        else:
            start = NOW + timedelta(days=2, minutes=30 * chance.randrange(96))
            sessions.reschedule(session.reference, by=by, starts_at=start, now=now)
    except Refusal:
        return


def judge(session: Session, reader: Person) -> None:
    """Hold what this reader's calendar was sent against the law and the end."""
    files = [found for each in mail.outbox if each.to == [reader.email] for found in read(each)]
    sequences = [event["SEQUENCE"] for _, event in files]
    assert sequences == sorted(set(sequences))
    assert {str(event["UID"]) for _, event in files} <= {f"{session.reference}@openmentor"}
    for method, event in files:
        assert [str(each) for each in event.attendees] == [f"mailto:{reader.email}"]
        assert (str(event["STATUS"]) == "CANCELLED") == (method == "CANCEL")
    if session.status == Session.Status.SCHEDULED:
        method, event = files[-1]
        assert (method, event.start, event.end) == ("REQUEST", session.starts_at, session.ends_at)
    elif files:
        assert [method for method, _ in files][-1] == "CANCEL"
        assert str(files[-1][1]["ORGANIZER"]) == str(files[0][1]["ORGANIZER"])


def read(message: Any) -> list[tuple[str, Any]]:
    """The method and the event of a mail's calendar file, which two parsers read alike."""
    made = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    parts = [part for part in made.walk() if part.get_content_type() == "text/calendar"]
    found = []
    for part in parts:
        text = part.get_content()
        calendar = Calendar.from_ical(text)
        [event] = calendar.events
        other = vobject.readOne(text)
        assert part.get_param("method") == str(calendar["METHOD"]) == other.method.value
        assert other.vevent.uid.value == str(event["UID"])
        assert int(other.vevent.sequence.value) == event["SEQUENCE"]
        assert other.vevent.dtstart.value == event.start
        found.append((str(calendar["METHOD"]), event))
    return found
