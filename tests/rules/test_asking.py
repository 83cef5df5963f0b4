"""A payer who waits has the provider asked, not more often than it helps."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openmentor.base.errors import NotFound
from openmentor.booking import checkout, settlement
from openmentor.booking.models import Booking
from openmentor.payments import providers
from openmentor.payments.models import Order
from openmentor.payments.providers.interface import Outcome
from standins.remote import Remote
from tests import make

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def razorpay(settings: Any, razorpay_standin: Remote) -> Iterator[Remote]:
    settings.PAYMENT_PROVIDERS = {"razorpay": razorpay_standin.options()}
    providers.of.cache_clear()
    yield razorpay_standin
    providers.of.cache_clear()


@pytest.fixture
def order(razorpay: Remote) -> Order:
    """An order whose checkout is open; it was made at NOW."""
    mentor = make.mentor("Maya Rao", timezone="UTC")
    booking = make.held(mentor, make.person("Tom"), starts_at=START, now=NOW)
    order, _ = checkout.begin(booking.session.reference, payer=booking.mentee, now=NOW)
    Order.objects.filter(pk=order.pk).update(created_at=NOW)
    return order


def asked(order: Order, after: timedelta = timedelta(0)) -> Outcome | None:
    return checkout.ask(order.reference, payer=order.payer, now=NOW + after)


def test_nothing_is_known_before_anybody_tries(order: Order) -> None:
    assert asked(order) is None


def test_a_captured_payment_settles_the_order(order: Order, razorpay: Remote) -> None:
    razorpay.pay(order.provider_order_id)
    assert asked(order) == Outcome.CAPTURED
    assert Booking.objects.get().status == "confirmed"


def test_what_is_paid_is_not_asked_about_again(order: Order, razorpay: Remote) -> None:
    razorpay.pay(order.provider_order_id)
    asked(order)
    razorpay.script(call="*", fault="500", times=9)
    assert asked(order, timedelta(hours=1)) == Outcome.CAPTURED


def test_a_payment_under_way_is_pending_until_it_is_captured(
    order: Order, razorpay: Remote
) -> None:
    razorpay.pay(order.provider_order_id, "authorized")
    assert asked(order) == Outcome.PENDING
    [attempt] = providers.of("razorpay").fetch(checkout.to_pay(order))
    razorpay.script(capture=attempt.provider_payment_id)
    assert asked(order, 7 * SECOND) == Outcome.PENDING  # Too soon to ask once more.
    assert asked(order, 8 * SECOND) == Outcome.CAPTURED


def test_a_try_that_failed_is_told_with_its_reason(order: Order, razorpay: Remote) -> None:
    razorpay.pay(order.provider_order_id, "failure")
    assert asked(order) == Outcome.FAILED
    order.refresh_from_db()
    assert (order.status, bool(order.failure)) == ("failed", True)


def test_a_new_try_after_a_failure_is_pending(order: Order, razorpay: Remote) -> None:
    razorpay.pay(order.provider_order_id, "failure")
    razorpay.pay(order.provider_order_id, "authorized")
    assert asked(order) == Outcome.PENDING


def test_money_that_went_back_is_no_longer_waited_for(order: Order, razorpay: Remote) -> None:
    settlement.expire_due(now=NOW + timedelta(hours=1))
    make.session(order.mentor, make.person(), starts_at=START)
    razorpay.pay(order.provider_order_id)
    assert asked(order, timedelta(hours=1)) == Outcome.FAILED
    assert order.payments.get().refunded_minor == order.amount_minor


def test_no_answer_is_no_answer_yet(order: Order, razorpay: Remote) -> None:
    razorpay.pay(order.provider_order_id)
    razorpay.script(call="*", fault="500")
    assert asked(order) == Outcome.PENDING
    assert asked(order, 8 * SECOND) == Outcome.CAPTURED


def test_a_stranger_may_not_ask(order: Order) -> None:
    with pytest.raises(NotFound):
        checkout.ask(order.reference, payer=make.person(), now=NOW)


def test_the_job_asks_after_a_quarter_of_an_hour_all_the_same(order: Order) -> None:
    quarter = timedelta(minutes=15)
    asked(order, quarter - SECOND)
    assert checkout.reconcile_due(now=NOW + quarter - SECOND) == 0
    assert checkout.reconcile_due(now=NOW + quarter) == 1
    assert checkout.reconcile_due(now=NOW + quarter + SECOND) == 0
    assert checkout.reconcile_due(now=NOW + 2 * quarter) == 1
