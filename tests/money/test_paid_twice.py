"""One order paid twice: Razorpay sends the second payment back by itself, in whatever order we
hear of it. The place is kept, and one payment pays for it.
"""

from datetime import timedelta

import pytest

from openmentor.base import clock
from openmentor.booking import checkout
from openmentor.booking.models import Booking
from openmentor.payments.models import Payment, Refund
from tests import make
from tests.money.counter import PRICE, START, Counter, cancel, post, run_jobs, settled_up

pytestmark = pytest.mark.django_db


def paid_twice(counter: Counter) -> Booking:
    """The bank answers the first try only after the second has paid the order."""
    booking = counter.book(make.person())
    order = counter.begin(booking)
    first = counter.pay(order, "late")
    counter.pay(order)
    counter.remotes["razorpay"].script(capture=first["razorpay_payment_id"])
    return booking


@pytest.mark.parametrize("backward", [False, True])
def test_the_place_is_paid_by_the_money_that_stays(counter: Counter, backward: bool) -> None:
    booking = paid_twice(counter)
    webhooks = counter.remotes["razorpay"].webhooks()
    for headers, body in reversed(webhooks) if backward else webhooks:
        assert post("razorpay", headers, body) == 200
    run_jobs()
    booking.refresh_from_db()
    assert (booking.status, booking.payment_status) == ("confirmed", "paid")
    [refund] = Refund.objects.all()
    assert (refund.reason, refund.status) == ("duplicate", "succeeded")
    settled_up(counter)
    counter.clock.move_to(START - timedelta(hours=3))
    cancel(booking, booking.mentee)
    run_jobs()
    assert sorted(counter.remotes["razorpay"].refunded().values()) == [PRICE // 2 + 1, PRICE]
    settled_up(counter)


def test_only_reading_later_sees_the_payment_that_stayed(counter: Counter) -> None:
    booking = paid_twice(counter)
    order = booking.mentee.orders.get()
    checkout.reconcile(order.pk, now=clock.now())
    run_jobs()
    assert Payment.objects.count() == 1
    settled_up(counter)
