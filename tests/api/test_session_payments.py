"""Paying over the API: every rule of SPEC §10 and §17, and what stays as it was."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from openmentor.booking import sessions, settlement
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments import refunds
from openmentor.payments.models import Order, Payment, Refund
from openmentor.people.models import Person
from tests import make, rows
from tests.api.client import Api, faults, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db

THURSDAY_AT_TEN = NOW.replace(day=5, hour=4, minute=30)
"""Ten o'clock where Maya is."""
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


def order_of(booking: Booking) -> Order:
    return Order.objects.get(purpose="booking", purpose_id=booking.pk)


def create(person: Person, booking: Booking, **more: Any) -> Any:
    return Api(person).post(
        "/session-payments/create", {"sessionId": booking.session.reference, **more}
    )


def verify(person: Person, booking: Booking, **changes: Any) -> Any:
    told = {
        "sessionId": booking.session.reference,
        "orderId": order_of(booking).reference,
        "paymentMode": "mock",
    }
    sent = {name: value for name, value in (told | changes).items() if value is not None}
    return Api(person).post("/session-payments/verify", sent)


def show(person: Person, booking: Booking) -> Any:
    return Api(person).get(f"/session-payments/session/{booking.session.reference}")


def state(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.status, booking.payment_status


def money() -> rows.Rows:
    return rows.of("payments", "booking", "base")


# Creating


def test_creating_gives_the_order_and_what_the_checkout_needs(held: Booking, tom: Person) -> None:
    answer = create(tom, held)
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "orderId": order_of(held).reference,
            "amount": PRICE,
            "currency": "INR",
            "amountDisplay": "₹1,500.00",
            "provider": "mock",
            "expiresAt": "2026-03-02T06:45:00Z",
            "checkout": {"outcomes": ["success", "failure", "late", "duplicate"]},
        },
    )


def test_created_again_it_is_the_same_order(held: Booking, tom: Person) -> None:
    first, second = create(tom, held), create(tom, held)
    assert first.json() == second.json()
    assert Order.objects.count() == 1


def test_an_unknown_session_is_not_found(tom: Person) -> None:
    answer = Api(tom).post("/session-payments/create", {"sessionId": "SESSION-00000000"})
    assert problem(answer) == (404, "not_found")


def test_only_its_mentee_can_pay(held: Booking, maya: Mentor, zoe: Person, staff: Person) -> None:
    for person in (maya.person, zoe, staff):
        before = money()
        assert problem(create(person, held)) == (404, "not_found")
        assert problem(verify(person, held)) == (404, "not_found")
        assert rows.changed(before, money()) == set()


def test_a_free_session_needs_no_payment(maya: Mentor, tom: Person) -> None:
    free = make.session(maya, tom, starts_at=THURSDAY_AT_TEN)
    answer = Api(tom).post("/session-payments/create", {"sessionId": free.reference})
    assert problem(answer) == (409, "nothing_to_pay")


def test_what_is_paid_is_not_paid_again(paid: Booking, tom: Person) -> None:
    before = money()
    assert problem(create(tom, paid)) == (409, "already_paid")
    assert rows.changed(before, money()) == set()


@pytest.mark.parametrize("after", [timedelta(minutes=15), timedelta(hours=1)])
def test_after_the_hold_it_is_too_late(
    held: Booking, tom: Person, clock: time_machine.Traveller, after: timedelta
) -> None:
    clock.shift(after)
    assert problem(create(tom, held)) == (409, "too_late")


def test_a_provider_that_is_not_enabled_is_invalid(held: Booking, tom: Person) -> None:
    before = money()
    answer = create(tom, held, provider="stripe")
    assert problem(answer) == (422, "invalid")
    assert rows.changed(before, money()) == set()
    assert problem(create(tom, held, provider="cash")) == (422, "invalid")


# Verifying


def test_verifying_confirms_the_session(held: Booking, tom: Person) -> None:
    answer = verify(tom, held)
    told = answer.json()
    payment = Payment.objects.get()
    assert answer.status_code == 200
    assert [told[name] for name in ("status", "orderId", "paymentId")] == [
        "paid",
        order_of(held).reference,
        payment.reference,
    ]
    session = told["session"]
    assert [session[name] for name in ("paymentStatus", "paymentMode", "paymentId", "amount")] == [
        "paid",
        "mock",
        payment.reference,
        PRICE,
    ]
    assert state(held) == ("confirmed", "paid")


def test_the_mock_needs_only_the_order_and_its_mode(held: Booking, tom: Person) -> None:
    assert verify(tom, held, sessionId=None).json()["status"] == "paid"


def test_verifying_again_answers_with_the_same_payment(held: Booking, tom: Person) -> None:
    first, second = verify(tom, held), verify(tom, held)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Payment.objects.count() == 1


def test_a_failed_payment_is_not_verified_and_can_be_tried_again(
    held: Booking, tom: Person
) -> None:
    assert problem(verify(tom, held, outcome="failure")) == (422, "payment_not_verified")
    assert state(held) == ("held", "failed")
    assert not Payment.objects.exists()
    assert verify(tom, held).json()["status"] == "paid"


def test_a_payment_under_way_is_being_checked(held: Booking, tom: Person) -> None:
    before = money()
    told = verify(tom, held, outcome="late").json()
    assert (told["status"], told["paymentId"]) == ("checking", None)
    assert rows.changed(before, money()) == set()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"orderId": None}, 422, "invalid"),
        ({"orderId": ""}, 404, "not_found"),
        ({"orderId": "ORDER-00000000"}, 404, "not_found"),
        ({"orderId": 7}, 422, "invalid"),
        ({"paymentMode": None}, 422, "invalid"),
        ({"paymentMode": "cash"}, 422, "invalid"),
        ({"paymentMode": "razorpay"}, 422, "payment_not_verified"),
        ({"sessionId": "SESSION-00000000"}, 422, "invalid"),
        ({"outcome": "whatever I like"}, 422, "payment_not_verified"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    held: Booking, tom: Person, changes: dict[str, Any], status: int, code: str
) -> None:
    before = money()
    assert problem(verify(tom, held, **changes)) == (status, code)
    assert rows.changed(before, money()) == set()


def test_another_session_of_mine_is_not_what_the_order_is_for(
    held: Booking, maya: Mentor, tom: Person
) -> None:
    other = make.held(maya, tom, starts_at=THURSDAY_AT_TEN + timedelta(hours=1), now=NOW)
    answer = verify(tom, held, sessionId=other.session.reference)
    assert faults(answer) == {"sessionId": "This order is for another session."}
    assert (state(held), state(other)) == (("held", "pending"), ("held", "pending"))


def test_money_that_comes_late_books_a_time_that_is_still_free(
    held: Booking, tom: Person, clock: time_machine.Traveller
) -> None:
    later(clock, hours=1)
    assert verify(tom, held).json()["status"] == "paid"
    assert state(held) == ("confirmed", "paid")


def test_money_that_comes_late_for_a_lost_time_goes_back_once(
    held: Booking, maya: Mentor, tom: Person, clock: time_machine.Traveller
) -> None:
    later(clock, hours=1)
    make.session(maya, make.person(), starts_at=THURSDAY_AT_TEN)
    for _ in range(2):
        told = verify(tom, held).json()
        assert (told["status"], told["paymentId"]) == ("checking", None)
    refund = Refund.objects.get()
    assert (refund.reason, refund.amount_minor) == ("late", PRICE)
    assert [one["status"] for one in show(tom, held).json()["refunds"]] == ["pending"]


def later(clock: time_machine.Traveller, *, hours: int) -> datetime:
    """Some hours after; the job has ended the holds."""
    clock.shift(timedelta(hours=hours))
    settlement.expire_due(now=NOW + timedelta(hours=hours))
    return NOW + timedelta(hours=hours)


# Looking


def test_a_held_session_shows_what_is_to_pay(held: Booking, tom: Person) -> None:
    shown = show(tom, held).json()
    assert shown == {
        "sessionId": held.session.reference,
        "status": "pending",
        "amount": PRICE,
        "currency": "INR",
        "amountDisplay": "₹1,500.00",
        "provider": "mock",
        "orderId": order_of(held).reference,
        "paymentId": None,
        "paidAt": None,
        "receiptNumber": None,
        "expiresAt": "2026-03-02T06:45:00Z",
        "refunds": [],
    }


def test_a_paid_session_shows_its_payment_and_receipt(paid: Booking, tom: Person) -> None:
    shown = show(tom, paid).json()
    assert [shown[name] for name in ("status", "paymentId", "paidAt", "receiptNumber")] == [
        "paid",
        paid.payment_reference,
        "2026-03-02T06:30:00Z",
        1,
    ]


def test_a_refund_is_shown_with_its_state(paid: Booking, tom: Person) -> None:
    sessions.cancel(paid.session.reference, by=tom, now=NOW)
    [shown] = show(tom, paid).json()["refunds"]
    refund = Refund.objects.get()
    assert [shown[name] for name in ("id", "amount", "amountDisplay", "status", "reason")] == [
        refund.reference,
        PRICE,
        "₹1,500.00",
        "pending",
        "policy",
    ]
    refunds.carry_out_due(now=NOW)
    told = show(tom, paid).json()
    assert (told["status"], told["refunds"][0]["status"]) == ("refunded", "succeeded")


def test_a_stranger_sees_nothing(paid: Booking, zoe: Person) -> None:
    assert problem(show(zoe, paid)) == (404, "not_found")
    assert problem(Api().get(f"/session-payments/session/{paid.session.reference}")) == (
        401,
        "not_signed_in",
    )


@pytest.mark.parametrize(
    ("currency", "price", "shown"), [("JPY", 5_000, "¥5,000"), ("KWD", 1_500, "KWD1.500")]
)
def test_currencies_with_no_or_three_decimals_are_right_to_the_unit(
    maya: Mentor, tom: Person, currency: str, price: int, shown: str
) -> None:
    booking = make.held(
        maya, tom, starts_at=THURSDAY_AT_TEN, price=price, currency=currency, now=NOW
    )
    told = create(tom, booking).json()
    assert (told["amount"], told["currency"], told["amountDisplay"]) == (price, currency, shown)
    assert verify(tom, booking).json()["session"]["amount"] == price
    assert (Payment.objects.get().amount_minor, Payment.objects.get().currency) == (price, currency)
