"""The front page."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import time_machine
from django.test import Client

from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import links, words

Queries = Callable[[int], AbstractContextManager[object]]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_it_says_what_this_is_and_searches(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "find a mentor, book a time that suits you both, and meet one-on-one" in words(page)
    assert 'action="/mentors"' in page.content.decode()


def test_mentors_who_are_free_soon_are_shown_soonest_first(
    client: Client, maya: Mentor, kiri: Mentor
) -> None:
    page = client.get("/")
    assert links(page, "/mentors/") == ["/mentors/kiri-tamahori", "/mentors/maya-rao"]
    assert "Free Mon 2 Mar, 19:15 UTC" in words(page)


def test_an_empty_installation_has_no_empty_section(client: Client) -> None:
    assert "Free soon" not in words(client.get("/"))


def test_a_mentor_is_not_asked_to_become_one(client: Client, maya: Mentor) -> None:
    client.force_login(maya.person)
    assert "Become a mentor" not in words(client.get("/"))


def test_times_are_in_the_readers_zone(client: Client, maya: Mentor, tom: Person) -> None:
    client.force_login(tom)
    assert "Free Tue 3 Mar, 03:30 GMT" in words(client.get("/"))


@pytest.mark.parametrize("mentors", [1, 3])
def test_it_costs_the_same_for_more_mentors(
    client: Client, mentors: int, django_assert_num_queries: Queries
) -> None:
    for _ in range(mentors):
        make.mentor(specialisations=["React"])
    with django_assert_num_queries(7):
        client.get("/")
