"""`/sessions/<id>`: who sees what, and what each side can do."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from openmentor.booking import sessions
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import links, words

Queries = Callable[[int], AbstractContextManager[object]]
TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""
WEDNESDAY_AT_TEN = TUESDAY_AT_TEN + timedelta(days=1)
PAGES = ("", "/confirmation", "/cancel", "/reschedule", "/complete", "/no-show", ".ics")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    """Tom meets Maya on Tuesday at ten."""
    return make.booked(maya, tom, starts_at=TUESDAY_AT_TEN, now=NOW)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(session: Session, page: str = "") -> str:
    return f"/sessions/{session.reference}{page}"


# Who sees it


@pytest.mark.parametrize("page", PAGES)
def test_those_who_take_part_and_staff_see_it_and_nobody_else(
    session: Session, tom: Person, maya: Mentor, zoe: Person, page: str
) -> None:
    people = (tom, maya.person, make.person(is_staff=True), zoe)
    seen = [browser(person).get(address(session, page)).status_code for person in people]
    assert seen == [200, 200, 200, 404]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(client: Client, session: Session, page: str) -> None:
    answer = client.get(address(session, page))
    assert answer["Location"] == f"/account/login/?next={address(session, page)}"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_the_other_sides_address(
    session: Session, tom: Person, maya: Mentor, page: str
) -> None:
    for reader, other in ((tom, maya.person), (maya.person, tom)):
        assert other.email not in browser(reader).get(address(session, page)).content.decode()


def test_an_id_is_read_in_any_case(session: Session, tom: Person) -> None:
    assert browser(tom).get(address(session).lower()).status_code == 200


@pytest.mark.parametrize("reference", ["SESSION-00000000", "nonsense", "TYPE-7K3M9QX2", "%00"])
def test_what_is_not_there_is_a_404(tom: Person, reference: str) -> None:
    assert browser(tom).get(f"/sessions/{reference}").status_code == 404


# The page


def test_it_shows_both_clocks_and_what_can_be_done(
    session: Session, tom: Person, maya: Mentor
) -> None:
    page = browser(tom).get(address(session))
    text = words(page)
    for said in (
        "Scheduled",
        "Tuesday 3 March 2026 04:30–05:00 Europe/London (GMT)",
        "10:00–10:30 for Maya in Asia/Kolkata (IST)",
        "30 minutes",
        "FREE",
        session.reference,
        "You booked this session",
    ):
        assert said in text
    assert links(page, "/reschedule") == [address(session, "/reschedule")]
    assert links(page, "/cancel") == [address(session, "/cancel")]
    assert links(page, "/no-show") == []


def test_the_mentor_reads_it_from_the_other_side(session: Session, maya: Mentor) -> None:
    text = words(browser(maya.person).get(address(session)))
    assert "you are the mentor" in text
    assert "Tuesday 3 March 2026 10:00–10:30 Asia/Kolkata (IST)" in text
    assert "04:30–05:00 for Tom in Europe/London (GMT)" in text


def test_the_history_says_who_did_what_and_why(
    session: Session, tom: Person, maya: Mentor, staff: Person
) -> None:
    sessions.reschedule(session.reference, by=maya.person, starts_at=WEDNESDAY_AT_TEN, now=NOW)
    sessions.cancel(session.reference, by=staff, reason="A strike", now=NOW)
    text = words(browser(tom).get(address(session)))
    told = text.partition("What happened")[2]
    assert "You booked this session" in told
    assert (
        "Maya Rao moved it to another time from Tue 3 Mar, 04:30 GMT to Wed 4 Mar, 04:30 GMT"
        in told
    )
    assert "Somebody of the staff cancelled it “A strike”" in told


def test_a_session_that_completed_by_itself_says_so(
    session: Session, tom: Person, clock: time_machine.Traveller
) -> None:
    clock.move_to(TUESDAY_AT_TEN + timedelta(hours=2))
    sessions.complete_overdue(now=TUESDAY_AT_TEN + timedelta(hours=2))
    assert "It completed by itself" in words(browser(tom).get(address(session)))


def test_notes_are_shown_and_made_safe(session: Session, maya: Mentor) -> None:
    session.bookings.update(notes="**Bold** <img src=x onerror=alert(1)>")
    html = browser(maya.person).get(address(session)).content.decode()
    assert "<strong>Bold</strong>" in html
    assert "<img src=x" not in html


# After booking


def test_the_confirmation_says_what_happens_next(session: Session, tom: Person) -> None:
    page = browser(tom).get(address(session, "/confirmation"))
    text = words(page)
    for said in (
        "Your session is booked",
        "Introduction with Maya Rao",
        "Tuesday 3 March 2026 04:30–05:00 Europe/London (GMT)",
        "10:00–10:30 for Maya in Asia/Kolkata (IST)",
        "FREE",
        session.reference,
        "What happens next",
    ):
        assert said in text
    for leads_to in (".ics", "calendar.google.com", "outlook.live.com", "/my-sessions", "/mentors"):
        assert links(page, leads_to)


def test_the_calendar_file_can_be_saved(session: Session, tom: Person) -> None:
    file = browser(tom).get(address(session, ".ics"))
    assert file["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert file["Content-Disposition"] == f'attachment; filename="{session.reference}.ics"'
    (event,) = Calendar.from_ical(file.content).events
    assert event.start == TUESDAY_AT_TEN


# Cancelling


def test_cancelling_asks_first_and_says_what_follows(session: Session, tom: Person) -> None:
    text = words(browser(tom).get(address(session, "/cancel")))
    for said in ("Cancel this session?", "Maya is told", "It was FREE", "Keep it"):
        assert said in text
    session.refresh_from_db()
    assert session.status == "scheduled"


def test_cancelling_leads_back_to_the_session(session: Session, tom: Person) -> None:
    client = browser(tom)
    answer = client.post(address(session, "/cancel"), {"reason": "I am ill"})
    assert (answer.status_code, answer["Location"]) == (303, address(session))
    text = words(client.get(address(session)))
    assert "The session is cancelled." in text
    assert "This session will not take place “I am ill”" in text


def test_cancelling_twice_says_that_it_is_done(session: Session, tom: Person) -> None:
    client = browser(tom)
    client.post(address(session, "/cancel"))
    answer = client.post(address(session, "/cancel"))
    assert answer.status_code == 409
    assert "This session is cancelled already." in words(answer)


def test_a_reason_that_is_too_long_is_kept(session: Session, tom: Person) -> None:
    answer = browser(tom).post(address(session, "/cancel"), {"reason": "x" * 1001})
    assert answer.status_code == 422
    assert "x" * 1001 in answer.content.decode()
    assert 'id="reason_error"' in answer.content.decode()


# Rescheduling


def test_rescheduling_shows_the_free_times_of_the_mentor(session: Session, tom: Person) -> None:
    page = browser(tom).get(address(session, "/reschedule"))
    assert "now on Tuesday 3 March 2026" in words(page)
    # On Tuesday one time of sixteen is the session's own.
    assert "Tuesday 3 March, 15 times" in page.content.decode()
    day = browser(tom).get(address(session, "/reschedule"), {"date": "2026-03-04"})
    assert len(links(day, "time=")) == 16


def test_moving_asks_first_then_moves(session: Session, tom: Person) -> None:
    client, page = browser(tom), address(session, "/reschedule")
    asked = words(client.get(page, {"time": "2026-03-04T04:30:00Z"}))
    assert "The new time Wednesday 4 March 2026 04:30–05:00" in asked
    answer = client.post(page, {"time": "2026-03-04T04:30:00Z"})
    session.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, address(session))
    assert session.starts_at == WEDNESDAY_AT_TEN


def test_a_time_that_is_taken_meanwhile_shows_the_nearest(
    session: Session, tom: Person, lena: Person, maya: Mentor
) -> None:
    make.booked(maya, lena, starts_at=WEDNESDAY_AT_TEN, now=NOW)
    answer = browser(tom).post(address(session, "/reschedule"), {"time": "2026-03-04T04:30:00Z"})
    assert answer.status_code == 409
    assert "That time has just been taken. The session is where it was." in words(answer)
    assert answer.content.decode().count('type="radio"') == 3


def test_a_session_that_is_too_near_cannot_be_moved(
    session: Session, tom: Person, clock: time_machine.Traveller
) -> None:
    clock.move_to(TUESDAY_AT_TEN - timedelta(hours=1))
    page = browser(tom).get(address(session, "/reschedule"))
    assert "A session can be moved until two hours before it starts." in words(page)
    assert 'id="picker"' not in page.content.decode()


def test_moving_to_nowhere_asks_again(session: Session, tom: Person) -> None:
    answer = browser(tom).post(address(session, "/reschedule"), {"time": ""})
    assert answer.status_code == 422
    assert "Please choose a time." in words(answer)


# Afterwards


def test_the_mentor_completes_it(
    session: Session, maya: Mentor, clock: time_machine.Traveller
) -> None:
    clock.move_to(TUESDAY_AT_TEN + timedelta(minutes=20))
    client = browser(maya.person)
    assert "Did this session take place?" in words(client.get(address(session, "/complete")))
    assert client.post(address(session, "/complete")).status_code == 303
    session.refresh_from_db()
    assert session.status == "completed"


def test_a_mentee_cannot_complete_it(
    session: Session, tom: Person, clock: time_machine.Traveller
) -> None:
    clock.move_to(TUESDAY_AT_TEN + timedelta(minutes=20))
    answer = browser(tom).post(address(session, "/complete"))
    assert answer.status_code == 403
    assert "Only the mentor can complete a session." in words(answer)


def test_either_side_says_that_the_other_did_not_come(
    session: Session, tom: Person, maya: Mentor, clock: time_machine.Traveller
) -> None:
    clock.move_to(TUESDAY_AT_TEN + timedelta(minutes=20))
    client = browser(tom)
    assert "Did Maya not come?" in words(client.get(address(session, "/no-show")))
    assert client.post(address(session, "/no-show")).status_code == 303
    assert "Maya did not come." in words(client.get(address(session)))
    assert "You were marked as not having come." in words(
        browser(maya.person).get(address(session))
    )


@pytest.mark.parametrize("page", ["/complete", "/no-show"])
def test_before_the_start_there_is_nothing_to_say(
    session: Session, maya: Mentor, page: str
) -> None:
    client = browser(maya.person)
    assert "Nothing was changed." in words(client.get(address(session, page)))
    assert client.post(address(session, page)).status_code == 409


@pytest.mark.parametrize("page", ["/cancel", "/reschedule", "/complete", "/no-show"])
def test_a_stranger_changes_nothing(session: Session, zoe: Person, page: str) -> None:
    answer = browser(zoe).post(address(session, page), {"time": "2026-03-04T04:30:00Z"})
    assert answer.status_code == 404
    session.refresh_from_db()
    assert (session.status, session.starts_at) == ("scheduled", TUESDAY_AT_TEN)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_more_history(
    session: Session, tom: Person, number: int, django_assert_num_queries: Queries
) -> None:
    for days in range(number):
        at = TUESDAY_AT_TEN + timedelta(days=days + 1)
        sessions.reschedule(session.reference, by=tom, starts_at=at, now=NOW)
    client = browser(tom)
    with django_assert_num_queries(7):
        client.get(address(session))
