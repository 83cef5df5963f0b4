"""Paying in a real browser: play money, Razorpay's and Stripe's stand-ins, a hold that runs out."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from openmentor.base import clock
from openmentor.booking import audit, checkout, openings, sessions, settlement
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments import providers, refunds
from openmentor.payments.models import Order, Refund
from openmentor.people.models import Person
from standins.remote import Remote
from tests import make
from tests.browser.conftest import DESKTOP, PHONE, Reader, Visit

CONFIRMED = re.compile(r"/sessions/SESSION-\w{8}/confirmation$")
PAYMENT = re.compile(r"/sessions/SESSION-\w{8}/payment")
CHECKING = re.compile(r"/payments/ORDER-\w{8}/checking$")
PRICE = 150_000


@pytest.fixture
def held(maya: Mentor, tom: Person) -> Booking:
    """Tom's place with Maya some days ahead, waiting to be paid."""
    return held_by(maya, tom)


def held_by(mentor: Mentor, mentee: Person, number: int = 40) -> Booking:
    now = clock.now()
    free = openings.to_book(mentor.pk, minutes=30, now=now).next(number)
    return make.held(mentor, mentee, starts_at=free[-1], price=PRICE, now=now)


@pytest.fixture
def fresh_providers(settings: Any, live_server: LiveServer) -> Iterator[Any]:
    """The settings of a test that sets up providers of its own."""
    settings.PUBLIC_URL = live_server.url
    providers.of.cache_clear()
    yield settings
    providers.of.cache_clear()


def pages_of(booking: Booking, page: str = "/payment") -> str:
    return f"/sessions/{booking.session.reference}{page}"


def state(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.status, booking.payment_status


def is_booked(reader: Reader, booking: Booking) -> None:
    """The browser is at the confirmation of a paid session, and the books agree."""
    reader.page.wait_for_url(CONFIRMED)
    expect(reader.page.locator("h1")).to_have_text("Your session is booked")
    assert state(booking) == ("confirmed", "paid")
    expect(reader.page.locator("main")).to_contain_text(booking.payment_reference)
    assert audit.check(now=clock.now()) == []


# Play money


def test_a_payer_fails_and_then_pays(visit: Visit, maya: Mentor, tom: Person) -> None:
    make.session_type(maya, title="Mock interview", price=PRICE)
    toms = visit(as_=tom)
    page = toms.page
    toms.goes_to("/mentors/maya-rao/book")
    page.get_by_role("link", name="Mock interview").click()
    page.locator("[data-month] td a").first.click()
    page.locator("#times ul a").first.click()
    page.get_by_role("button", name="Proceed to payment").click()
    page.wait_for_url(PAYMENT)
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^14:\d\d$"))
    page.get_by_role("button", name="Simulate failure").click()
    expect(page.get_by_role("alert")).to_contain_text("The card was declined, as you chose.")
    page.get_by_role("button", name="simulate success").click()
    is_booked(toms, Booking.objects.get(mentee=tom))
    page.get_by_role("link", name="Receipt").click()
    expect(page.locator("h1")).to_have_text("Receipt")


def test_it_is_paid_by_keyboard_alone(visit: Visit, held: Booking, tom: Person) -> None:
    toms = visit(as_=tom)
    toms.goes_to(pages_of(held))
    toms.tabs_to("Pay ₹1,500.00 (simulate success)")
    toms.presses("Enter")
    is_booked(toms, held)


def test_it_is_paid_without_scripts(visit: Visit, held: Booking, tom: Person) -> None:
    toms = visit(as_=tom, javascript=False)
    page = toms.page
    toms.goes_to(pages_of(held))
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"in 1[45] minutes"))
    page.get_by_role("button", name="I closed the tab").click()
    page.wait_for_url(CHECKING)
    page.get_by_role("button", name="Check again").click()
    page.wait_for_url(CHECKING)
    page.get_by_role("button", name="The money arrives").click()
    is_booked(toms, held)


def test_the_page_that_waits_goes_on_by_itself(visit: Visit, held: Booking, tom: Person) -> None:
    toms, other = visit(as_=tom), visit(as_=tom)
    toms.goes_to(pages_of(held))
    other.goes_to(pages_of(held))
    toms.page.get_by_role("button", name="I closed the tab").click()
    toms.page.wait_for_url(CHECKING)
    toms.page.get_by_role("button", name="Check again").focus()
    other.page.get_by_role("button", name="simulate success").click()
    is_booked(other, held)
    is_booked(toms, held)


# A hold that runs out


def hold_for(booking: Booking, seconds: int) -> None:
    end = clock.now() + timedelta(seconds=seconds)
    Booking.objects.filter(pk=booking.pk).update(hold_until=end)
    Order.objects.filter(purpose_id=booking.pk).update(expires_at=end)


def test_the_last_minute_and_the_end_are_announced(
    visit: Visit, held: Booking, tom: Person
) -> None:
    hold_for(held, 62)
    toms = visit(as_=tom)
    page = toms.page
    page.clock.install()
    toms.goes_to(pages_of(held))
    announcer = page.locator("#announcer")
    expect(announcer).to_have_text("")
    page.clock.run_for(4_000)
    expect(announcer).to_have_text("1 minute left to pay.")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^0:5\d$"))
    page.clock.run_for(60_000)
    expect(announcer).to_have_text("The time is free again.")
    expect(page.get_by_role("button", name="simulate success")).to_be_hidden()
    expect(page.locator("#over")).to_be_focused()
    page.get_by_role("link", name="Choose another time").click()
    page.wait_for_url("**/mentors/maya-rao/book")


def test_who_comes_back_too_late_is_told_and_led_back(
    visit: Visit, held: Booking, tom: Person
) -> None:
    toms = visit(as_=tom)
    toms.goes_to(pages_of(held))
    hold_for(held, -1)
    settlement.expire_due(now=clock.now())
    toms.page.reload()
    expect(toms.page.locator("h1")).to_have_text("The time is free again")
    toms.page.get_by_role("button", name="the money comes only now").click()
    is_booked(toms, held)


# Razorpay


@pytest.fixture
def razorpay(fresh_providers: Any, razorpay_standin: Remote) -> Remote:
    """Razorpay's stand-in beside play money."""
    fresh_providers.PAYMENT_PROVIDERS = {"razorpay": razorpay_standin.options(), "mock": {}}
    return razorpay_standin


def test_a_session_is_paid_in_razorpays_frame(
    visit: Visit, razorpay: Remote, held: Booking, tom: Person
) -> None:
    toms = visit(as_=tom)
    page = toms.page
    toms.goes_to(pages_of(held))
    page.get_by_label("Razorpay").check()
    page.get_by_role("button", name="Continue").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Fail").click()
    frame.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert")).to_contain_text("The payment did not go through")
    assert state(held) == ("held", "failed")
    page.get_by_role("button", name="Pay ₹1,500.00").click()
    frame.get_by_role("button", name="Pay", exact=True).click()
    is_booked(toms, held)
    assert list(razorpay.captured().values()) == [PRICE]
    assert razorpay.refunded() == {}


def test_razorpays_frame_that_is_closed_costs_nothing(
    visit: Visit, razorpay: Remote, held: Booking, tom: Person
) -> None:
    toms = visit(as_=tom)
    page = toms.page
    toms.goes_to(pages_of(held))
    page.get_by_label("Razorpay").check()
    page.get_by_role("button", name="Continue").click()
    page.frame_locator("iframe").get_by_role("button", name="Cancel").click()
    page.wait_for_url(re.compile(r"/payment$"))
    expect(page.get_by_role("button", name="Pay ₹1,500.00")).to_be_visible()
    assert (state(held), razorpay.captured()) == (("held", "pending"), {})


def test_a_bank_that_answers_late_is_waited_for(
    visit: Visit, razorpay: Remote, held: Booking, tom: Person
) -> None:
    toms = visit(as_=tom)
    page = toms.page
    toms.goes_to(pages_of(held))
    page.get_by_label("Razorpay").check()
    page.get_by_role("button", name="Continue").click()
    page.frame_locator("iframe").get_by_role("button", name="the bank answers later").click()
    page.wait_for_url(CHECKING)
    [attempt] = providers.of("razorpay").fetch(checkout.to_pay(order_of(held)))
    razorpay.script(capture=attempt.provider_payment_id)
    page.set_default_timeout(20_000)
    is_booked(toms, held)


def test_without_scripts_razorpay_says_what_to_do(
    visit: Visit, razorpay: Remote, held: Booking, tom: Person
) -> None:
    toms = visit(as_=tom, javascript=False)
    page = toms.page
    toms.goes_to(pages_of(held))
    page.get_by_label("Razorpay").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("Razorpay needs JavaScript")
    page.get_by_role("link", name="Pay in another way").click()
    page.get_by_label("Play money").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="simulate success").click()
    is_booked(toms, held)


# Stripe


@pytest.fixture
def stripe(fresh_providers: Any, stripe_standin: Remote) -> Remote:
    """Stripe's stand-in alone."""
    fresh_providers.PAYMENT_PROVIDERS = {"stripe": stripe_standin.options()}
    return stripe_standin


@pytest.mark.parametrize("javascript", [True, False])
def test_a_session_is_paid_on_stripes_page(
    visit: Visit, stripe: Remote, held: Booking, tom: Person, javascript: bool
) -> None:
    toms = visit(as_=tom, javascript=javascript)
    page = toms.page
    toms.goes_to(pages_of(held))
    page.get_by_role("button", name="Pay ₹1,500.00").click()
    page.wait_for_url(stripe.url + "/**")
    page.get_by_role("button", name="Fail").click()
    expect(page.get_by_role("alert")).to_contain_text("declined")
    page.get_by_role("link", name="Back").click()
    page.wait_for_url(PAYMENT)
    page.get_by_role("button", name="Pay ₹1,500.00").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    is_booked(toms, held)
    assert list(stripe.captured().values()) == [PRICE]


def test_a_cancelled_session_gives_back_just_what_was_shown(
    visit: Visit, stripe: Remote, held: Booking, tom: Person
) -> None:
    toms = visit(as_=tom)
    page = toms.page
    toms.goes_to(pages_of(held))
    page.get_by_role("button", name="Pay ₹1,500.00").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    is_booked(toms, held)
    toms.goes_to(pages_of(held, "/cancel"))
    expect(page.locator("main")).to_contain_text("₹1,500.00 is paid back to you")
    page.get_by_role("button", name="Cancel session").click()
    expect(page.locator("main")).to_contain_text("₹1,500.00 is on its way back.")
    refunds.carry_out_due(now=clock.now())
    assert list(stripe.refunded().values()) == [PRICE]
    page.reload()
    expect(page.locator("main")).to_contain_text("Paid back")
    assert audit.check(now=clock.now()) == []


# Barriers


@pytest.mark.parametrize(("width", "theme"), [(PHONE, "light"), (DESKTOP, "dark")])
def test_the_pages_about_money_have_no_barrier(
    visit: Visit, maya: Mentor, tom: Person, staff: Person, *, width: int, theme: str
) -> None:
    held, failed, over, paid, back = (held_by(maya, tom, 10 + 10 * number) for number in range(5))
    now = clock.now()
    settlement.fail(order_of(failed).pk, reason="The card was declined.", now=now)
    for booking in (paid, back):
        pay(booking)
    sessions.cancel(back.session.reference, by=tom, now=now)
    Refund.objects.update(status="failed", trouble="The account is closed.")
    hold_for(over, -1)
    checking = f"/payments/{order_of(held).reference}/checking"
    receipt = f"/my-payments/{order_of(back).reference}/receipt"
    places = {
        tom: [
            *(pages_of(booking) for booking in (held, failed, over)),
            *(
                pages_of(booking, page)
                for booking in (paid, back, held)
                for page in ("", "/cancel")
            ),
            pages_of(paid, "/confirmation"),
            *(checking, receipt, "/my-payments", "/my-sessions"),
        ],
        maya.person: ["/mentor/earnings"],
        staff: ["/staff/payouts", "/staff/refunds", "/staff/books"],
    }
    for person, addresses in places.items():
        reader = visit(as_=person, width=width, theme=theme)
        for address in addresses:
            reader.goes_to(address)
            reader.finds_no_barrier()


def order_of(booking: Booking) -> Order:
    return Order.objects.exclude(status="expired").get(purpose_id=booking.pk)


def pay(booking: Booking) -> None:
    checkout.verify(order_of(booking).reference, payer=booking.mentee, returned={}, now=clock.now())
