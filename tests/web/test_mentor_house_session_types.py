"""The list of session types: created, edited, switched and deleted in place."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from openmentor.mentors.models import Mentor, SessionType
from tests import make
from tests.web.browser import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/mentor/session-types"
REVIEW = {
    "title": "Review",
    "description": "Bring code.",
    "duration_minutes": "45",
    "price": "19.99",
    "currency": "USD",
}


@pytest.fixture
def browser(maya: Mentor) -> Client:
    return signed_in(maya.person)


def test_the_first_one_is_asked_for_at_once() -> None:
    mentor = make.mentor(minutes=0)
    answer = signed_in(mentor.person).get(PAGE)
    assert answer.context["new"]["currency"].value() == "INR"
    assert "Your first session type" in answer.content.decode()


def test_a_new_one_is_offered(browser: Client, maya: Mentor) -> None:
    assert "New session type</h2>" in browser.get(f"{PAGE}?new=yes").content.decode()
    assert browser.post(f"{PAGE}/new", REVIEW)["Location"] == PAGE
    made = SessionType.objects.get(title="Review")
    assert (made.mentor, made.duration_minutes) == (maya, 45)
    assert (made.price_minor, made.currency) == (1999, "USD")


def test_no_price_is_free(browser: Client) -> None:
    browser.post(f"{PAGE}/new", REVIEW | {"price": ""})
    assert SessionType.objects.get(title="Review").is_free


def test_what_was_typed_stays_when_it_is_wrong(browser: Client) -> None:
    wrong = {"title": "", "duration_minutes": "481", "price": "-1"}
    answer = browser.post(f"{PAGE}/new", REVIEW | wrong)
    assert answer.status_code == 422
    form = answer.context["new"]
    assert sorted(form.errors) == ["duration_minutes", "price", "title"]
    assert form["description"].value() == "Bring code."


def test_what_the_verb_refuses_is_said_at_the_field(browser: Client) -> None:
    answer = browser.post(f"{PAGE}/new", REVIEW | {"price": "100000000.01"})
    assert answer.status_code == 422
    assert list(answer.context["new"].errors) == ["price"]


def test_one_is_edited_in_its_place(browser: Client, introduction: SessionType) -> None:
    answer = browser.get(f"{PAGE}?edit={introduction.reference}")
    assert answer.context["form"]["title"].value() == "Introduction"
    address = f"{PAGE}/{introduction.reference}"
    refused = browser.post(address, REVIEW | {"title": ""})
    assert (refused.status_code, refused.context["edited"]) == (422, introduction.reference)
    refused = browser.post(address, REVIEW | {"price": "100000000.01"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["price"])
    assert browser.post(address, REVIEW)["Location"] == PAGE
    introduction.refresh_from_db()
    assert (introduction.title, introduction.price_minor) == ("Review", 1999)


def test_one_is_switched_off_and_on(browser: Client, introduction: SessionType) -> None:
    address = f"{PAGE}/{introduction.reference}/switch"
    for button, active in (("off", False), ("on", True)):
        answer = browser.post(address, {button: "yes"}, follow=True)
        introduction.refresh_from_db()
        assert introduction.is_active is active
        assert ("Switched off" in answer.content.decode()) is not active


def test_one_is_deleted_or_if_it_was_booked_switched_off(
    browser: Client, maya: Mentor, introduction: SessionType
) -> None:
    unused = make.session_type(maya, title="Unused")
    starts_at = datetime(2026, 3, 3, 4, tzinfo=UTC)
    make.session(maya, make.person(), starts_at=starts_at, session_type=introduction)
    assert (
        "is deleted"
        in browser.post(f"{PAGE}/{unused.reference}/delete", follow=True).content.decode()
    )
    answer = browser.post(f"{PAGE}/{introduction.reference}/delete", follow=True)
    assert "switched off instead" in answer.content.decode()
    assert list(SessionType.objects.values_list("title", "is_active")) == [("Introduction", False)]


def test_another_mentors_is_not_there(kiri: Mentor, introduction: SessionType) -> None:
    browser = signed_in(kiri.person)
    assert browser.get(f"{PAGE}?edit={introduction.reference}").status_code == 404
    for what in ("", "/switch", "/delete"):
        assert browser.post(f"{PAGE}/{introduction.reference}{what}", REVIEW).status_code == 404
    introduction.refresh_from_db()
    assert (introduction.title, introduction.is_active) == ("Introduction", True)


@pytest.mark.parametrize("types", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    types: int, django_assert_num_queries: Any
) -> None:
    mentor = make.mentor(minutes=0)
    for _ in range(types):
        make.session_type(mentor)
    browser = signed_in(mentor.person)
    with django_assert_num_queries(4):  # sign-in twice, the mentor, the list
        assert len(browser.get(PAGE).context["offers"]) == types
