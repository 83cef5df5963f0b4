"""An open request from posting to done, between a mentee and mentors in windows of their own."""

from datetime import datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import expect

from openmentor.base import clock
from openmentor.booking import claims, open_requests
from openmentor.booking.models import OpenRequest
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests.browser.conftest import PHONE, Reader, Visit

LIVE = 5_000
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def wednesday() -> datetime:
    """Nine o'clock UTC on a Wednesday that the second week of the grid shows."""
    now = clock.now()
    return (now + ((2 - now.weekday()) % 7 + 7) * DAY).replace(
        hour=9, minute=0, second=0, microsecond=0
    )


def posted(mentee: Person, at: datetime, **need: str) -> OpenRequest:
    return open_requests.post(
        mentee,
        kind="other",
        title=need.get("title", "A slow query"),
        duration_minutes=30,
        windows=[(at, at + 3 * HOUR)],
        now=clock.now(),
    )


def sees(reader: Reader, words: str) -> None:
    """Within five seconds, without touching anything."""
    expect(reader.page.locator("main")).to_contain_text(words, timeout=LIVE)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_posting_to_claim_to_scheduling_to_done(
    visit: Visit, maya: Mentor, tom: Person, wednesday: datetime, javascript: bool
) -> None:
    mayas = visit(as_=maya.person, javascript=javascript, zone="Asia/Kolkata")
    mayas.goes_to("/board")
    expect(mayas.page.locator("main")).to_contain_text("The board is empty")

    toms = visit(as_=tom, width=PHONE, javascript=javascript)
    page = toms.page
    toms.goes_to("/requests")
    page.get_by_role("link", name="Ask all mentors").first.click()
    page.get_by_label("Kind of help").select_option("technical_help")
    page.get_by_label("In a few words").fill("A slow query")
    page.get_by_label("30 minutes").check()
    page.get_by_role("button", name="The week after").click()
    local = wednesday.strftime("%A %-d %B")
    expect(page.locator("#week-title")).not_to_be_empty()
    for hour in ("09", "10"):
        label = f"{local}, {hour}:00 to {int(hour) + 1:02}:00"
        page.get_by_label(label).check(force=True)
    page.get_by_role("button", name="Post request").last.click()
    expect(page.locator("main")).to_contain_text("Your request is on the board.")
    request = OpenRequest.objects.get()

    if not javascript:
        mayas.page.reload()
    sees(mayas, "A slow query")
    mayas.page.get_by_role("button", name="Claim A slow query").click()
    expect(mayas.page.locator("main")).to_contain_text("It is yours. Now choose a time.")
    if not javascript:
        page.reload()
    sees(toms, "Maya Rao has claimed it")

    mayas.page.locator("input[name=time]").nth(1).check()
    mayas.page.get_by_role("button", name="Schedule").click()
    expect(mayas.page.locator("main")).to_contain_text("The time is agreed.")
    if not javascript:
        page.reload()
    sees(toms, "Maya Rao meets you")

    request.refresh_from_db()
    assert request.session is not None
    with time_machine.travel(request.session.starts_at + HOUR / 2, tick=True):
        mayas.page.reload()
        mayas.page.get_by_role("link", name="Mark as completed").click()
        mayas.page.get_by_role("button", name="Mark as completed").click()
        expect(mayas.page.locator("main")).to_contain_text("The session is completed.")
        if not javascript:
            page.reload()
        sees(toms, "You met Maya Rao")


def test_who_looks_at_it_sees_that_another_mentor_was_faster(
    visit: Visit, maya: Mentor, kiri: Mentor, tom: Person, wednesday: datetime
) -> None:
    request = posted(tom, wednesday)
    board, page = visit(as_=kiri.person, width=PHONE), visit(as_=kiri.person)
    board.goes_to("/board")
    page.goes_to(f"/board/{request.reference}")
    claims.claim(request.reference, by=maya.person, now=clock.now())
    sees(board, "The board is empty")
    sees(page, "Another mentor has already claimed this request.")


def test_a_claim_in_the_same_moment_is_told_so(
    visit: Visit, maya: Mentor, kiri: Mentor, tom: Person, wednesday: datetime
) -> None:
    request = posted(tom, wednesday)
    kiris = visit(as_=kiri.person, javascript=False)
    kiris.goes_to(f"/board/{request.reference}")
    claims.claim(request.reference, by=maya.person, now=clock.now())
    kiris.page.get_by_role("button", name="Claim").click()
    expect(kiris.page.locator("h1")).to_have_text(
        "Another mentor has already claimed this request."
    )


def test_given_back_it_is_on_the_board_again(
    visit: Visit, maya: Mentor, kiri: Mentor, tom: Person, wednesday: datetime
) -> None:
    request = posted(tom, wednesday)
    claims.claim(request.reference, by=maya.person, now=clock.now())
    kiris = visit(as_=kiri.person, width=PHONE)
    kiris.goes_to("/board")
    mayas = visit(as_=maya.person)
    mayas.goes_to("/board")
    mayas.page.get_by_role("link", name="A slow query").click()
    mayas.page.get_by_role("button", name="Give it back").click()
    expect(mayas.page.locator("main")).to_contain_text("It is on the board again")
    sees(kiris, "A slow query")


def test_the_hours_by_keyboard_alone(visit: Visit, tom: Person, wednesday: datetime) -> None:
    toms = visit(as_=tom)
    toms.goes_to("/requests/new")
    toms.tabs_to("Kind of help")
    toms.page.keyboard.type("Career")
    toms.tabs_to("In a few words")
    toms.page.keyboard.type("What next?")
    toms.tabs_to("The week after")
    toms.presses("Enter")
    expect(toms.page.locator("#week-title")).to_be_focused()
    toms.tabs_to(toms.page.locator("[data-hours] input").first.get_attribute("aria-label") or "")
    first = toms.focused
    toms.presses("Space", "ArrowDown", "Space", "ArrowRight", "Space")
    assert toms.focused != first
    assert toms.page.locator("[data-hours] input:checked").count() == 3
    toms.tabs_to("Post request")
    toms.presses("Enter")
    expect(toms.page.locator("main")).to_contain_text("Your request is on the board.")
    assert OpenRequest.objects.get().windows.count() == 2


def test_it_is_changed_and_taken_back(visit: Visit, tom: Person, wednesday: datetime) -> None:
    request = posted(tom, wednesday + HOUR / 2)
    toms = visit(as_=tom, width=PHONE)
    page = toms.page
    toms.goes_to("/requests")
    page.get_by_role("link", name="A slow query").click()
    page.get_by_role("link", name="Change").click()
    page.get_by_label("In a few words").fill("A very slow query")
    page.get_by_role("button", name="Remove time 1").click()
    expect(page.get_by_role("button", name="Remove time 1")).to_have_count(0)
    page.get_by_label("Day", exact=True).fill(f"{wednesday:%Y-%m-%d}")
    page.get_by_label("From").fill("14:05")
    page.get_by_label("To", exact=True).fill("15:10")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("h1")).to_have_text("A very slow query")
    expect(page.locator("main")).to_contain_text("14:05–15:10")
    page.get_by_role("link", name="Take back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main")).to_contain_text("You took it back")
    request.refresh_from_db()
    assert request.status == "cancelled"
