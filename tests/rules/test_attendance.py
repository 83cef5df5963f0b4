"""Who came, and what the host tells those who come."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base.errors import Refusal
from openmentor.base.models import Event
from openmentor.booking import announcements, attendance, sessions
from openmentor.booking.models import GroupMessage, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
END = START + timedelta(hours=1)


@pytest.fixture
def session(maya: Mentor, tom: Person, lena: Person) -> Session:
    made = make.group(maya, starts_at=START)
    make.booking(made, tom)
    make.booking(made, lena)
    return made


def mark(session: Session, mentee: Person, by: Person, now: datetime, *, came: bool) -> str:
    booking = session.bookings.get(mentee=mentee)
    return attendance.mark(
        session.reference, booking=booking.reference, came=came, by=by, now=now
    ).status


def test_who_came_and_who_did_not_is_marked_and_can_be_put_right(
    session: Session, maya: Mentor, tom: Person, lena: Person
) -> None:
    assert mark(session, tom, maya.person, START, came=False) == "no_show"
    sessions.complete(session.reference, by=maya.person, now=END)
    assert [place.status for place in session.bookings.order_by("pk")] == ["no_show", "attended"]
    assert mark(session, tom, maya.person, END, came=True) == "attended"
    assert mark(session, tom, maya.person, END, came=True) == "attended"
    assert mark(session, lena, maya.person, END + timedelta(hours=72), came=False) == "no_show"
    assert Event.objects.filter(subject="booking").count() == 4


@pytest.mark.parametrize(
    ("who", "at", "code"),
    [
        ("tom", START, "not_allowed"),
        ("zoe", START, "not_allowed"),
        ("maya", START - timedelta(seconds=1), "not_possible"),
        ("maya", END + timedelta(hours=73), "too_late"),
    ],
)
def test_marking_is_refused(
    *, session: Session, maya: Mentor, tom: Person, zoe: Person, who: str, at: datetime, code: str
) -> None:
    by = {"tom": tom, "zoe": zoe, "maya": maya.person}[who]
    with pytest.raises(Refusal) as refusal:
        mark(session, tom, by, at, came=True)
    assert refusal.value.code == code


def test_a_message_reaches_those_who_have_a_place(
    session: Session, maya: Mentor, now: datetime
) -> None:
    announcements.send(session.reference, text=" Bring paper. ", by=maya.person, now=now)
    assert GroupMessage.objects.get().text == "Bring paper."
    event = Event.objects.get(name="session.message_sent")
    assert event.data["readers"] == 2


@pytest.mark.parametrize(
    ("who", "text", "code"),
    [
        ("tom", "Hi", "not_allowed"),
        ("maya", " ", "invalid"),
        ("maya", "x" * 2001, "invalid"),
    ],
)
def test_a_message_is_refused(
    *, session: Session, maya: Mentor, tom: Person, now: datetime, who: str, text: str, code: str
) -> None:
    by = {"tom": tom, "maya": maya.person}[who]
    with pytest.raises(Refusal) as refusal:
        announcements.send(session.reference, text=text, by=by, now=now)
    assert (refusal.value.code, GroupMessage.objects.count()) == (code, 0)


def test_nobody_is_written_to_where_nobody_comes(maya: Mentor, now: datetime) -> None:
    empty = make.group(maya, starts_at=START + timedelta(days=1))
    with pytest.raises(Refusal) as refusal:
        announcements.send(empty.reference, text="Hello", by=maya.person, now=now)
    assert refusal.value.code == "not_possible"
