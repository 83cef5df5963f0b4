"""`/my-sessions`: what is to come, what was, and with whom."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import links, words

Queries = Callable[[int], AbstractContextManager[object]]
TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    """Tom meets Maya on Tuesday at ten."""
    return make.booked(maya, tom, starts_at=TUESDAY_AT_TEN, now=NOW)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def toms_year(session: Session, maya: Mentor, kiri: Mentor, tom: Person) -> None:
    """Besides Tuesday's: one that was, one that was not to be."""
    was, gone = NOW - timedelta(days=9), NOW - timedelta(days=3)
    make.session(kiri, tom, starts_at=was, status=Session.Status.COMPLETED, title="Was")
    make.session(maya, tom, starts_at=gone, status=Session.Status.CANCELLED, title="Gone")


def titles(client: Client, query: str = "") -> list[str]:
    """The titles in the list, in order."""
    html = client.get(f"/my-sessions{query}").content.decode()
    return re.findall(r"<h2[^>]*><a[^>]*>([^<]+)</a>", html)


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("", ["Introduction"]),
        ("upcoming", ["Introduction"]),
        ("past", ["Was"]),
        ("cancelled", ["Gone"]),
        ("all", ["Introduction", "Gone", "Was"]),
        ("nonsense", ["Introduction"]),
    ],
)
def test_each_tab_has_its_sessions(
    toms_year: None, tom: Person, tab: str, expected: list[str]
) -> None:
    assert titles(browser(tom), f"?tab={tab}") == expected


def test_tabs_count_and_unconfirmed_appears_when_there_are_any(
    toms_year: None, tom: Person, maya: Mentor
) -> None:
    assert "All 3 Upcoming 1 Past 1 Cancelled 1 Mentor" in words(browser(tom).get("/my-sessions"))
    make.session(
        maya,
        None,
        starts_at=NOW + timedelta(days=5),
        status=Session.Status.PENDING,
        origin=Session.Origin.REQUEST,
        requested_by=tom,
    )
    assert "Unconfirmed 1" in words(browser(tom).get("/my-sessions"))


def test_a_list_can_be_of_one_mentor(toms_year: None, tom: Person) -> None:
    assert titles(browser(tom), "?tab=all&mentor=kiri-tamahori") == ["Was"]


def test_a_mentor_sees_the_sessions_given_apart(
    session: Session, maya: Mentor, kiri: Mentor
) -> None:
    make.session(kiri, maya.person, starts_at=NOW + timedelta(days=1), title="Taken")
    client = browser(maya.person)
    assert titles(client) == ["Taken"]
    assert titles(client, "?as=mentor") == ["Introduction"]
    assert "with Tom" in words(client.get("/my-sessions?as=mentor"))


def test_somebody_without_sessions_is_led_to_mentors(zoe: Person) -> None:
    page = browser(zoe).get("/my-sessions")
    assert "No sessions coming up" in words(page)
    assert "/mentors" in links(page)


def test_each_row_leads_to_what_can_be_done(session: Session, tom: Person) -> None:
    page = browser(tom).get("/my-sessions")
    for action in ("", "/reschedule", "/cancel"):
        assert f"/sessions/{session.reference}{action}" in links(page)
    assert "FREE" in words(page)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_more_sessions(
    maya: Mentor, tom: Person, number: int, django_assert_num_queries: Queries
) -> None:
    for days in range(number):
        make.booked(maya, tom, starts_at=TUESDAY_AT_TEN + timedelta(days=days), now=NOW)
    client = browser(tom)
    with django_assert_num_queries(12):
        client.get("/my-sessions")
