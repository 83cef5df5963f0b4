"""`/mentors`: the list and its filters."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import time_machine
from django.test import Client

from openmentor.mentors.models import Mentor
from tests import make
from tests.cast import NOW
from tests.web.reading import links, words

Queries = Callable[[int], AbstractContextManager[object]]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ada(db: None) -> Mentor:
    return make.mentor(
        "Ada Lind",
        headline="Databases without fear",
        job_title="Engineer",
        specialisations=["PostgreSQL", "Careers"],
        languages=["Swedish"],
    )


def listed(client: Client, query: str = "") -> list[str]:
    """The handles on the page, in order."""
    page = client.get(f"/mentors{query}")
    assert page.status_code == 200
    return [address.removeprefix("/mentors/") for address in links(page, "/mentors/")]


def test_a_card_says_who_what_price_and_when(client: Client, ada: Mentor) -> None:
    make.session_type(ada, title="Long", minutes=60, price=150_000)
    text = words(client.get("/mentors"))
    for said in (
        "Ada Lind",
        "Engineer",
        "Databases without fear",
        "PostgreSQL Careers",
        "FREE to ₹1,500.00",
        "Free Tue 3 Mar, 09:00 UTC",
    ):
        assert said in text


def test_the_search_reads_names_headlines_and_specialisations(
    client: Client, ada: Mentor, maya: Mentor
) -> None:
    for text in ("lind", "fear", "postgres"):
        assert listed(client, f"?q={text}") == ["ada-lind"]


def test_filters_narrow_and_can_be_taken_away(client: Client, ada: Mentor, maya: Mentor) -> None:
    page = client.get("/mentors?q=ada&language=Swedish")
    assert "1 mentor " in words(page)
    assert links(page, "?q=ada") == ["?q=ada"]
    assert links(page, "?language=Swedish") == ["?language=Swedish"]
    assert listed(client, "?specialisation=Careers") == ["ada-lind"]


def test_free_leaves_out_those_who_always_cost(client: Client, ada: Mentor) -> None:
    dear = make.mentor("Dear One", minutes=0)
    make.session_type(dear, price=100)
    assert listed(client, "?free=yes") == ["ada-lind"]


def test_nobody_found_leads_back_to_everybody(client: Client, ada: Mentor) -> None:
    page = client.get("/mentors?q=astronaut")
    assert "Nobody fits all of that" in words(page)
    assert "/mentors" in links(page)


def test_an_empty_installation_says_so(client: Client) -> None:
    assert "No mentors yet" in words(client.get("/mentors"))


def test_only_approved_mentors_are_listed(client: Client, ada: Mentor) -> None:
    make.mentor("New One", status=Mentor.Status.APPLIED)
    make.mentor("Old One", status=Mentor.Status.REJECTED)
    assert listed(client) == ["ada-lind"]


def test_a_paused_mentor_says_so(client: Client) -> None:
    make.mentor(paused_at=NOW)
    assert "Not taking bookings at the moment" in words(client.get("/mentors"))


def test_pages_follow_each_other_with_the_filters(client: Client) -> None:
    for _ in range(13):
        make.mentor(languages=["Hindi"])
    first = client.get("/mentors?language=Hindi")
    assert links(first, "page=") == ["?language=Hindi&page=2"]
    second = client.get("/mentors?language=Hindi&page=2")
    assert len(links(second, "/mentors/")) == 1
    assert links(second, "page=1") == ["?language=Hindi&page=1"]


@pytest.mark.parametrize("query", ["?page=99", "?page=x", "?q=%00", "?q=" + "a" * 5000, "?free="])
def test_nonsense_in_the_address_is_a_page(client: Client, ada: Mentor, query: str) -> None:
    assert client.get(f"/mentors{query}").status_code == 200


def test_htmx_gets_the_results_alone(client: Client, ada: Mentor) -> None:
    part = client.get("/mentors", headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="results"')
    assert "HX-Request" in part["Vary"]


def test_going_back_gets_the_whole_page(client: Client, ada: Mentor) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert b"<html" in client.get("/mentors", headers=headers).content


@pytest.mark.parametrize("mentors", [1, 3])
def test_it_costs_the_same_for_more_mentors(
    client: Client, mentors: int, django_assert_num_queries: Queries
) -> None:
    for _ in range(mentors):
        make.mentor()
    with django_assert_num_queries(8):
        client.get("/mentors")
