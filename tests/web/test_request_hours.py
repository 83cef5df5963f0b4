"""`/mentor/availability/open-requests`: when a mentor takes open requests."""

import pytest
from django.test import Client

from openmentor.availability import request_hours
from openmentor.availability.entries import Day, Hours
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests.web.reading import links, words

pytestmark = pytest.mark.django_db
PATH = "/mentor/availability/open-requests"
EVENING = {"start-2": "18:00", "end-2": "22:00"}


@pytest.fixture
def browser(maya: Mentor, client: Client) -> Client:
    client.force_login(maya.person)
    return client


def test_the_availability_leads_there(browser: Client) -> None:
    assert links(browser.get("/mentor/availability"), PATH) == [PATH]


def test_at_first_it_shows_the_weekly_hours(browser: Client) -> None:
    page = browser.get(PATH)
    assert "These are your weekly hours" in words(page)
    assert page.content.decode().count('value="09:00"') == 5


def test_other_hours_are_saved_and_given_up(browser: Client, maya: Mentor) -> None:
    saved = browser.post(PATH, EVENING | {"do": "save"}, follow=True)
    assert "Your hours are saved." in words(saved)
    kept = request_hours.read(maya)
    assert (kept.is_own, kept.weekly) == (True, [Day(2, [Hours("18:00", "22:00")])])
    given_up = words(browser.post(PATH, EVENING | {"do": "reset"}, follow=True))
    assert "Your weekly hours count again." in given_up
    assert not request_hours.read(maya).is_own


def test_a_range_is_added_without_saving(browser: Client, maya: Mentor) -> None:
    answer = browser.post(PATH, EVENING | {"do": "add-2"})
    assert answer.content.decode().count('name="start-2"') == 2
    assert f'hx-post="{PATH}"' in answer.content.decode()
    assert not request_hours.read(maya).is_own


def test_hours_that_make_no_sense_are_shown_as_typed(browser: Client, maya: Mentor) -> None:
    answer = browser.post(PATH, {"start-2": "18:00", "end-2": "18:00", "do": "save"})
    assert answer.status_code == 422
    assert "Wednesday: The end is the same as the start." in words(answer)
    assert not request_hours.read(maya).is_own


def test_it_is_for_mentors(client: Client, tom: Person) -> None:
    client.force_login(tom)
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, EVENING).status_code == 403
