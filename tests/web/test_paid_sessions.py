"""What a price changes on the pages of a session: to pay, paid, given back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from openmentor.booking import sessions
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments import refunds
from openmentor.payments.models import Refund
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


def state(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.status, booking.payment_status


def test_the_session_asks_its_payer_to_pay_and_tells_its_mentor(
    toms: Client, held: Booking, maya: Mentor
) -> None:
    page = toms.get(page_of(held, ""))
    assert "Payment due" in words(page)
    assert links(page, "/payment") == [page_of(held)]
    given = browser(maya.person).get(page_of(held, ""))
    assert "Tom has until" in words(given)
    assert links(given, "/payment") == []


def test_my_sessions_say_what_is_to_pay_what_is_paid_and_what_is_free(
    toms: Client, held: Booking, maya: Mentor, tom: Person
) -> None:
    make.paid(maya, tom, starts_at=TUESDAY_AT_TEN + timedelta(days=1), now=NOW)
    make.booked(maya, tom, starts_at=TUESDAY_AT_TEN, now=NOW)
    page = toms.get("/my-sessions")
    text = words(page)
    assert [text.count(word) for word in ("FREE", " Paid ", "Payment due")] == [1, 1, 1]
    assert links(page, "/payment") == [page_of(held)]


@pytest.mark.parametrize(
    ("ahead", "minor", "said"),
    [
        (timedelta(hours=24), 150_000, "₹1,500.00 is paid back to you"),
        (timedelta(hours=2), 75_000, "₹750.00 of ₹1,500.00 is paid back to you"),
        (timedelta(hours=1), 0, "Nothing is paid back of ₹1,500.00."),
    ],
)
def test_cancelling_shows_the_refund_and_moves_just_that(
    toms: Client,
    paid: Booking,
    clock: time_machine.Traveller,
    *,
    ahead: timedelta,
    minor: int,
    said: str,
) -> None:
    clock.move_to(THURSDAY_AT_TEN - ahead)
    toms.force_login(paid.mentee)
    page = toms.get(page_of(paid, "/cancel"))
    assert said in words(page)
    assert field(page, "expecting") == str(minor)
    toms.post(page_of(paid, "/cancel"), {"expecting": minor})
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == minor
    assert state(paid)[0] == "cancelled"


def test_a_refund_that_changed_is_shown_anew_before_anything_moves(
    toms: Client, paid: Booking, clock: time_machine.Traveller
) -> None:
    clock.move_to(THURSDAY_AT_TEN - timedelta(hours=23))
    toms.force_login(paid.mentee)
    answer = toms.post(page_of(paid, "/cancel"), {"expecting": PRICE, "reason": "Ill"})
    assert answer.status_code == 409
    text = words(answer)
    assert "The refund has changed since you were shown it. Please look again." in text
    assert "₹750.00 of ₹1,500.00 is paid back to you" in text
    assert ">Ill</textarea>" in answer.content.decode()
    assert field(answer, "expecting") == "75000"
    assert state(paid) == ("confirmed", "paid")
    toms.post(page_of(paid, "/cancel"), {"expecting": field(answer, "expecting")})
    assert Refund.objects.get().amount_minor == 75_000


def test_the_mentor_gives_everything_back(paid: Booking, maya: Mentor) -> None:
    mayas = browser(maya.person)
    assert "₹1,500.00 is paid back to Tom" in words(mayas.get(page_of(paid, "/cancel")))
    done = mayas.post(page_of(paid, "/cancel"), {"expecting": PRICE}, follow=True)
    assert "The session is cancelled. ₹1,500.00 is on its way back." in words(done)


def test_giving_an_unpaid_time_back_costs_nothing(toms: Client, held: Booking) -> None:
    page = toms.get(page_of(held, "/cancel"))
    assert "Nothing was paid yet, so there is nothing to pay back." in words(page)
    toms.post(page_of(held, "/cancel"), {"expecting": field(page, "expecting")})
    assert state(held)[0] == "cancelled"


def test_a_refund_is_shown_with_its_state_on_the_session(
    toms: Client, paid: Booking, tom: Person
) -> None:
    sessions.cancel(paid.session.reference, by=tom, now=NOW)
    assert "Paid back ₹1,500.00 On its way" in words(toms.get(page_of(paid, "")))
    refunds.carry_out_due(now=NOW)
    text = words(toms.get(page_of(paid, "")))
    assert "Refunded" in text
    assert "Paid back ₹1,500.00 Paid back" in text
