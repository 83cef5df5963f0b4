"""A session as calendars read it: one UID for life, UTC, and nobody else's address."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import vobject
from icalendar import Calendar, Event
from pytest_django.fixtures import Settings

from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.delivery import invites
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""


@pytest.fixture
def session(maya: Mentor, tom: Person, now: datetime) -> Session:
    booked = make.booked(maya, tom, starts_at=TUESDAY_AT_TEN, now=now)
    return sessions.find(booked.reference, for_=tom)


def read(file: bytes) -> tuple[str, Event]:
    """The method and the event of a file that must have exactly one."""
    calendar = Calendar.from_ical(file)
    (event,) = calendar.events
    return str(calendar["METHOD"]), event


def test_a_published_file_says_what_when_and_where_to_look(
    session: Session, tom: Person, now: datetime, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://mentors.example"
    settings.DEFAULT_FROM_EMAIL = "OpenMentor <hello@mentors.example>"

    method, event = read(invites.published(session, reader=tom, now=now))

    assert method == "PUBLISH"
    assert {
        "uid": str(event["UID"]),
        "sequence": event["SEQUENCE"],
        "start": event.start,
        "end": event.end,
        "stamp": event.stamp,
        "summary": str(event["SUMMARY"]),
        "url": str(event["URL"]),
        "status": str(event["STATUS"]),
        "organizer": str(event["ORGANIZER"]),
    } == {
        "uid": f"{session.reference}@openmentor",
        "sequence": 0,
        "start": TUESDAY_AT_TEN,
        "end": TUESDAY_AT_TEN + timedelta(minutes=30),
        "stamp": now,
        "summary": "Introduction with Maya Rao",
        "url": f"https://mentors.example/sessions/{session.reference}",
        "status": "CONFIRMED",
        "organizer": "mailto:hello@mentors.example",
    }
    assert f"https://mentors.example/sessions/{session.reference}" in str(event["DESCRIPTION"])


def test_times_are_written_in_utc(session: Session, tom: Person, now: datetime) -> None:
    lines = invites.published(session, reader=tom, now=now).decode().split("\r\n")
    times = [line for line in lines if line.startswith(("DTSTART", "DTEND"))]
    assert times == ["DTSTART:20260303T043000Z", "DTEND:20260303T050000Z"]


def test_another_parser_reads_the_same(session: Session, tom: Person, now: datetime) -> None:
    event = vobject.readOne(invites.published(session, reader=tom, now=now).decode()).vevent
    assert (event.uid.value, event.dtstart.value) == (
        f"{session.reference}@openmentor",
        TUESDAY_AT_TEN,
    )


def test_a_moved_session_keeps_its_uid_and_counts_up(
    session: Session, tom: Person, now: datetime
) -> None:
    _, before = read(invites.published(session, reader=tom, now=now))
    later = TUESDAY_AT_TEN + timedelta(days=1)
    sessions.reschedule(session.reference, by=tom, starts_at=later, now=now)
    moved = sessions.find(session.reference, for_=tom)
    _, after = read(invites.published(moved, reader=tom, now=now))
    assert (after["UID"], after["SEQUENCE"], after.start) == (before["UID"], 1, later)


def test_a_cancelled_session_says_so(session: Session, tom: Person, now: datetime) -> None:
    sessions.cancel(session.reference, by=tom, now=now)
    gone = sessions.find(session.reference, for_=tom)
    _, published = read(invites.published(gone, reader=tom, now=now))
    method, sent = read(invites.invitation(gone, reader=tom, now=now))
    assert (str(published["STATUS"]), str(sent["STATUS"]), method) == (
        "CANCELLED",
        "CANCELLED",
        "CANCEL",
    )
    assert sent["SEQUENCE"] == 1


def test_an_invitation_invites_the_reader_only(
    session: Session, tom: Person, maya: Mentor, now: datetime
) -> None:
    for reader in (tom, maya.person):
        method, event = read(invites.invitation(session, reader=reader, now=now))
        assert method == "REQUEST"
        assert [str(attendee) for attendee in event.attendees] == [f"mailto:{reader.email}"]


def test_what_is_published_asks_nobody_for_an_answer(
    session: Session, tom: Person, now: datetime
) -> None:
    _, event = read(invites.published(session, reader=tom, now=now))
    assert event.attendees == []


def test_nobody_elses_address_is_in_a_file(
    session: Session, tom: Person, maya: Mentor, now: datetime
) -> None:
    for make_file in (invites.published, invites.invitation):
        assert maya.person.email.encode() not in make_file(session, reader=tom, now=now)
        assert tom.email.encode() not in make_file(session, reader=maya.person, now=now)


def test_each_side_reads_the_others_name(session: Session, tom: Person, maya: Mentor) -> None:
    titles = [invites.title(session, reader=reader) for reader in (tom, maya.person)]
    assert titles == ["Introduction with Maya Rao", f"Introduction with {tom.name}"]


def test_a_group_is_not_named(maya: Mentor, tom: Person) -> None:
    group = make.session(
        maya,
        tom,
        starts_at=TUESDAY_AT_TEN,
        mode=Session.Mode.GROUP,
        origin=Session.Origin.GROUP,
        status=Session.Status.OPEN,
        capacity=5,
    )
    assert invites.title(group, reader=maya.person) == "Introduction with your group"


def test_commas_and_lines_in_a_title_do_not_break_the_file(
    session: Session, tom: Person, now: datetime
) -> None:
    session.title = "Hello; a, b\nBEGIN:VALARM"
    _, event = read(invites.published(session, reader=tom, now=now))
    assert str(event["SUMMARY"]) == "Hello; a, b\nBEGIN:VALARM with Maya Rao"
    assert event.subcomponents == []


def test_links_carry_the_session_to_calendars_on_the_web(session: Session, tom: Person) -> None:
    google, outlook = invites.links(session, reader=tom)
    assert (google.calendar, urlsplit(google.url).hostname) == ("Google", "calendar.google.com")
    assert (outlook.calendar, urlsplit(outlook.url).hostname) == ("Outlook", "outlook.live.com")
    dates = parse_qs(urlsplit(google.url).query)["dates"]
    assert dates == ["20260303T043000Z/20260303T050000Z"]
    asked = parse_qs(urlsplit(outlook.url).query)
    assert (asked["startdt"], asked["enddt"], asked["subject"]) == (
        ["2026-03-03T04:30:00Z"],
        ["2026-03-03T05:00:00Z"],
        ["Introduction with Maya Rao"],
    )
