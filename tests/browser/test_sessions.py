"""What people do with a session that they have: look, move, cancel."""

import pytest
from playwright.sync_api import expect

from openmentor.base import clock
from openmentor.booking import openings
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.browser.conftest import PHONE, Visit


@pytest.fixture
def session(maya: Mentor, tom: Person) -> Session:
    """Tom meets Maya at her third free time."""
    now = clock.now()
    at = openings.to_book(maya.pk, minutes=30, now=now).next(3)[-1]
    return make.booked(maya, tom, starts_at=at, now=now)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_session_is_moved(visit: Visit, session: Session, tom: Person, javascript: bool) -> None:
    toms = visit(as_=tom, width=PHONE, javascript=javascript)
    page = toms.page
    toms.goes_to("/my-sessions")
    page.get_by_role("link", name="Reschedule").click()
    month = page.locator("#month-title")
    first = month.inner_text()
    page.get_by_role("link", name="Next month").click()
    expect(month).not_to_have_text(first)
    page.locator("[data-month] td a").first.click()
    page.locator("#times ul a").first.click()
    expect(page.locator("main")).to_contain_text("Maya is told about the new time.")
    expect(page.locator("main")).to_contain_text("for Maya in Asia/Kolkata")
    page.get_by_role("button", name="Move the session").click()
    expect(page.locator("main")).to_contain_text("The session has its new time.")
    expect(page.locator("main")).to_contain_text("You moved it to another time")
    before = session.starts_at
    session.refresh_from_db()
    assert session.starts_at > before


@pytest.mark.parametrize("javascript", [True, False])
def test_a_session_is_cancelled_after_a_look_at_what_follows(
    visit: Visit, session: Session, tom: Person, javascript: bool
) -> None:
    toms = visit(as_=tom, width=PHONE, javascript=javascript)
    page = toms.page
    toms.goes_to("/my-sessions")
    page.get_by_role("link", name="Cancel Introduction").click()
    expect(page.locator("main")).to_contain_text("It was FREE")
    page.get_by_label("A word to Maya").fill("I am ill, sorry")
    page.get_by_role("button", name="Cancel session").click()
    expect(page.locator("main")).to_contain_text("The session is cancelled.")
    expect(page.locator("main")).to_contain_text("“I am ill, sorry”")
    page.get_by_role("link", name="My sessions").first.click()
    page.get_by_role("link", name="Cancelled").click()
    expect(page.locator("main")).to_contain_text("Introduction with Maya Rao")


def test_keeping_it_changes_nothing(visit: Visit, session: Session, tom: Person) -> None:
    toms = visit(as_=tom)
    toms.goes_to(f"/sessions/{session.reference}/cancel")
    toms.tabs_to("A word to Maya")
    toms.tabs_to("Keep it")
    toms.presses("Enter")
    toms.page.wait_for_url(f"**/sessions/{session.reference}")
    session.refresh_from_db()
    assert session.status == "scheduled"
