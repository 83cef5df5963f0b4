"""Reminders: a day and an hour before, once, wherever the session goes."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.booking import sessions, settlement
from openmentor.booking.models import Session
from openmentor.delivery import preferences
from openmentor.delivery.models import Message
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.telling import kinds, send, tell

THURSDAY = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)


@pytest.fixture
def session(maya: Mentor, tom: Person, now: datetime) -> Session:
    booked = make.booked(maya, tom, starts_at=THURSDAY, now=now)
    tell(now)
    return booked


def test_both_sides_are_reminded_a_day_and_an_hour_before(
    session: Session, tom: Person, maya: Mentor
) -> None:
    for before, kind in ((DAY, "reminder_24h"), (HOUR, "reminder_1h")):
        assert send(THURSDAY - before - timedelta(seconds=1)) == []
        sent = send(THURSDAY - before)
        assert (kinds(sent, tom), kinds(sent, maya.person)) == ([kind], [kind])
        assert send(THURSDAY - before + timedelta(minutes=1)) == []


def test_a_reminder_says_how_soon(session: Session, tom: Person) -> None:
    send(THURSDAY - DAY)
    [_, to_tom] = sorted(send(THURSDAY - HOUR), key=lambda sent: sent.person_id == tom.pk)
    assert "Introduction with Maya Rao begins in 60 minutes." in to_tom.text


def test_a_booking_within_a_day_is_reminded_of_the_hour_only(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    """FAILURES F43: both came at the moment of booking."""
    make.booked(maya, tom, starts_at=now.replace(day=3, hour=4, minute=30), now=now)
    sent = tell(now)
    assert kinds(sent, tom) == ["booked"]
    rows = Message.objects.filter(person=tom, starts_at__isnull=False)
    assert [row.kind for row in rows] == ["reminder_1h"]


def test_reminders_follow_a_session_that_moves(session: Session, tom: Person) -> None:
    send(THURSDAY - DAY)
    later = THURSDAY + timedelta(days=1)
    at = THURSDAY - timedelta(hours=23)
    sessions.reschedule(session.reference, by=tom, starts_at=later, now=at)
    assert kinds(tell(at), tom) == ["moved"]
    assert send(THURSDAY - HOUR) == []
    assert kinds(send(later - DAY), tom) == ["reminder_24h"]
    assert kinds(send(later - HOUR), tom) == ["reminder_1h"]


def test_there_and_back_again_reminds_once(session: Session, tom: Person, now: datetime) -> None:
    for starts_at in (THURSDAY + HOUR, THURSDAY):
        sessions.reschedule(session.reference, by=tom, starts_at=starts_at, now=now)
        tell(now)
    assert kinds(send(THURSDAY - DAY), tom) == ["reminder_24h"]
    assert kinds(send(THURSDAY - HOUR), tom) == ["reminder_1h"]


def test_a_cancelled_session_is_silent(session: Session, tom: Person, now: datetime) -> None:
    sessions.cancel(session.reference, by=tom, now=now)
    tell(now)
    assert send(THURSDAY - DAY) == send(THURSDAY - HOUR) == []


def test_a_cancellation_nobody_heard_of_yet_is_silent_too(session: Session, tom: Person) -> None:
    """FAILURES F50: whether it is still right is judged when it is sent."""
    at = THURSDAY - DAY
    sessions.cancel(session.reference, by=tom, now=at)
    assert send(at) == []
    states = Message.objects.filter(kind="reminder_24h").values_list("state", flat=True)
    assert set(states) == {"dropped"}


def test_a_move_nobody_heard_of_yet_is_silent_too(session: Session, tom: Person) -> None:
    at = THURSDAY - DAY
    sessions.reschedule(session.reference, by=tom, starts_at=THURSDAY + HOUR, now=at)
    assert send(at) == []


def test_who_has_not_paid_is_not_reminded(maya: Mentor, tom: Person, now: datetime) -> None:
    make.held(maya, tom, starts_at=THURSDAY, now=now)
    tell(now)
    assert Message.objects.count() == 0
    settlement.expire_due(now=now + HOUR)


@pytest.mark.parametrize(
    ("down_until", "expected"),
    [
        (THURSDAY - DAY + 3 * HOUR, ["reminder_24h"]),
        (THURSDAY - timedelta(minutes=30), ["reminder_1h"]),
        (THURSDAY - HOUR, ["reminder_1h"]),
        (THURSDAY, []),
        (THURSDAY + 3 * HOUR, []),
    ],
)
def test_after_an_outage_what_is_still_useful_goes_out_once(
    session: Session, tom: Person, down_until: datetime, expected: list[str]
) -> None:
    assert kinds(tell(down_until), tom) == expected
    assert tell(down_until + timedelta(minutes=1)) == []


def test_a_reminder_can_be_muted(session: Session, tom: Person) -> None:
    preferences.choose(tom, ["requests", "groups", "packs"])
    assert kinds(send(THURSDAY - DAY), tom) == []
