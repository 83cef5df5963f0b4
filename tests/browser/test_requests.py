"""A request to one mentor, between two people in two windows."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from openmentor.base import clock
from openmentor.booking import requests
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests.browser.conftest import DESKTOP, PHONE, Reader, Visit

LIVE = 5_000
"""So soon, in milliseconds, the other side sees what happened."""
DAY = timedelta(days=1)


@pytest.fixture
def saturday() -> datetime:
    """The one after next, eight in the evening in UTC and, in these months, about so in London."""
    now = clock.now()
    ahead = (5 - now.weekday()) % 7 + 7
    return (now + ahead * DAY).replace(hour=20, minute=0, second=0, microsecond=0)


def asked(mentee: Person, mentor: Mentor, at: datetime, **facts: int) -> Session:
    return requests.propose(
        mentee,
        handle=mentor.handle,
        starts_at=at,
        minutes=facts.get("minutes", 30),
        message="May I?",
        now=clock.now(),
    )


def sees(reader: Reader, words: str) -> None:
    """Within five seconds, without touching anything."""
    expect(reader.page.locator("main")).to_contain_text(words, timeout=LIVE)


def test_from_proposal_to_acceptance_to_payment(
    visit: Visit, maya: Mentor, tom: Person, saturday: datetime
) -> None:
    Mentor.objects.update(one_on_one_price_minor=100_000)
    mayas = visit(as_=maya.person, zone="Asia/Kolkata")
    mayas.goes_to("/mentor")
    toms = visit(as_=tom, width=PHONE)
    page = toms.page
    toms.goes_to("/mentors/maya-rao")
    page.get_by_role("link", name="Propose one to Maya").click()
    page.get_by_label("What for").select_option("45")
    page.get_by_label("Day").fill(f"{saturday:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill("20:15")
    page.get_by_label("A few words to Maya").fill("I would like to learn from you.")
    page.get_by_role("button", name="Ask Maya").click()
    expect(page.locator("h1")).to_have_text("Waiting for Maya")

    sees(mayas, "Waiting for your answer")
    mayas.page.get_by_role("link", name="Answer Tom").click()
    expect(mayas.page.locator("h1")).to_have_text("Tom Becker asks for a session")
    expect(mayas.page.locator("main")).to_contain_text("I would like to learn from you.")
    mayas.page.get_by_role("button", name="Accept").click()
    expect(mayas.page.locator("main")).to_contain_text("It is certain as soon as it is paid.")

    page.wait_for_url("**/payment", timeout=LIVE)
    expect(page.locator("main")).to_contain_text("₹750.00")
    page.get_by_role("button", name="simulate success").click()
    expect(page.locator("h1")).to_have_text("Your session is booked")
    sees(mayas, "Paid")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_rejection(
    visit: Visit, maya: Mentor, tom: Person, saturday: datetime, javascript: bool
) -> None:
    session = asked(tom, maya, saturday)
    toms = visit(as_=tom, javascript=javascript)
    toms.goes_to(f"/sessions/{session.reference}")
    mayas = visit(as_=maya.person, width=PHONE, javascript=javascript, zone="Asia/Kolkata")
    mayas.goes_to("/my-sessions?as=mentor&tab=unconfirmed")
    mayas.page.get_by_role("link", name="Answer Tom").click()
    mayas.page.get_by_text("Say no").click()
    mayas.page.get_by_label("Why not").fill("I do not know this field.")
    mayas.page.get_by_role("button", name="Decline").click()
    expect(mayas.page.locator("main")).to_contain_text("You said no. We pass on your words.")
    if not javascript:
        toms.page.reload()
    sees(toms, "Maya could not say yes")
    sees(toms, "“I do not know this field.”")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_counter_proposal(
    visit: Visit, maya: Mentor, tom: Person, saturday: datetime, javascript: bool
) -> None:
    session = asked(tom, maya, saturday)
    mayas = visit(as_=maya.person, javascript=javascript, zone="Asia/Kolkata")
    mayas.goes_to(f"/sessions/{session.reference}/answer")
    toms = visit(as_=tom, width=PHONE, javascript=javascript)
    toms.goes_to(f"/sessions/{session.reference}")
    mayas.page.get_by_text("Propose other times").click()
    for number in (1, 2):
        day = saturday + number * DAY
        mayas.page.get_by_label(f"Day {number}").fill(f"{day:%Y-%m-%d}")
        mayas.page.get_by_label(f"Time {number}", exact=True).fill("10:30")
    mayas.page.get_by_role("button", name="Propose").click()
    expect(mayas.page.locator("main")).to_contain_text("Your times are on their way.")
    if not javascript:
        toms.page.reload()
    sees(toms, "Maya proposes other times")
    toms.page.locator("#proposed-2").check()
    toms.page.get_by_role("button", name="Take this time").click()
    expect(toms.page.locator("h1")).to_have_text("Your session is booked")
    if not javascript:
        mayas.page.reload()
    sees(mayas, "Scheduled")
    session.refresh_from_db()
    wanted = (saturday + 2 * DAY).replace(hour=5)
    assert session.starts_at == wanted


def test_a_withdrawal_reaches_the_mentor_who_is_writing(
    visit: Visit, maya: Mentor, tom: Person, saturday: datetime
) -> None:
    session = asked(tom, maya, saturday)
    mayas = visit(as_=maya.person)
    mayas.goes_to(f"/sessions/{session.reference}/answer")
    mayas.page.get_by_text("Say no").click()
    mayas.page.get_by_label("Why not").fill("I am just")
    mayas.page.wait_for_timeout(4_000)
    expect(mayas.page.get_by_label("Why not")).to_have_value("I am just")
    toms = visit(as_=tom, width=PHONE)
    toms.goes_to(f"/sessions/{session.reference}")
    toms.page.get_by_role("link", name="Withdraw request").click()
    toms.page.get_by_role("button", name="Withdraw request").click()
    expect(toms.page.locator("main")).to_contain_text("This session will not take place")
    mayas.page.wait_for_url(f"**/sessions/{session.reference}", timeout=LIVE)
    sees(mayas, "This session will not take place")


def test_a_time_taken_meanwhile_is_replaced_in_one_click(
    visit: Visit, maya: Mentor, tom: Person, lena: Person, saturday: datetime
) -> None:
    kind = maya.session_types.get().reference
    won, lost = (
        requests.propose(
            mentee, handle=maya.handle, session_type=kind, starts_at=saturday, now=clock.now()
        )
        for mentee in (tom, lena)
    )
    lenas = visit(as_=lena, width=PHONE, zone="America/New_York")
    lenas.goes_to(f"/sessions/{lost.reference}")
    requests.accept(won.reference, by=maya.person, now=clock.now())
    sees(lenas, "The time was taken meanwhile")
    lenas.page.get_by_role("button", name="Book").first.click()
    expect(lenas.page.locator("h1")).to_have_text("Your session is booked")


def test_by_keyboard_alone(visit: Visit, maya: Mentor, tom: Person, saturday: datetime) -> None:
    session = asked(tom, maya, saturday)
    mayas = visit(as_=maya.person, width=DESKTOP)
    mayas.goes_to(f"/sessions/{session.reference}/answer")
    mayas.tabs_to("Accept")
    mayas.tabs_to("Propose other times")
    mayas.presses("Enter")
    mayas.tabs_to("Say no")
    mayas.presses("Enter")
    mayas.tabs_to("Why not")
    mayas.page.keyboard.type("Not now, sorry.")
    mayas.tabs_to("Decline")
    mayas.presses("Enter")
    expect(mayas.page.locator("main")).to_contain_text("You said no.")
    session.refresh_from_db()
    assert (session.status, session.cancel_reason) == ("rejected", "Not now, sorry.")


def test_a_mail_links_to_the_page_and_not_to_the_answer(
    visit: Visit, maya: Mentor, tom: Person, saturday: datetime
) -> None:
    session = asked(tom, maya, saturday)
    somebody = visit()
    somebody.goes_to(f"/sessions/{session.reference}/accept")
    expect(somebody.page.locator("input[name=login]")).to_be_visible()
    mayas = visit(as_=maya.person)
    mayas.goes_to(f"/sessions/{session.reference}/accept")
    expect(mayas.page.get_by_role("button", name="Accept")).to_be_visible()
    session.refresh_from_db()
    assert session.status == "pending"
