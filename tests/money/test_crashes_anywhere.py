"""The process is killed before any statement that it sends to the database, one after the other.

After a restart and one run of the jobs the books are right, wherever it was.
"""

import os
from itertools import count

import pytest

from tests import make
from tests.money.counter import HALF_HOUR, START, Counter, cancel, settled_up
from tests.money.processes import Process, begun, restart, state

pytestmark = pytest.mark.django_db(transaction=True)
STRIDE = 1 if os.environ.get("OPENMENTOR_ALL") else 7
"""Of so many statements one is where a process is killed."""


def test_at_any_statement_of_a_payers_return(process: Process, counter: Counter) -> None:
    for number in count():
        booking, order = begun(counter, "razorpay", number)
        returned = counter.pay(order)
        facts = {"order": order.reference, "payer": order.payer_id, "returned": returned}
        goes_on = process.dies_before(number * STRIDE, "come_back", **facts)
        restart(counter)
        assert state(booking) == ("confirmed", "paid")
        settled_up(counter)
        if not goes_on:
            break
    assert number * STRIDE > 20


def test_at_any_statement_of_a_webhook(process: Process, counter: Counter) -> None:
    for number in count():
        booking, order = begun(counter, "razorpay", number)
        counter.pay(order)
        headers, body = counter.remotes["razorpay"].webhooks()[-1]
        facts = {"provider": "razorpay", "headers": headers, "body": body.decode()}
        goes_on = process.dies_before(number * STRIDE, "hear", **facts)
        restart(counter)
        assert state(booking) == ("confirmed", "paid")
        settled_up(counter)
        if not goes_on:
            break
    assert number * STRIDE > 20


def test_at_any_statement_of_a_cancellation(process: Process, counter: Counter) -> None:
    for number in count():
        booking = counter.paid(make.person(), starts_at=START + number * HALF_HOUR)
        facts = {"session": booking.session.reference, "payer": booking.mentee_id}
        goes_on = process.dies_before(number * STRIDE, "cancel", **facts)
        restart(counter)
        assert state(booking) in {("confirmed", "paid"), ("cancelled", "refunded")}
        settled_up(counter)
        if not goes_on:
            break
    assert number * STRIDE > 20


def test_at_any_statement_of_the_jobs(process: Process, counter: Counter) -> None:
    """Each time there is a refund to carry out, money to find, and a hold to end."""
    for number in count():
        first = START + 3 * number * HALF_HOUR
        booking = counter.paid(make.person(), starts_at=first)
        cancel(booking, booking.mentee)
        unheard, order = begun(counter, "stripe", 3 * number + 1)
        counter.pay(order)
        unpaid, _ = begun(counter, "razorpay", 3 * number + 2)
        counter.wait(minutes=16)
        goes_on = process.dies_before(number * STRIDE, "run_jobs")
        restart(counter)
        assert [state(one) for one in (booking, unheard, unpaid)] == [
            ("cancelled", "refunded"),
            ("confirmed", "paid"),
            ("expired", "pending"),
        ]
        settled_up(counter)
        if not goes_on:
            break
    assert number * STRIDE > 20
