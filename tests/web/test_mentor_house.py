"""The mentor's house: who comes in, what the overview says, how one becomes a mentor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from openmentor.base import clock
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.web.browser import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
ROOMS = ("/mentor", "/mentor/availability", "/mentor/session-types", "/mentor/settings")
POSTS = (
    "/mentor/pause",
    "/mentor/resume",
    "/mentor/availability",
    "/mentor/availability/dates",
    "/mentor/availability/dates/clear",
    "/mentor/availability/rules",
    "/mentor/session-types/new",
    "/mentor/settings",
    "/mentor/settings/photo",
)


@pytest.fixture(autouse=True)
def at_noon_in_india(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("address", [*ROOMS, *POSTS])
def test_nobody_is_asked_to_sign_in_and_comes_back(address: str) -> None:
    browser = Client()
    answer = browser.get(address) if address in ROOMS else browser.post(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={address}")


@pytest.mark.parametrize("address", POSTS)
def test_who_is_no_mentor_changes_nothing(address: str, zoe: Person) -> None:
    data = {"first": "2026-03-09", "last": "2026-03-09", "kind": "blocked"}
    assert signed_in(zoe).post(address, data).status_code == 403


def test_who_is_no_mentor_is_invited_to_become_one(zoe: Person) -> None:
    browser = signed_in(zoe)
    assert browser.get("/mentor")["Location"] == "/become-a-mentor"
    for room in ROOMS[1:]:
        assert browser.get(room).status_code == 403


def test_a_newcomer_reads_what_to_do_next(tom: Person) -> None:
    browser = signed_in(tom)
    browser.post("/become-a-mentor", {"timezone": "Europe/London", "currency": "GBP"})
    page = text(browser.get("/mentor"))
    assert "We are reading your application" in page
    assert page.count("To do") == 3
    assert "Pause" not in page


def test_what_is_done_is_ticked_and_then_the_list_is_gone(maya: Mentor) -> None:
    browser = signed_in(maya.person)
    page = text(browser.get("/mentor"))
    assert (page.count('aria-label="Done"'), page.count('aria-label="To do"')) == (2, 1)
    Mentor.objects.filter(pk=maya.pk).update(headline="A", bio="B", specialisations=["C"])
    page = text(browser.get("/mentor"))
    assert "Before anybody can book you" not in page
    assert "Held so far" in page


def test_sessions_of_today_and_of_the_week_are_shown_apart(
    maya: Mentor, tom: Person, lena: Person
) -> None:
    make.session(maya, tom, starts_at=NOW + timedelta(hours=3))
    make.session(maya, lena, starts_at=NOW + timedelta(days=6))
    make.session(maya, lena, starts_at=NOW + timedelta(days=8))
    context = signed_in(maya.person).get("/mentor").context
    assert [seen.others for seen in context["today"]] == ["Tom Becker"]
    assert [seen.others for seen in context["later"]] == ["Lena Fischer"]


@pytest.mark.parametrize("sessions", [1, 3])
def test_the_overview_costs_the_same_however_busy(
    sessions: int, maya: Mentor, django_assert_num_queries: Any
) -> None:
    for number in range(sessions):
        make.session(maya, make.person(), starts_at=NOW + timedelta(hours=1 + number))
    browser = signed_in(maya.person)
    # sign-in twice, the mentor; offers, sessions held, diary; sessions, bookings; hours
    # requests, claims; for the board the diary, hours and requests; notifications
    with django_assert_num_queries(15):
        assert len(browser.get("/mentor").context["today"]) == sessions


def test_the_pause_switch(maya: Mentor) -> None:
    browser = signed_in(maya.person)
    assert "You are paused" in text(browser.post("/mentor/pause", follow=True))
    maya.refresh_from_db()
    assert maya.paused_at == NOW
    assert "You are paused" not in text(browser.post("/mentor/resume", follow=True))
    maya.refresh_from_db()
    assert maya.paused_at is None


def test_visitors_read_what_it_is_about_and_sign_in_to_apply() -> None:
    answer = Client().get("/become-a-mentor")
    assert answer.status_code == 200
    assert "/account/signup/?next=/become-a-mentor" in text(answer)
    answer = Client().post("/become-a-mentor")
    assert answer["Location"] == "/account/login/?next=/become-a-mentor"


APPLICATION = {
    "headline": "Learn to teach",
    "job_title": "Teacher",
    "specialisations": "Pedagogy, Patience,, ",
    "languages": "English",
    "bio": "Hello\r\nthere",
    "timezone": "Europe/London",
    "currency": "GBP",
    "one_on_one_price": "50",
    "group_price": "30.50",
    "handle": "tom-teaches",
}


def test_a_person_applies(tom: Person) -> None:
    answer = signed_in(tom).post("/become-a-mentor", APPLICATION)
    assert (answer.status_code, answer["Location"]) == (303, "/mentor")
    mentor = Mentor.objects.get(person=tom)
    assert (mentor.handle, mentor.status, mentor.bio) == ("tom-teaches", "applied", "Hello\nthere")
    assert mentor.specialisations == ["Pedagogy", "Patience"]
    assert (mentor.one_on_one_price_minor, mentor.group_price_minor) == (5000, 3050)


def test_what_was_typed_stays_when_it_is_refused(tom: Person, maya: Mentor) -> None:
    answer = signed_in(tom).post("/become-a-mentor", APPLICATION | {"handle": maya.handle})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors == {"handle": ["Somebody has this address already. Please choose another."]}
    assert form["specialisations"].value() == "Pedagogy, Patience,, "
    assert not Mentor.objects.filter(person=tom).exists()


@pytest.mark.parametrize("price", ["-1", "1,50", "abc", "1e30", "99999999999999", "1.2345", "NaN"])
def test_a_price_is_an_amount(tom: Person, price: str) -> None:
    answer = signed_in(tom).post("/become-a-mentor", APPLICATION | {"one_on_one_price": price})
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert errors == {"one_on_one_price": ["Write an amount such as 1500 or 19.99."]}


def test_a_price_has_no_more_decimals_than_its_currency(tom: Person) -> None:
    browser = signed_in(tom)
    answer = browser.post("/become-a-mentor", APPLICATION | {"currency": "JPY"})
    assert answer.context["form"].errors == {"group_price": ["JPY has 0 decimal places."]}
    amounts = {"currency": "KWD", "group_price": "1.234"}
    assert browser.post("/become-a-mentor", APPLICATION | amounts).status_code == 303
    assert Mentor.objects.get(person=tom).group_price_minor == 1234


def test_a_mentor_has_no_second_application(maya: Mentor) -> None:
    browser = signed_in(maya.person)
    assert browser.get("/become-a-mentor")["Location"] == "/mentor"
    assert browser.post("/become-a-mentor", APPLICATION)["Location"] == "/mentor"


def test_who_was_rejected_reads_why_and_applies_again(maya: Mentor) -> None:
    Mentor.objects.filter(pk=maya.pk).update(status="rejected", status_reason="Say more.")
    browser = signed_in(maya.person)
    assert "Say more." in text(browser.get("/mentor"))
    page = browser.get("/become-a-mentor")
    assert "Say more." in text(page)
    assert "handle" not in page.context["form"].fields
    browser.post("/become-a-mentor", APPLICATION)
    maya.refresh_from_db()
    assert (maya.status, maya.handle, maya.headline) == ("applied", "maya-rao", "Learn to teach")
