"""The provider does not answer, or not so that one could know: nothing is lost and nothing is
done twice, and who did not pay holds nobody up.
"""

import time

import pytest
from pytest_django import Settings

from openmentor.base import clock
from openmentor.booking import checkout
from openmentor.booking.models import Booking
from openmentor.booking.refusals import PaymentUnavailable
from openmentor.payments import orders, providers
from openmentor.payments.models import Payment, ProviderMessage, Refund
from openmentor.payments.providers.interface import Outcome
from standins import journal
from tests import make
from tests.money.counter import (
    HALF_HOUR,
    PRICE,
    START,
    Counter,
    cancel,
    come_back,
    post,
    run_jobs,
    settled_up,
)

pytestmark = pytest.mark.django_db
FAULTS = ["drop", "409", "429", "500", "502"]
LOOK_UPS = {"razorpay": "fetch_payment", "stripe": "fetch_order"}


@pytest.fixture(params=["razorpay", "stripe"])
def provider(request: pytest.FixtureRequest) -> str:
    """Each provider in turn."""
    return str(request.param)


def break_down(counter: Counter, *, times: int = 99) -> None:
    """No provider answers any more (a page of HTML with 502 is all one gets)."""
    for remote in counter.remotes.values():
        remote.script(call="*", fault="502", when="before", times=times)


def recover(counter: Counter) -> None:
    for remote in counter.remotes.values():
        remote.script(clear=True)


def test_a_hold_ends_on_time_while_no_provider_answers(counter: Counter, provider: str) -> None:
    booking = counter.book(make.person())
    break_down(counter)
    with pytest.raises(PaymentUnavailable):
        counter.begin(booking, provider)
    counter.wait(minutes=15)
    run_jobs()
    booking.refresh_from_db()
    assert booking.status == Booking.Status.EXPIRED
    assert counter.book(make.person()).status == Booking.Status.HELD


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_checkout_that_could_not_be_made_is_made_on_the_next_try(
    counter: Counter, *, provider: str, fault: str, when: str
) -> None:
    booking = counter.book(make.person())
    counter.remotes[provider].script(call="create_order", fault=fault, when=when)
    with pytest.raises(PaymentUnavailable):
        counter.begin(booking, provider)
    order = counter.begin(booking, provider)
    made = journal.facts(counter.remotes[provider].book, "order_created")
    assert order.provider_order_id == made[-1]["order"]
    come_back(order, counter.pay(order))
    booking.refresh_from_db()
    assert (booking.status, booking.payment_status) == ("confirmed", "paid")
    settled_up(counter)


@pytest.mark.parametrize("fault", FAULTS)
def test_who_paid_is_never_told_that_it_failed(counter: Counter, provider: str, fault: str) -> None:
    """The page says "checking" and asks; nobody is sent to pay a second time."""
    order = counter.begin(counter.book(make.person()), provider)
    returned = counter.pay(order)
    counter.remotes[provider].script(call="*", fault=fault, when="before", times=2)
    with pytest.raises(PaymentUnavailable):
        come_back(order, returned)
    payer, now = order.payer, clock.now()
    assert checkout.ask(order.reference, payer=payer, now=now) is Outcome.PENDING
    counter.wait(seconds=8)
    assert checkout.ask(order.reference, payer=payer, now=clock.now()) is Outcome.CAPTURED
    settled_up(counter)


def test_a_timeout_is_no_answer(counter: Counter, settings: Settings, provider: str) -> None:
    settings.PAYMENT_PROVIDERS = {
        name: options | {"timeout": 1} for name, options in settings.PAYMENT_PROVIDERS.items()
    }
    providers.of.cache_clear()
    order = counter.begin(counter.book(make.person()), provider)
    returned = counter.pay(order)
    counter.remotes[provider].script(call=LOOK_UPS[provider], fault="delay", seconds=1.5)
    begun = time.perf_counter()
    with pytest.raises(PaymentUnavailable):
        come_back(order, returned)
    assert time.perf_counter() - begun < 1.5
    come_back(order, returned)
    settled_up(counter)


def test_money_of_an_outage_is_found_when_it_is_over(counter: Counter, provider: str) -> None:
    order = counter.begin(counter.book(make.person()), provider)
    counter.pay(order)
    break_down(counter)
    for _ in range(4):
        counter.wait(minutes=15)
        run_jobs()
    assert Payment.objects.count() == 0
    recover(counter)
    counter.wait(hours=1)
    run_jobs()
    order.refresh_from_db()
    assert order.status == "paid"
    settled_up(counter)


def test_a_provider_that_is_down_is_asked_once_in_a_run(counter: Counter) -> None:
    """Else a hundred orders would wait a quarter of a minute each, and all other jobs with them."""
    for number in range(5):
        booking = counter.book(make.person(), starts_at=START + number * HALF_HOUR)
        counter.begin(booking, "stripe")
    counter.wait(minutes=16)
    break_down(counter, times=1)
    assert checkout.reconcile_due(now=clock.now()) == 5
    assert checkout.reconcile_due(now=clock.now()) == 4


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refund_of_unknown_outcome_is_read_before_it_is_tried_again(
    counter: Counter, *, provider: str, fault: str, when: str
) -> None:
    booking = counter.paid(make.person(), provider)
    cancel(booking, booking.mentee)
    remote = counter.remotes[provider]
    remote.script(call="refund", fault=fault, when=when)
    run_jobs()
    refund = Refund.objects.get()
    assert (refund.status, refund.trouble != "") == ("pending", True)
    remote.script(forget_keys=True)
    run_jobs()
    refund.refresh_from_db()
    assert refund.tries == 1, "it waits a minute"
    counter.wait(minutes=1)
    run_jobs()
    refund.refresh_from_db()
    assert (refund.status, refund.tries, refund.trouble) == ("succeeded", 2, "")
    assert remote.refunded() == {refund.payment.provider_payment_id: PRICE}
    settled_up(counter)


@pytest.mark.parametrize("broken", ["record_capture", "settle"])
def test_a_webhook_is_answered_only_when_all_is_written_down(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, provider: str, broken: str
) -> None:
    order = counter.begin(counter.book(make.person()), provider)
    counter.pay(order)
    headers, body = counter.remotes[provider].webhooks()[-1]

    def break_off(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(orders, broken, break_off)
    assert post(provider, headers, body) == 500
    assert (Payment.objects.count(), ProviderMessage.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert post(provider, headers, body) == 200
    order.refresh_from_db()
    assert order.status == "paid"
    settled_up(counter)
