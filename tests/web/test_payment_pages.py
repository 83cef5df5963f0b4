"""Paying for a session on its pages: held, paid, failed, late, lost, cancelled."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from openmentor.booking import checkout, sessions, settlement
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor
from openmentor.payments import refunds
from openmentor.payments.models import Order, Payment, Refund
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import field, links, words

Queries = Callable[[int], AbstractContextManager[object]]
TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""
THURSDAY_AT_TEN = TUESDAY_AT_TEN + timedelta(days=2)
PRICE = 150_000


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def held(maya: Mentor, tom: Person) -> Booking:
    """Tom's place with Maya on Thursday at ten, waiting to be paid."""
    return make.held(maya, tom, starts_at=THURSDAY_AT_TEN, price=PRICE, now=NOW)


@pytest.fixture
def paid(maya: Mentor, tom: Person) -> Booking:
    """The same, paid."""
    return make.paid(maya, tom, starts_at=THURSDAY_AT_TEN, price=PRICE, now=NOW)


@pytest.fixture
def toms(client: Client, tom: Person) -> Client:
    """Tom's browser."""
    client.force_login(tom)
    return client


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(booking: Booking, page: str = "/payment") -> str:
    return f"/sessions/{booking.session.reference}{page}"


def order_of(booking: Booking) -> Order:
    return Order.objects.get(purpose="booking", purpose_id=booking.pk)


def come_back(browser: Client, booking: Booking, outcome: str = "success") -> Any:
    return browser.post(f"/payments/{order_of(booking).reference}/return", {"outcome": outcome})


def state(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.status, booking.payment_status


# From booking to paying


def test_a_priced_session_leads_from_booking_to_paying(toms: Client, maya: Mentor) -> None:
    priced = make.session_type(maya, title="Mock interview", price=PRICE)
    book = f"/mentors/{maya.handle}/book"
    page = toms.get(book, {"type": priced.reference, "time": "2026-03-05T04:30:00Z"})
    assert "Proceed to payment" in words(page)
    form = {"type": priced.reference, "time": "2026-03-05T04:30:00Z", "key": field(page, "key")}
    answer = toms.post(book, form, follow=True)
    session = Session.objects.get()
    assert answer.redirect_chain[-1][0] == f"/sessions/{session.reference}/payment"


def test_the_page_says_what_is_paid_and_until_when(toms: Client, held: Booking) -> None:
    text = words(toms.get(page_of(held)))
    for said in (
        "Pay for your session",
        "Mock interview",
        "Maya Rao",
        "Thursday 5 March 2026 04:30–05:00 Europe/London (GMT)",
        "10:00–10:30 for Maya in Asia/Kolkata (IST)",
        "30 minutes",
        "₹1,500.00",
        "Held for you until 06:45 GMT in 15 minutes",
        "Cancel up to 24 hours before the start for a full refund",
        "If Maya cancels, you get everything back.",
        "Pay ₹1,500.00 (simulate success)",
        "Simulate failure",
        "Simulate that I closed the tab",
    ):
        assert said in text


def test_the_seconds_that_are_left_are_there_for_the_countdown(
    toms: Client, held: Booking, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=10, seconds=1))
    assert 'data-countdown="299"' in toms.get(page_of(held)).content.decode()


def test_only_the_payer_comes_to_the_checkout(
    held: Booking, maya: Mentor, zoe: Person, staff: Person
) -> None:
    order = order_of(held).reference
    for person in (maya.person, zoe, staff):
        other = browser(person)
        assert other.get(page_of(held)).status_code == 404
        assert other.post(page_of(held), {"provider": "mock"}).status_code == 404
        for page in ("", "/return", "/checking"):
            assert other.get(f"/payments/{order}{page}").status_code == 404
        assert other.post(f"/payments/{order}/return").status_code == 404
        assert other.post(f"/payments/{order}/checking").status_code == 404
    assert state(held) == ("held", "pending")


def test_somebody_who_is_not_signed_in_is_asked_to(client: Client, held: Booking) -> None:
    order = order_of(held).reference
    for page in (page_of(held), f"/payments/{order}", f"/payments/{order}/return"):
        assert client.get(page)["Location"] == f"/account/login/?next={page}"


def test_a_form_from_elsewhere_is_not_believed(held: Booking, tom: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(tom)
    assert come_back(strict, held).status_code == 403
    assert state(held) == ("held", "pending")


# Paying


def test_success_confirms_and_leads_to_the_confirmation(toms: Client, held: Booking) -> None:
    answer = come_back(toms, held)
    order = order_of(held)
    assert (answer.status_code, answer["Location"]) == (303, f"/payments/{order.reference}")
    assert toms.get(answer["Location"])["Location"] == page_of(held, "/confirmation")
    assert state(held) == ("confirmed", "paid")


def test_the_confirmation_shows_the_amount_the_payment_and_the_receipt(
    toms: Client, paid: Booking
) -> None:
    page = toms.get(page_of(paid, "/confirmation"))
    text = words(page)
    for said in ("Your session is booked", "₹1,500.00", "Paid", paid.payment_reference, "Receipt"):
        assert said in text
    receipt = f"/my-payments/{order_of(paid).reference}/receipt"
    assert links(page, "/receipt") == [receipt]


def test_paying_twice_is_paying_once(toms: Client, held: Booking) -> None:
    first, second = come_back(toms, held), come_back(toms, held)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Payment.objects.count() == 1
    assert not Refund.objects.exists()


def test_a_failure_is_shown_with_its_reason_and_can_be_tried_again(
    toms: Client, held: Booking
) -> None:
    answer = come_back(toms, held, "failure")
    assert (answer.status_code, answer["Location"]) == (303, page_of(held))
    text = words(toms.get(page_of(held)))
    assert "The payment did not go through" in text
    assert text.count("The card was declined, as you chose.") == 1
    assert state(held) == ("held", "failed")
    come_back(toms, held)
    assert state(held) == ("confirmed", "paid")


def test_what_is_forged_changes_nothing(toms: Client, held: Booking) -> None:
    answer = come_back(toms, held, "whatever I like")
    assert (answer.status_code, answer["Location"]) == (303, page_of(held))
    assert "The payment could not be verified." in words(toms.get(page_of(held)))
    assert state(held) == ("held", "pending")
    assert not Payment.objects.exists()


def test_a_bank_that_has_not_answered_is_waited_for(toms: Client, held: Booking) -> None:
    answer = come_back(toms, held, "late")
    checking = f"/payments/{order_of(held).reference}/checking"
    assert (answer.status_code, answer["Location"]) == (303, checking)
    page = toms.get(checking)
    assert "We are checking your payment" in words(page)
    assert 'hx-trigger="submit, every 4s"' in page.content.decode()
    assert toms.post(checking)["Location"] == checking
    quiet = toms.post(checking, headers={"HX-Request": "true"})
    assert (quiet.status_code, quiet.content) == (204, b"")


def test_the_page_that_waits_goes_on_when_the_money_is_there(toms: Client, held: Booking) -> None:
    come_back(toms, held, "late")
    come_back(toms, held)
    checking = f"/payments/{order_of(held).reference}/checking"
    confirmation = page_of(held, "/confirmation")
    assert toms.get(checking)["Location"] == confirmation
    assert toms.post(checking)["Location"] == confirmation
    polled = toms.post(checking, headers={"HX-Request": "true"})
    assert (polled.status_code, polled["HX-Redirect"]) == (200, confirmation)


def test_who_only_closed_the_checkout_is_led_back_to_paying(toms: Client, held: Booking) -> None:
    checking = f"/payments/{order_of(held).reference}/checking"
    assert toms.post(checking, {"left": "yes"})["Location"] == page_of(held)


def test_an_order_leads_to_where_it_stands(toms: Client, held: Booking) -> None:
    address = f"/payments/{order_of(held).reference}"
    assert toms.get(address)["Location"] == page_of(held)
    come_back(toms, held)
    assert toms.get(address)["Location"] == page_of(held, "/confirmation")
    assert toms.get("/payments/ORDER-00000000").status_code == 404


def test_nothing_to_pay_leads_to_the_confirmation(
    toms: Client, maya: Mentor, tom: Person, paid: Booking
) -> None:
    free = make.session(maya, tom, starts_at=TUESDAY_AT_TEN)
    for session in (free, paid.session):
        answer = toms.get(f"/sessions/{session.reference}/payment")
        assert answer["Location"] == f"/sessions/{session.reference}/confirmation"


def test_until_it_is_paid_the_confirmation_leads_to_paying(toms: Client, held: Booking) -> None:
    assert toms.get(page_of(held, "/confirmation"))["Location"] == page_of(held)


# When the hold is over


def test_a_hold_that_is_over_says_so_and_leads_back_to_booking(
    toms: Client, held: Booking, maya: Mentor, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(minutes=15))
    for _ in ("before the job has run", "and after"):
        page = toms.get(page_of(held))
        assert page.status_code == 200
        assert "The time is free again" in words(page)
        assert links(page, "/book?type=") == [
            f"/mentors/{maya.handle}/book?type={held.session.session_type.reference}"  # type: ignore[union-attr]  # it has one
        ]
        settlement.expire_due(now=NOW + timedelta(minutes=15))
    assert toms.post(page_of(held), {"provider": "mock"}).status_code == 409


def test_late_money_books_a_time_that_is_still_free(
    toms: Client, held: Booking, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=1))
    settlement.expire_due(now=NOW + timedelta(hours=1))
    assert "the money comes only now" in words(toms.get(page_of(held)))
    come_back(toms, held)
    assert toms.get(page_of(held))["Location"] == page_of(held, "/confirmation")


def test_late_money_for_a_lost_time_is_shown_on_its_way_back(
    toms: Client, held: Booking, maya: Mentor, lena: Person, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=1))
    settlement.expire_due(now=NOW + timedelta(hours=1))
    make.session(maya, lena, starts_at=THURSDAY_AT_TEN)
    checking = come_back(toms, held)["Location"]
    assert toms.get(checking)["Location"] == page_of(held)
    text = words(toms.get(page_of(held)))
    assert "₹1,500.00 is on its way back to you" in text
    assert "the money comes only now" not in text
    refunds.carry_out_due(now=NOW + timedelta(hours=1))
    assert "₹1,500.00 was paid back to you" in words(toms.get(page_of(held)))


def test_a_cancelled_booking_has_no_checkout(toms: Client, held: Booking, tom: Person) -> None:
    sessions.cancel(held.session.reference, by=tom, now=NOW)
    assert toms.get(page_of(held))["Location"] == page_of(held, "")


# How many questions a page asks the database


@pytest.mark.parametrize("tries", [1, 3])
def test_the_payment_page_asks_a_few_things_however_many_orders(
    toms: Client, held: Booking, tries: int, django_assert_num_queries: Queries
) -> None:
    first = order_of(held)
    for number in range(tries - 1):
        Order.objects.filter(pk=first.pk).update(status="expired")
        first.pk, first.reference = None, f"ORDER-0000000{number}"
        first._state.adding = True
        first.save()
    checkout.begin(held.session.reference, payer=held.mentee, now=NOW)
    toms.get(page_of(held))
    with django_assert_num_queries(7):
        toms.get(page_of(held))
