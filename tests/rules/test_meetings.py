"""Where a session is met: a room for each, seen by those who take part, open when it is time."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from openmentor.base.errors import Invalid, NotAllowed, NotPossible
from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.delivery import meetings
from openmentor.delivery.models import Meeting
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.telling import kinds, tell

THURSDAY = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)


@pytest.fixture
def session(maya: Mentor, tom: Person, now: datetime) -> Session:
    booked = make.booked(maya, tom, starts_at=THURSDAY, now=now)
    tell(now)
    return booked


def met(session: Session, reader: Person) -> str | None:
    """Where the reader meets the others, once a worker has been there."""
    return meetings.address(sessions.find(session.reference, for_=reader), reader=reader)


def test_a_job_makes_the_room(session: Session, tom: Person, now: datetime) -> None:
    jobs = ProcrastinateJob.objects.filter(task_name=meetings.TASK)
    assert [job.args for job in jobs] == [{"session_id": session.pk}]
    assert met(session, tom) is None
    meetings.make(session.pk, now=now)
    link = met(session, tom)
    assert link is not None
    assert urlsplit(link).hostname == "meet.jit.si"
    assert len(urlsplit(link).path) == 1 + 40


def test_no_two_sessions_share_a_room(maya: Mentor, tom: Person, now: datetime) -> None:
    for hour in range(3):
        booked = make.booked(maya, tom, starts_at=THURSDAY + timedelta(hours=hour), now=now)
        tell(now)
        meetings.make(booked.pk, now=now)
    assert Meeting.objects.values("address").distinct().count() == 3


def test_only_those_who_take_part_see_the_room(
    session: Session, tom: Person, maya: Mentor, staff: Person, now: datetime
) -> None:
    meetings.make(session.pk, now=now)
    assert met(session, tom) == met(session, maya.person)
    assert met(session, staff) is None


def test_who_has_not_paid_sees_no_room(maya: Mentor, tom: Person, now: datetime) -> None:
    held = make.held(maya, tom, starts_at=THURSDAY, now=now).session
    Meeting.objects.create(
        session=held, place="jitsi", state="made", address="https://x.example/1", try_at=now
    )
    assert met(held, tom) is None


def test_a_cancelled_session_has_no_room(session: Session, tom: Person, now: datetime) -> None:
    meetings.make(session.pk, now=now)
    sessions.cancel(session.reference, by=tom, now=now)
    assert met(session, tom) is None


def test_the_room_stays_when_the_session_moves(
    session: Session, tom: Person, now: datetime
) -> None:
    meetings.make(session.pk, now=now)
    before = met(session, tom)
    sessions.reschedule(session.reference, by=tom, starts_at=THURSDAY + timedelta(hours=1), now=now)
    tell(now)
    meetings.make_due(now=now)
    meeting = Meeting.objects.get()
    assert (met(session, tom), meeting.state) == (before, "made")
    assert meeting.known_until == THURSDAY + timedelta(hours=1, minutes=30)


@pytest.mark.parametrize(
    ("minutes", "opens"), [(-16, False), (-15, True), (0, True), (29, True), (30, False)]
)
def test_the_door_is_open_from_a_quarter_before_until_the_end(
    session: Session, tom: Person, now: datetime, minutes: int, opens: bool
) -> None:
    meetings.make(session.pk, now=now)
    found = sessions.find(session.reference, for_=tom)
    at = THURSDAY + timedelta(minutes=minutes)
    if opens:
        assert meetings.joining(found, reader=tom, now=at) == met(session, tom)
    else:
        with pytest.raises(NotPossible):
            meetings.joining(found, reader=tom, now=at)


def test_without_a_room_the_door_says_that_it_follows(session: Session, tom: Person) -> None:
    found = sessions.find(session.reference, for_=tom)
    with pytest.raises(NotPossible) as refusal:
        meetings.joining(found, reader=tom, now=THURSDAY)
    assert "The link follows" in refusal.value.detail


def test_a_host_that_asks_for_tokens_gets_one_for_each(
    session: Session, tom: Person, maya: Mentor, now: datetime, settings: Settings
) -> None:
    settings.JITSI = {
        "host": "Meet.example.com",
        "app_id": "openmentor",
        "secret": "s" * 32,
        "audience": "jitsi",
        "subject": "",
    }
    meetings.make(session.pk, now=now)
    claims = {}
    for reader in (tom, maya.person):
        link = urlsplit(met(session, reader) or "")
        [token] = parse_qs(link.query)["jwt"]
        read = jwt.decode(
            token,
            "s" * 32,
            ["HS256"],
            audience="jitsi",
            options={"verify_nbf": False, "verify_exp": False},
        )
        assert read["room"] == link.path.strip("/")
        assert (read["iss"], read["sub"]) == ("openmentor", "meet.example.com")
        assert read["nbf"] == (THURSDAY - timedelta(minutes=15)).timestamp()
        assert read["exp"] == (THURSDAY + timedelta(minutes=60)).timestamp()
        claims[reader.pk] = read["context"]["user"]
    assert claims == {
        tom.pk: {"id": tom.reference, "name": tom.name},
        maya.person.pk: {
            "id": maya.person.reference,
            "name": "Maya Rao",
            "moderator": "true",
        },
    }


def test_a_link_of_ones_own_and_a_phone_number_need_nobody(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    meetings.choose(maya.person, place="link", link="https://meet.example/maya", now=now)
    booked = make.booked(maya, tom, starts_at=THURSDAY, now=now)
    tell(now)
    meetings.make(booked.pk, now=now)
    assert met(booked, tom) == "https://meet.example/maya"
    meetings.choose(maya.person, place="phone", phone="+91 80 1234 5678", now=now)
    other = make.booked(maya, tom, starts_at=THURSDAY + timedelta(hours=1), now=now)
    tell(now)
    meetings.make(other.pk, now=now)
    assert (met(other, tom), met(booked, tom)) == ("+91 80 1234 5678", "https://meet.example/maya")


@pytest.mark.parametrize(
    "choice",
    [
        {"place": "zoom"},
        {"place": "link", "link": "http://meet.example/maya"},
        {"place": "link", "link": "javascript:alert(1)"},
        {"place": "link"},
        {"place": "phone", "phone": "1"},
    ],
)
def test_what_nobody_can_join_is_refused(
    maya: Mentor, now: datetime, choice: dict[str, str]
) -> None:
    with pytest.raises(Invalid):
        meetings.choose(maya.person, now=now, **choice)


def test_only_mentors_choose(tom: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        meetings.choose(tom, place="jitsi", now=now)


def test_the_mentor_is_told_once_when_no_room_can_be_made(
    session: Session, tom: Person, maya: Mentor, now: datetime, settings: Settings
) -> None:
    """Zoom was chosen, and is not set up any more."""
    Meeting.objects.filter(session=session).update(place="zoom")
    told = []
    for minutes in range(0, 200, 2):
        later = now + timedelta(minutes=minutes)
        meetings.make_due(now=later)
        told += kinds(tell(later), maya.person)
    assert told == ["link_failed"]
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.trouble) == ("wanted", "Zoom is not set up here any more.")
