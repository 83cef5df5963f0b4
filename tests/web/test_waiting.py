"""`/mentor`: what waits for the mentor, what is due first on top."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from openmentor.booking import claims, open_requests, requests
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import asks_again, links, words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AT = NOW + 46 * HOUR  # Wednesday, ten in the morning where Maya is.


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(maya: Mentor, client: Client) -> Client:
    client.force_login(maya.person)
    return client


def posted(mentee: Person, title: str) -> str:
    return open_requests.post(
        mentee,
        kind="other",
        title=title,
        duration_minutes=30,
        windows=[(AT, AT + HOUR)],
        now=NOW,
    ).reference


def test_requests_are_listed_by_their_deadline(
    browser: Client, maya: Mentor, tom: Person, lena: Person
) -> None:
    for mentee, hours in ((tom, 100), (lena, 30)):
        requests.propose(
            mentee, handle=maya.handle, starts_at=NOW + hours * HOUR, minutes=30, now=NOW
        )
    page = browser.get("/mentor")
    said = words(page)
    assert "Waiting for your answer" in said
    assert "Answer by Tue 3 Mar, 16:00 IST" in said
    assert said.index("with Lena Fischer") < said.index("with Tom Becker")
    assert len(links(page, "/answer")) == 2


def test_claims_are_listed_with_theirs_and_so_is_what_fits(
    browser: Client, maya: Mentor, tom: Person
) -> None:
    claims.claim(posted(tom, "Mine"), by=maya.person, now=NOW)
    for number in range(4):
        posted(tom, f"Fits {number}")
    page = words(browser.get("/mentor"))
    assert "Mine for Tom Becker Choose a time by Wed 4 Mar, 11:00 IST" in page
    assert page.count("Fits your hours") == 3


def test_a_mentor_without_anything_waiting_sees_none_of_it(browser: Client) -> None:
    page = words(browser.get("/mentor"))
    assert "Waiting for your answer" not in page
    assert "Open requests" not in page


def test_an_applicant_sees_no_board(client: Client, tom: Person) -> None:
    posted(tom, "Not yet")
    client.force_login(make.mentor("Ann", status="applied", approved_at=None).person)
    assert "Not yet" not in words(client.get("/mentor"))


def test_a_new_request_appears_by_itself(browser: Client, maya: Mentor, tom: Person) -> None:
    polled = "/mentor" + asks_again(browser.get("/mentor"))
    assert browser.get(polled).status_code == 204
    requests.propose(tom, handle=maya.handle, starts_at=AT, minutes=30, now=NOW)
    assert "with Tom Becker" in words(browser.get(polled))
