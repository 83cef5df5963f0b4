"""Changing one's mind about how to pay: the first order may still be paid, and nothing breaks."""

from collections.abc import Callable
from datetime import datetime

import pytest
from pytest_django import Settings

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import checkout, settlement
from openmentor.booking.models import Booking, Session
from openmentor.booking.refusals import AlreadyPaid, HoldOver
from openmentor.payments import providers
from openmentor.payments.models import Order, Refund
from openmentor.people.models import Person
from tests import make
from tests.money.counter import Counter, cancel, come_back, run_jobs, settled_up

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("told_by", ["browser", "webhook", "reconcile"])
def test_money_for_an_order_that_was_given_up_confirms_while_the_new_one_waits(
    counter: Counter, told_by: str
) -> None:
    booking = counter.book(make.person())
    first = counter.begin(booking, "razorpay")
    second = counter.begin(booking, "stripe")
    returned = counter.pay(first)
    if told_by == "browser":
        come_back(first, returned)
    elif told_by == "webhook":
        counter.hear_all()
    else:
        checkout.reconcile(first.pk, now=clock.now())
    booking.refresh_from_db()
    assert (booking.status, booking.payment_mode) == ("confirmed", "razorpay")
    run_jobs()
    settled_up(counter)
    second.refresh_from_db()
    assert second.status == Order.Status.EXPIRED


@pytest.mark.parametrize(
    ("happens", "refusal"),
    [
        ("pays", AlreadyPaid),
        ("expires", HoldOver),
        ("is cancelled", HoldOver),
    ],
)
def test_nobody_is_sent_to_pay_for_what_was_settled_a_moment_ago(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, happens: str, refusal: type[Refusal]
) -> None:
    """Two tabs: one begins to pay, and before it has the lock the other has come to its end."""
    booking = counter.book(make.person())
    order = counter.begin(booking)
    acts: dict[str, Callable[[], object]] = {
        "pays": lambda: come_back(order, counter.pay(order)),
        "expires": lambda: settlement.expire(order.pk, now=order.expires_at),
        "is cancelled": lambda: cancel(booking, booking.mentee),
    }
    payable = checkout.payable

    def judged_too_early(session: Session, payer: Person, *, now: datetime) -> Booking:
        judged = payable(session, payer, now=now)
        acts[happens]()
        return judged

    monkeypatch.setattr(checkout, "payable", judged_too_early)
    for provider in ("stripe", ""):
        with pytest.raises(refusal):
            counter.begin(booking, provider)
        monkeypatch.undo()
    assert Order.objects.count() == 1
    run_jobs()
    settled_up(counter)


def test_an_order_at_a_provider_that_was_switched_off_is_begun_at_another(
    counter: Counter, settings: Settings
) -> None:
    booking = counter.book(make.person())
    counter.begin(booking, "stripe")
    settings.PAYMENT_PROVIDERS = {"razorpay": settings.PAYMENT_PROVIDERS["razorpay"]}
    providers.of.cache_clear()
    order = counter.begin(booking)
    assert order.provider == "razorpay"
    come_back(order, counter.pay(order))
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CONFIRMED


def test_who_pays_both_orders_gets_one_of_them_back(counter: Counter) -> None:
    booking = counter.book(make.person())
    first = counter.begin(booking, "razorpay")
    second = counter.begin(booking, "stripe")
    brought = {order: counter.pay(order) for order in (first, second)}
    for order in (second, first):
        come_back(order, brought[order])
    run_jobs()
    booking.refresh_from_db()
    assert (booking.status, booking.payment_mode) == ("confirmed", "stripe")
    assert [refund.reason for refund in Refund.objects.all()] == ["duplicate"]
    settled_up(counter)
