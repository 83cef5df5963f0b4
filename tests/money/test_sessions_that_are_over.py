"""Money meets sessions that took place, or that somebody missed."""

from datetime import timedelta

import pytest

from openmentor.base import clock
from openmentor.booking import checkout, sessions, settlement
from openmentor.booking.models import Booking
from openmentor.payments.models import Order, Refund
from tests import make
from tests.money.counter import PRICE, START, Counter, run_jobs, settled_up

pytestmark = pytest.mark.django_db


def test_meeting_nobody_gives_all_back_also_after_the_session_completed_by_itself(
    counter: Counter,
) -> None:
    booking = counter.paid(make.person())
    counter.clock.move_to(START + timedelta(hours=2))
    run_jobs()
    booking.refresh_from_db()
    assert booking.status == Booking.Status.ATTENDED
    sessions.mark_no_show(booking.session.reference, by=booking.mentee, now=clock.now())
    run_jobs()
    booking.refresh_from_db()
    assert (booking.status, booking.payment_status) == ("attended", "refunded")
    assert (Refund.objects.get().amount_minor, Refund.objects.get().status) == (PRICE, "succeeded")
    settled_up(counter)


@pytest.mark.parametrize("ended_by", ["complete", "mark_no_show"])
def test_a_hold_in_a_session_that_is_over_still_ends(counter: Counter, ended_by: str) -> None:
    order = over(counter, ended_by)
    assert settlement.expire_due(now=clock.now()) == 1
    order.refresh_from_db()
    assert (order.status, Booking.objects.get().status) == ("expired", "expired")


@pytest.mark.parametrize("ended_by", ["complete", "mark_no_show"])
@pytest.mark.parametrize("is_held", [True, False])
def test_money_for_a_session_that_is_over_goes_back(
    counter: Counter, ended_by: str, is_held: bool
) -> None:
    order = over(counter, ended_by)
    counter.pay(order)
    if not is_held:
        settlement.expire_due(now=clock.now())
    checkout.reconcile(order.pk, now=clock.now())
    run_jobs()
    assert [refund.reason for refund in Refund.objects.all()] == ["late"]
    run_jobs()
    settled_up(counter)


def over(counter: Counter, ended_by: str) -> Order:
    """The order of a session that its mentor closed before the job ended the hold of its place."""
    counter.clock.move_to(START - timedelta(minutes=5))
    booking = counter.book(make.person())
    order = counter.begin(booking)
    counter.wait(minutes=15)
    verb = getattr(sessions, ended_by)
    verb(booking.session.reference, by=counter.mentor.person, now=clock.now())
    return order
