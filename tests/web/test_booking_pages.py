"""`/mentors/<handle>/book`: four steps, of which the address says how far one is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import links, words

Queries = Callable[[int], AbstractContextManager[object]]
BOOK = "/mentors/maya-rao/book"
TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""
AT_TEN = "2026-03-03T04:30:00Z"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def toms(client: Client, maya: Mentor, tom: Person) -> Client:
    """Tom's browser."""
    client.force_login(tom)
    return client


def test_the_first_step_offers_the_active_session_types(
    client: Client, maya: Mentor, introduction: SessionType
) -> None:
    make.session_type(maya, title="Gone", is_active=False)
    page = client.get(BOOK)
    assert "What kind of session?" in words(page)
    assert links(page, "?type=") == [f"?type={introduction.reference}"]


def test_the_second_step_is_a_month_whose_free_days_can_be_chosen(
    client: Client, introduction: SessionType
) -> None:
    page = client.get(BOOK, {"type": introduction.reference})
    days = links(page, "date=2026-03-")
    assert len(days) == 21  # The weekdays from the third to the last of March.
    assert days[0] == f"?type={introduction.reference}&month=2026-03&date=2026-03-03#times"
    assert "Tuesday 3 March, 16 times" in page.content.decode()
    assert "Monday 2 March, no times" in page.content.decode()


def test_the_third_step_lists_the_times_of_the_day(
    client: Client, introduction: SessionType
) -> None:
    page = client.get(BOOK, {"type": introduction.reference, "date": "2026-03-03"})
    times = [address.rpartition("time=")[2] for address in links(page, "time=")]
    assert len(times) == 16
    assert times[:2] == ["2026-03-03T03%3A30%3A00Z", "2026-03-03T04%3A00%3A00Z"]
    assert "Tuesday 3 March 16 free times in UTC" in words(page)


def test_days_are_days_in_the_readers_zone(client: Client, introduction: SessionType) -> None:
    client.cookies["zone"] = "America/Los_Angeles"
    page = client.get(BOOK, {"type": introduction.reference, "date": "2026-03-02"})
    # Maya's Tuesday morning and afternoon are Monday evening and night there.
    assert "Monday 2 March 9 free times" in words(page)


def test_the_fourth_step_sums_up_on_both_clocks(
    toms: Client, maya: Mentor, introduction: SessionType
) -> None:
    text = words(toms.get(BOOK, {"type": introduction.reference, "time": AT_TEN}))
    for said in (
        "Introduction",
        "Maya Rao",
        "Tuesday 3 March 2026 04:30–05:00 Europe/London (GMT)",
        "10:00–10:30 for Maya in Asia/Kolkata (IST)",
        "30 minutes",
        "FREE",
        "Notes for Maya",
        "Confirm",
        "Back",
    ):
        assert said in text


def test_htmx_gets_the_month_and_the_steps_alone(client: Client, introduction: SessionType) -> None:
    query = {"type": introduction.reference, "date": "2026-03-03"}
    part = client.get(BOOK, query, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="picker"' in part
    assert 'id="steps"' in part
    assert 'data-announce="Tuesday 3 March, 16 times"' in part


@pytest.mark.parametrize(
    "query", ["type=nonsense", "type=TYPE-00000000", "type=%00", "type=&time=x&date=y&month=z"]
)
def test_an_unknown_session_type_starts_at_the_first_step(
    client: Client, maya: Mentor, query: str
) -> None:
    page = client.get(f"{BOOK}?{query}")
    assert page.status_code == 200
    assert "What kind of session?" in words(page)


@pytest.mark.parametrize("query", ["date=x", "month=9999-99", "time=now", "date=2026-02-30"])
def test_nonsense_in_the_address_shows_the_month(
    client: Client, introduction: SessionType, query: str
) -> None:
    page = client.get(f"{BOOK}?type={introduction.reference.lower()}&{query}")
    assert "March 2026" in words(page)


def test_the_first_month_is_the_first_that_can_be_booked(client: Client, db: None) -> None:
    mentor = make.mentor("Ada Lind", min_notice_minutes=35 * 24 * 60)
    offer = mentor.session_types.get().reference
    page = client.get("/mentors/ada-lind/book", {"type": offer, "month": "2026-03"})
    assert "April 2026" in words(page)


def test_a_day_without_times_offers_the_next_free_day(
    client: Client, introduction: SessionType
) -> None:
    page = client.get(BOOK, {"type": introduction.reference, "date": "2026-03-07"})
    assert "There is no free time on this day" in words(page)
    assert "Next free day: Monday 9 March" in words(page)


def test_a_paused_mentor_offers_nothing(client: Client, introduction: SessionType) -> None:
    Mentor.objects.update(paused_at=NOW)
    text = words(client.get(BOOK, {"type": introduction.reference}))
    assert "Maya is not taking bookings at the moment" in text
    assert "No free times at the moment" in text


def test_a_time_that_is_no_longer_free_shows_the_nearest(
    toms: Client, maya: Mentor, lena: Person, introduction: SessionType
) -> None:
    make.booked(maya, lena, starts_at=TUESDAY_AT_TEN, now=NOW)
    page = toms.get(BOOK, {"type": introduction.reference, "time": AT_TEN})
    assert "This time is no longer free" in words(page)
    assert page.content.decode().count('type="radio"') == 3


@pytest.mark.parametrize("sessions", [1, 3])
def test_a_full_calendar_costs_no_more_queries(
    client: Client,
    maya: Mentor,
    introduction: SessionType,
    sessions: int,
    django_assert_num_queries: Queries,
) -> None:
    for number in range(sessions):
        make.booked(
            maya,
            make.person(),
            starts_at=TUESDAY_AT_TEN + timedelta(hours=number),
            now=NOW,
        )
    with django_assert_num_queries(3):
        client.get(BOOK, {"type": introduction.reference})
