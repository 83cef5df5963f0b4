"""One order that cannot be asked about, and nobody else's money waits for it."""

import pytest
from pytest_django import Settings

from openmentor.base import clock
from openmentor.booking import checkout, settlement
from openmentor.payments import orders, providers
from openmentor.payments.models import Order
from tests import make
from tests.money.counter import HALF_HOUR, START, Counter, run_jobs, settled_up

pytestmark = pytest.mark.django_db


def two_unheard(counter: Counter) -> tuple[Order, Order]:
    """Two paid orders of which nobody told us, the first at Stripe, the second at Razorpay."""
    first = counter.begin(counter.book(make.person()), "stripe")
    later = START + HALF_HOUR
    second = counter.begin(counter.book(make.person(), starts_at=later), "razorpay")
    for order in (first, second):
        counter.pay(order)
    counter.wait(minutes=16)
    return first, second


def statuses(*orders: Order) -> list[str]:
    return [Order.objects.get(pk=order.pk).status for order in orders]


def test_a_provider_that_was_switched_off_keeps_nobody_elses_money_waiting(
    counter: Counter, settings: Settings
) -> None:
    stranded, other = two_unheard(counter)
    enabled = settings.PAYMENT_PROVIDERS
    settings.PAYMENT_PROVIDERS = {"razorpay": enabled["razorpay"]}
    providers.of.cache_clear()
    run_jobs()
    assert statuses(stranded, other) == ["expired", "paid"]
    settings.PAYMENT_PROVIDERS = enabled
    providers.of.cache_clear()
    counter.wait(hours=1)
    run_jobs()
    assert statuses(stranded, other) == ["paid", "paid"]
    settled_up(counter)


def test_money_of_a_week_without_any_worker_is_found(counter: Counter) -> None:
    orders = two_unheard(counter)
    counter.wait(days=6)
    run_jobs()
    assert statuses(*orders) == ["paid", "paid"]
    settled_up(counter)


def test_an_abandoned_order_is_asked_about_until_no_money_can_come(counter: Counter) -> None:
    counter.begin(counter.book(make.person()))
    asked = []
    for hour in range(1, 120):
        counter.wait(hours=1)
        settlement.expire_due(now=clock.now())
        asked += [hour] * checkout.reconcile_due(now=clock.now())
    assert asked == list(range(1, 4 * 24 + 2))


def test_an_order_that_breaks_what_it_meets_keeps_nobody_else_waiting(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, other = two_unheard(counter)
    real = orders.locked

    def locked(order_id: int) -> Order:
        if order_id == broken.pk:
            raise ZeroDivisionError
        return real(order_id)

    monkeypatch.setattr(orders, "locked", locked)
    for job in (settlement.expire_due, checkout.reconcile_due):
        with pytest.raises(ExceptionGroup):
            job(now=clock.now())
    assert statuses(broken, other) == ["created", "paid"]
    monkeypatch.undo()
    run_jobs()
    assert statuses(broken, other) == ["paid", "paid"]
    settled_up(counter)
