"""`/board`: mentors look through open requests, claim one, find its time or give it back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from openmentor.booking import claims, open_requests
from openmentor.booking.models import OpenRequest, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import asks_again, field, links, words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FROM = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # Half past two in the afternoon at Maya's.


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(maya: Mentor, client: Client) -> Client:
    client.force_login(maya.person)
    return client


def posted(mentee: Person, **need: Any) -> OpenRequest:
    facts = {
        "kind": "technical_help",
        "title": "A slow query",
        "duration_minutes": 30,
        "windows": [(FROM, FROM + 2 * HOUR)],
    }
    return open_requests.post(mentee, now=NOW, **(facts | need))  # type: ignore[arg-type]


def test_the_board_says_what_is_needed_and_what_fits(browser: Client, tom: Person) -> None:
    posted(tom, urgency="high", tags=["SQL"], language="Hindi")
    night = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
    posted(tom, title="At night", windows=[(night, night + HOUR)])
    page = words(browser.get("/board"))
    assert "2 requests" in page
    assert "Urgent Fits your hours A slow query Tom, " in page
    assert "Technical help, 30 minutes, by video, in Hindi SQL Wed 4 Mar, 14:30–16:30 IST" in page
    assert page.count("Fits your hours") == 1
    assert "Becker" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("?kind=other", 1),
        ("?kind=gossip", 2),
        ("?duration=45", 1),
        ("?duration=x", 2),
        ("?urgency=low", 1),
        ("?tag=sql", 1),
        ("?language=english", 1),
        ("?fits=yes", 1),
        ("?kind=other&tag=sql", 0),
        ("?tag=%00", 2),
    ],
)
def test_the_board_is_filtered(browser: Client, tom: Person, query: str, found: int) -> None:
    posted(tom, tags=["SQL"], language="Hindi")
    night = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
    other = {"kind": "other", "duration_minutes": 45, "urgency": "low"}
    posted(tom, title="At night", windows=[(night, night + HOUR)], **other)
    page = browser.get(f"/board{query}")
    assert f"{found} request{'' if found == 1 else 's'}" in words(page)


def test_each_filter_can_be_taken_away(browser: Client) -> None:
    page = browser.get("/board?kind=other&tag=sql")
    removing = [link for link in links(page) if link.startswith("?")]
    assert removing == ["?tag=sql", "?kind=other"]
    assert "Nothing matches" in words(page)


def test_the_board_is_for_approved_mentors(client: Client, tom: Person) -> None:
    assert client.get("/board")["Location"].startswith("/account/login/")
    client.force_login(tom)
    assert client.get("/board").status_code == 403
    client.force_login(make.mentor("Ann", status="applied", approved_at=None).person)
    assert client.get("/board").status_code == 403


def test_a_request_is_claimed_and_scheduled(browser: Client, tom: Person) -> None:
    path = f"/board/{posted(tom).reference}"
    before = words(browser.get(path))
    assert ("for Tom" in before, "Becker" in before) == (True, False)
    claimed = browser.post(f"{path}/claim", follow=True)
    page = words(claimed)
    assert "It is yours. Now choose a time." in page
    assert "for Tom Becker" in page
    assert "Until Wed 4 Mar, 12:00 IST" in page
    assert field(claimed, "time") == "2026-03-04T09:00:00Z"
    done = browser.post(f"{path}/schedule", {"time": "2026-03-04T09:30:00Z"}, follow=True)
    assert "The time is agreed." in words(done)
    assert Session.objects.get().starts_at == FROM + HOUR / 2


def test_any_minute_of_the_windows_can_be_typed(browser: Client, tom: Person) -> None:
    path = f"/board/{posted(tom).reference}"
    browser.post(f"{path}/claim")
    typed = {"zone": "Asia/Kolkata", "date": "2026-03-04", "clock": "15:37"}
    browser.post(f"{path}/schedule", typed | {"time": "2026-03-04T09:30:00Z"})
    assert Session.objects.get().starts_at == datetime(2026, 3, 4, 10, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({}, 422, "Please choose a time."),
        ({"time": "2026-03-04T11:00:00Z"}, 422, "outside the times that the mentee offered"),
        ({"zone": "Asia/Kolkata", "date": "2026-03-04", "clock": "14:29"}, 422, "outside"),
        ({"date": "soon", "clock": "14:29"}, 422, "Please choose a time."),
    ],
)
def test_a_time_that_is_none_of_theirs_is_refused(
    browser: Client, tom: Person, form: dict[str, str], status: int, said: str
) -> None:
    path = f"/board/{posted(tom).reference}"
    browser.post(f"{path}/claim")
    answer = browser.post(f"{path}/schedule", form)
    assert answer.status_code == status
    assert said in words(answer)
    assert not Session.objects.exists()


def test_who_comes_second_is_told_so(
    browser: Client, client: Client, tom: Person, kiri: Mentor
) -> None:
    request = posted(tom)
    claims.claim(request.reference, by=kiri.person, now=NOW)
    path = f"/board/{request.reference}"
    said = "Another mentor has already claimed this request."
    lost = browser.post(f"{path}/claim")
    assert (lost.status_code, said in words(lost)) == (409, True)
    assert links(lost) == ["/board"]
    late = browser.get(path)
    assert (late.status_code, said in words(late)) == (409, True)
    assert "A slow query" not in words(late)


def test_it_is_given_back_with_its_history(browser: Client, tom: Person, kiri: Mentor) -> None:
    path = f"/board/{posted(tom).reference}"
    browser.post(f"{path}/claim")
    assert "It is on the board again" in words(browser.post(f"{path}/release", follow=True))
    other = Client()
    other.force_login(kiri.person)
    page = words(other.get(path))
    assert "Another mentor claimed it" in page
    assert "Another mentor gave it back to the board" in page
    assert "Maya" not in page


def test_the_mentee_is_led_to_their_own_page(maya: Mentor) -> None:
    request = posted(maya.person)
    browser = Client()
    browser.force_login(maya.person)
    answer = browser.get(f"/board/{request.reference}")
    assert answer["Location"] == f"/requests/{request.reference}"


def test_the_board_follows_what_others_do(browser: Client, tom: Person, kiri: Mentor) -> None:
    request = posted(tom)
    polled = "/board" + asks_again(browser.get("/board"))
    assert browser.get(polled).status_code == 204
    claims.claim(request.reference, by=kiri.person, now=NOW)
    assert "0 requests" in words(browser.get(polled))


@pytest.mark.parametrize("several", [1, 3])
def test_the_board_asks_the_database_the_same_whatever_its_length(
    browser: Client, tom: Person, several: int, django_assert_num_queries: Any
) -> None:
    for _ in range(several):
        posted(tom)
    browser.get("/board")
    with django_assert_num_queries(10):
        assert f"{several} request" in words(browser.get("/board"))
