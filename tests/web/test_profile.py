"""`/mentors/<handle>`: one mentor's page."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import links, words

Queries = Callable[[int], AbstractContextManager[object]]
pytestmark = pytest.mark.django_db
MAYA = "/mentors/maya-rao"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_it_says_who_and_what_time_it_is_there(client: Client, maya: Mentor) -> None:
    Mentor.objects.update(
        headline="Grow into a lead", job_title="Staff Engineer", languages=["English", "Hindi"]
    )
    text = words(client.get(MAYA))
    for said in ("Maya Rao", "Staff Engineer", "Grow into a lead", "English, Hindi"):
        assert said in text
    assert "Asia/Kolkata It is 12:00 there" in text


def test_each_session_type_has_its_price_and_leads_to_booking(
    client: Client, maya: Mentor, introduction: SessionType
) -> None:
    paid = make.session_type(maya, title="Mock interview", minutes=45, price=150_000)
    page = client.get(MAYA)
    assert "Introduction 30 minutes FREE" in words(page)
    assert "Mock interview 45 minutes ₹1,500.00" in words(page)
    for offer in (introduction, paid):
        assert f"{MAYA}/book?type={offer.reference}" in links(page)


def test_the_next_free_times_lead_to_confirming(
    client: Client, maya: Mentor, introduction: SessionType
) -> None:
    times = links(client.get(MAYA), "&time=")
    assert len(times) == 4
    assert times[0] == f"{MAYA}/book?type={introduction.reference}&time=2026-03-03T03:30:00Z"


def test_the_words_of_a_mentor_are_made_safe(client: Client, maya: Mentor) -> None:
    Mentor.objects.update(bio="**Hi** <script>alert(1)</script> [x](javascript:alert(1))")
    html = client.get(MAYA).content.decode()
    assert "<strong>Hi</strong>" in html
    assert "<script>alert" not in html
    assert "javascript:alert" not in html.partition('class="prose"')[2].partition("href=")[2][:40]


def test_only_held_sessions_count(client: Client, maya: Mentor, tom: Person) -> None:
    for days, status in ((5, Session.Status.COMPLETED), (4, Session.Status.CANCELLED)):
        make.session(maya, tom, starts_at=NOW - timedelta(days=days), status=status)
    assert "Sessions held 1" in words(client.get(MAYA))


def test_a_paused_mentor_says_so_and_offers_no_times(client: Client, maya: Mentor) -> None:
    Mentor.objects.update(paused_at=NOW)
    page = client.get(MAYA)
    assert "Maya is not taking new bookings at the moment" in words(page)
    assert links(page, "/book") == []


def test_a_handle_is_read_in_any_case(client: Client, maya: Mentor) -> None:
    assert client.get("/mentors/Maya-RAO").status_code == 200


@pytest.mark.parametrize("path", ["/mentors/nobody", "/mentors/%00", "/mentors/maya%20rao"])
def test_nobody_is_not_found(client: Client, maya: Mentor, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_application_is_seen_by_its_owner_and_staff_only(
    client: Client, maya: Mentor, zoe: Person, staff: Person
) -> None:
    Mentor.objects.update(status=Mentor.Status.APPLIED)
    answers = [client.get(MAYA).status_code]
    for person in (zoe, maya.person, staff):
        client.force_login(person)
        answers.append(client.get(MAYA).status_code)
    assert answers == [404, 404, 200, 200]
    page = client.get(MAYA)
    assert "It waits for approval" in words(page)
    assert links(page, "/book") == []


def test_nothing_to_book_is_said(client: Client) -> None:
    make.mentor("Ada Lind", minutes=0)
    assert "Ada has nothing to book yet" in words(client.get("/mentors/ada-lind"))


def test_no_address_is_ever_shown(client: Client, maya: Mentor) -> None:
    assert maya.person.email not in client.get(MAYA).content.decode()


@pytest.mark.parametrize("types", [1, 3])
def test_it_costs_the_same_for_more_session_types(
    client: Client, maya: Mentor, types: int, django_assert_num_queries: Queries
) -> None:
    for _ in range(types - 1):
        make.session_type(maya)
    with django_assert_num_queries(7):
        client.get(MAYA)
