"""Changing one's mind about how to pay: the first order may still be paid, and nothing breaks."""

import pytest

from openmentor.base import clock
from openmentor.booking import checkout
from openmentor.payments.models import Order
from tests import make
from tests.money.counter import Counter, come_back, run_jobs, settled_up

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
