"""From the front page to a booked session: by mouse, by keyboard alone, and without scripts."""

import re
from pathlib import Path

from icalendar import Calendar
from playwright.sync_api import expect

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.browser.conftest import PHONE, Reader, Visit

CONFIRMED = re.compile(r"/sessions/SESSION-\w{8}/confirmation$")
FREE_DAY = "[data-month] td a"
TIMES = "#times ul a"


def both_clocks(reader: Reader) -> None:
    """The page tells the time in London and in Kolkata."""
    expect(reader.page.locator("main")).to_contain_text("Europe/London")
    expect(reader.page.locator("main")).to_contain_text("for Maya in Asia/Kolkata (IST)")


def test_a_stranger_finds_a_mentor_signs_in_and_books(
    visit: Visit, maya: Mentor, tom: Person, tmp_path: Path
) -> None:
    toms = visit()
    page = toms.page
    toms.goes_to("/")
    page.get_by_label("What would you like help with?").fill("maya")
    page.get_by_role("button", name="Find a mentor").click()
    page.get_by_role("link", name="Maya Rao").click()
    page.get_by_role("link", name="Book Introduction").click()

    page.locator(FREE_DAY).first.click()
    expect(page.locator("#times-title")).to_be_focused()
    page.locator(TIMES).nth(2).click()
    both_clocks(toms)
    choice = toms.path
    page.get_by_role("link", name="Sign in to book").click()
    page.get_by_label("Email").fill(tom.email)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(toms.server + choice)
    page.get_by_label("Notes for Maya").fill("Where do I begin?")
    page.get_by_role("button", name="Confirm").click()

    page.wait_for_url(CONFIRMED)
    both_clocks(toms)
    session = Session.objects.get()
    assert session.bookings.get().notes == "Where do I begin?"
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar file").click()
    download.value.save_as(tmp_path / "session.ics")
    (event,) = Calendar.from_ical((tmp_path / "session.ics").read_bytes()).events
    assert (event.start, str(event["UID"])) == (
        session.starts_at,
        f"{session.reference}@openmentor",
    )
    page.get_by_role("link", name="View my sessions").click()
    expect(page.locator("main")).to_contain_text("Introduction with Maya Rao")


def test_a_session_is_booked_by_keyboard_alone(visit: Visit, maya: Mentor, tom: Person) -> None:
    toms = visit(as_=tom)
    toms.goes_to("/mentors/maya-rao")
    toms.tabs_to("Book Introduction")
    toms.presses("Enter")
    toms.page.wait_for_selector("[data-month]")
    month = toms.page.locator("#month-title")
    first = month.inner_text()
    toms.tabs_to("Next month")
    toms.presses("Enter")
    expect(month).not_to_have_text(first)

    days = toms.page.locator(FREE_DAY)
    # One stop for Tab, whatever the month holds.
    expect(toms.page.locator(f"{FREE_DAY}[tabindex='0']")).to_have_count(1)
    labels = [str(day.get_attribute("aria-label")) for day in days.all()]
    toms.tabs_to(labels[0])
    toms.presses("ArrowRight")
    assert toms.focused == labels[1]
    toms.presses("ArrowLeft")
    assert toms.focused == labels[0]
    toms.presses("Enter")
    expect(toms.page.locator("#times-title")).to_be_focused()
    toms.presses("Tab", "Enter")
    toms.page.wait_for_selector("text=Is this right?")
    toms.tabs_to("Notes for Maya")
    toms.page.keyboard.type("By keyboard")
    toms.tabs_to("Confirm")
    toms.presses("Enter")

    toms.page.wait_for_url(CONFIRMED)
    expect(toms.page.get_by_role("heading", level=1)).to_be_focused()
    assert Session.objects.get().bookings.get().notes == "By keyboard"


def test_a_session_is_booked_on_a_phone_without_scripts(
    visit: Visit, maya: Mentor, tom: Person
) -> None:
    toms = visit(as_=tom, width=PHONE, javascript=False)
    page = toms.page
    toms.goes_to("/mentors?q=maya")
    page.get_by_role("link", name="Maya Rao").click()
    page.get_by_role("link", name="Book a session").click()
    page.get_by_role("link", name="Introduction").click()
    page.get_by_role("link", name="Next month").click()
    assert "month=" in toms.path
    page.locator(FREE_DAY).first.click()
    assert toms.path.endswith("#times")
    page.locator(TIMES).first.click()
    both_clocks(toms)
    page.get_by_role("link", name="Back").click()
    page.locator(TIMES).nth(1).click()
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(CONFIRMED)
    assert Session.objects.count() == 1


def test_turning_the_month_keeps_the_address_true_and_is_announced(
    visit: Visit, maya: Mentor
) -> None:
    somebody = visit()
    page = somebody.page
    offer = maya.session_types.get().reference
    somebody.goes_to(f"/mentors/maya-rao/book?type={offer}")
    first = page.locator("#month-title").inner_text()
    page.get_by_role("link", name="Next month").click()
    expect(page.locator("#month-title")).not_to_have_text(first)
    second = page.locator("#month-title").inner_text()
    assert "month=" in somebody.path
    expect(page.locator("#announcer")).to_contain_text(second)
    page.reload()
    expect(page.locator("#month-title")).to_have_text(second)
    page.go_back()
    expect(page.locator("#month-title")).to_have_text(first)
    expect(page.locator("header").first).to_be_visible()


def test_page_down_turns_the_month_and_keeps_the_keyboard_in_it(visit: Visit, maya: Mentor) -> None:
    somebody = visit()
    offer = maya.session_types.get().reference
    somebody.goes_to(f"/mentors/maya-rao/book?type={offer}")
    page = somebody.page
    first = page.locator("#month-title").inner_text()
    page.locator(FREE_DAY).first.focus()
    somebody.presses("PageDown")
    expect(page.locator("#month-title")).not_to_have_text(first)
    expect(page.locator(FREE_DAY).first).to_be_focused()
    somebody.presses("ArrowDown")
    assert somebody.focused == page.locator(FREE_DAY).nth(5).get_attribute("aria-label")


def test_a_lost_time_is_replaced_with_all_that_was_typed(
    visit: Visit, maya: Mentor, tom: Person, lena: Person
) -> None:
    toms = visit(as_=tom)
    page = toms.page
    toms.goes_to("/mentors/maya-rao")
    page.locator("a[href*='&time=']").first.click()
    page.get_by_label("Notes for Maya").fill("Still here?")
    wanted = page.locator("input[name=time]").get_attribute("value")
    lenas = visit(as_=lena)
    lenas.goes_to(toms.path)
    lenas.page.get_by_role("button", name="Confirm").click()
    lenas.page.wait_for_url(CONFIRMED)

    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("That time has just been taken.")
    expect(page.get_by_label("Notes for Maya")).to_have_value("Still here?")
    page.get_by_role("button", name="Book this time").click()
    page.wait_for_url(CONFIRMED)
    times = {session.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ") for session in Session.objects.all()}
    assert len(times) == 2
    assert wanted in times


def test_a_double_click_books_once(visit: Visit, maya: Mentor, tom: Person) -> None:
    toms = visit(as_=tom)
    toms.goes_to("/mentors/maya-rao")
    toms.page.locator("a[href*='&time=']").first.click()
    toms.page.get_by_role("button", name="Confirm").dblclick()
    toms.page.wait_for_url(CONFIRMED)
    assert Session.objects.count() == 1


def test_another_zone_moves_the_times(visit: Visit, maya: Mentor) -> None:
    somebody = visit()
    page = somebody.page
    offer = maya.session_types.get().reference
    somebody.goes_to(f"/mentors/maya-rao/book?type={offer}")
    page.locator("main details summary", has_text="Times in").click()
    page.locator("main").get_by_label("Your time zone").fill("Asia/Kolkata")
    page.locator("main").get_by_role("button", name="Show times in this zone").click()
    expect(page.locator("main")).to_contain_text("Asia/Kolkata (IST)")
    page.locator(FREE_DAY).first.click()
    expect(page.locator(TIMES).first).to_have_text("09:00")
