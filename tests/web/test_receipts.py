"""`/my-payments` and its receipts: what was paid, what came back, and for whose eyes."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from openmentor.booking import checkout, sessions, settlement
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments import refunds
from openmentor.payments.models import Order
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import links, words

Queries = Callable[[int], AbstractContextManager[object]]
THURSDAY_AT_TEN = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def toms(client: Client, tom: Person) -> Client:
    """Tom's browser."""
    client.force_login(tom)
    return client


@pytest.fixture
def paid(maya: Mentor, tom: Person) -> Booking:
    return make.paid(maya, tom, starts_at=THURSDAY_AT_TEN, now=NOW)


def order_of(booking: Booking) -> Order:
    return Order.objects.get(purpose="booking", purpose_id=booking.pk)


def receipt_of(booking: Booking) -> str:
    return f"/my-payments/{order_of(booking).reference}/receipt"


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_who_has_paid_nothing_is_told_where_to_begin(toms: Client) -> None:
    page = toms.get("/my-payments")
    assert "No payments yet" in words(page)
    assert links(page, "/mentors") == ["/mentors"]


def test_a_payment_is_listed_with_its_receipt(toms: Client, paid: Booking) -> None:
    page = toms.get("/my-payments")
    text = words(page)
    for said in (
        "Paid ₹1,500.00",
        "Mock interview with Maya Rao, Thu 5 Mar, 04:30 GMT",
        "Paid on Monday 2 March 2026, 06:30 GMT",
    ):
        assert said in text
    assert links(page, "/my-payments/") == [receipt_of(paid)]


def test_what_is_still_to_pay_can_be_paid_from_there(
    toms: Client, maya: Mentor, tom: Person, clock: time_machine.Traveller
) -> None:
    held = make.held(maya, tom, starts_at=THURSDAY_AT_TEN, now=NOW)
    payment = f"/sessions/{held.session.reference}/payment"
    assert links(toms.get("/my-payments"), "/payment") == [payment]
    clock.shift(timedelta(minutes=15))
    assert links(toms.get("/my-payments"), "/payment") == []
    settlement.expire_due(now=NOW + timedelta(minutes=15))
    assert "No payments yet" in words(toms.get("/my-payments"))


def test_what_came_back_is_listed_with_its_state(
    toms: Client, maya: Mentor, tom: Person, paid: Booking
) -> None:
    sessions.cancel(paid.session.reference, by=tom, now=NOW)
    assert "Refunded ₹1,500.00" in words(toms.get("/my-payments"))
    assert "₹1,500.00 back to you On its way" in words(toms.get("/my-payments"))
    refunds.carry_out_due(now=NOW)
    assert "₹1,500.00 back to you Paid back" in words(toms.get("/my-payments"))


def test_money_that_came_too_late_is_listed_without_a_receipt(
    toms: Client, maya: Mentor, tom: Person
) -> None:
    held = make.held(maya, tom, starts_at=THURSDAY_AT_TEN, now=NOW)
    sessions.cancel(held.session.reference, by=tom, now=NOW)
    checkout.verify(order_of(held).reference, payer=tom, returned={}, now=NOW)
    page = toms.get("/my-payments")
    assert "Not paid ₹1,500.00" in words(page)
    assert "₹1,500.00 back to you: it came too late On its way" in words(page)
    assert links(page, "/receipt") == []
    assert toms.get(receipt_of(held)).status_code == 404


def test_a_receipt_says_who_paid_whom_what_and_when(toms: Client, paid: Booking) -> None:
    text = words(toms.get(receipt_of(paid)))
    for said in (
        "Receipt Number 1 OpenMentor",
        "Paid by Tom Becker",
        "Paid on Monday 2 March 2026, 06:30 GMT",
        "Paid with Play money",
        "For Mock interview",
        "Mentor Maya Rao",
        "When Thursday 5 March 2026 04:30–05:00 Europe/London (GMT)",
        f"Payment id {paid.payment_reference}",
        f"Order id {order_of(paid).reference}",
        "Amounts Paid ₹1,500.00",
    ):
        assert said in text


def test_a_receipt_shows_what_was_paid_back(
    toms: Client, paid: Booking, clock: time_machine.Traveller
) -> None:
    clock.move_to(THURSDAY_AT_TEN - timedelta(hours=3))
    toms.force_login(paid.mentee)
    sessions.cancel(
        paid.session.reference, by=paid.mentee, now=THURSDAY_AT_TEN - timedelta(hours=3)
    )
    text = words(toms.get(receipt_of(paid)))
    assert "Paid back (on its way)" in text
    assert "−₹750.00" in text
    assert "Remains paid ₹750.00" in text


def test_receipts_are_numbered_without_gaps(maya: Mentor, tom: Person, lena: Person) -> None:
    numbers = []
    for number, person in enumerate((tom, lena, tom)):
        starts_at = THURSDAY_AT_TEN + timedelta(hours=number)
        booking = make.paid(maya, person, starts_at=starts_at, now=NOW)
        found = re.search(r"Number (\d+)", words(browser(person).get(receipt_of(booking))))
        assert found
        numbers.append(found[1])
    assert numbers == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("currency", "price", "shown"), [("JPY", 5_000, "¥5,000"), ("KWD", 1_500, "KWD1.500")]
)
def test_amounts_are_right_in_currencies_with_no_or_three_decimals(
    toms: Client, maya: Mentor, tom: Person, *, currency: str, price: int, shown: str
) -> None:
    facts = {"starts_at": THURSDAY_AT_TEN, "price": price, "currency": currency}
    booking = make.paid(maya, tom, now=NOW, **facts)  # type: ignore[arg-type]  # as it takes them
    assert f"Amounts Paid {shown}" in words(toms.get(receipt_of(booking)))
    assert f"Paid {shown}" in words(toms.get("/my-payments"))


def test_a_receipt_is_for_its_payer_and_staff_only(
    paid: Booking, tom: Person, maya: Mentor, zoe: Person, staff: Person
) -> None:
    people = (tom, staff, maya.person, zoe)
    seen = [browser(person).get(receipt_of(paid)).status_code for person in people]
    assert seen == [200, 200, 404, 404]
    assert browser(zoe).get("/my-payments").status_code == 200
    assert "Mock interview" not in words(browser(zoe).get("/my-payments"))
    assert Client().get(receipt_of(paid))["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_payment_as_for_three(
    toms: Client, maya: Mentor, tom: Person, number: int, django_assert_num_queries: Queries
) -> None:
    for hour in range(number):
        make.paid(maya, tom, starts_at=THURSDAY_AT_TEN + timedelta(hours=hour), now=NOW)
    toms.get("/my-payments")
    with django_assert_num_queries(8):
        toms.get("/my-payments")
