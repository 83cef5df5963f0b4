"""The payer's return, the webhook, the reconciling job, the end of the hold and a cancellation:
any two of them at the same instant, after any other. One payment, one confirmation, one refund.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import combinations_with_replacement, product

import pytest
from django.db import connection
from django.db.models import QuerySet

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import checkout, settlement
from openmentor.payments import refunds
from openmentor.payments.models import Order, Payment, Refund
from standins import journal
from tests import make
from tests.money import envelopes
from tests.money.counter import (
    HALF_HOUR,
    START,
    Counter,
    cancel,
    come_back,
    confirmations,
    post,
    run_jobs,
    settled_up,
)
from tests.races.arena import Track, meet_after, remove_locks, without_law
from tests.races.conftest import slot

pytestmark = pytest.mark.django_db(transaction=True)


class Attempt:
    """A place that was paid at its provider just when the hold ended, and nobody knows yet."""

    def __init__(self, counter: Counter, provider: str, number: int) -> None:
        self.provider = provider
        self.booking = counter.book(make.person(), starts_at=slot(number) + (START - slot(0)))
        self.order = counter.begin(self.booking, provider)
        self.returned = counter.pay(self.order)
        self.told = counter.remotes[provider].webhooks()[-1][1]
        counter.wait(minutes=15)

    def comes_back(self) -> None:
        come_back(self.order, self.returned)

    def is_told(self) -> None:
        webhook = envelopes.signed(self.provider, self.told, event_id=f"evt_{self.order.pk}")
        assert post(self.provider, *webhook) == 200

    def is_reconciled(self) -> None:
        checkout.reconcile(self.order.pk, now=clock.now())

    def expires(self) -> None:
        settlement.expire(self.order.pk, now=clock.now())

    def is_cancelled(self) -> None:
        cancel(self.booking, self.booking.mentee)


ACTIONS = ("comes_back", "is_told", "is_reconciled", "expires", "is_cancelled")
"""What may happen, by the name of the verb of an attempt."""


@pytest.fixture
def track() -> Iterator[Track]:
    """Two runners."""
    with Track(2) as track:
        yield track


def quietly(action: Callable[[], None]) -> None:
    """Do it, or be refused."""
    try:
        action()
    except Refusal:
        return


@pytest.mark.parametrize("provider", ["razorpay", "stripe"])
def test_any_two_at_once_after_any_other(counter: Counter, track: Track, provider: str) -> None:
    pairs = combinations_with_replacement(ACTIONS, 2)
    for number, (pair, first) in enumerate(product(pairs, ("", *ACTIONS))):
        attempt = Attempt(counter, provider, number)
        if first:
            quietly(getattr(attempt, first))
        track.race([getattr(attempt, action) for action in pair])
        payments = Payment.objects.filter(order=attempt.order).count()
        heard = {"comes_back", "is_told", "is_reconciled"} & {first, *pair}
        assert payments == bool(heard)
    run_jobs()
    settled_up(counter)
    assert Payment.objects.count() == Order.objects.exclude(provider_order_id="").count() == 90
    by_payment = Refund.objects.values_list("payment", flat=True)
    assert len(by_payment) == len(set(by_payment))


@pytest.mark.parametrize("provider", ["razorpay", "stripe"])
def test_two_workers_carry_out_a_refund_once(counter: Counter, track: Track, provider: str) -> None:
    for number in range(5):
        booking = counter.paid(make.person(), provider, starts_at=START + number * HALF_HOUR)
        cancel(booking, booking.mentee)
        refund = Refund.objects.latest("pk")
        track.race([partial(refunds.carry_out, refund.pk, now=clock.now())] * 2)
        refund.refresh_from_db()
        assert (refund.status, refund.tries) == ("succeeded", 1)
    run_jobs()
    settled_up(counter)
    assert len(journal.refunds(counter.remotes[provider].book)) == 5


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """A law with a condition is an index; its table must be empty when this ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        [(definition,)] = cursor.fetchall()
        cursor.execute(f"DROP INDEX {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(definition)


def test_without_guards_one_capture_is_booked_twice(
    counter: Counter, track: Track, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = [Attempt(counter, "razorpay", number) for number in range(3)]
    remove_locks(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    meet_after(monkeypatch, settlement, "_held", runners=2)
    with without_index("order_is_settled_once"), without_law("payment_is_captured_once"):
        for attempt in attempts:
            track.race([attempt.comes_back, attempt.is_told])
        assert Payment.objects.filter(settles=True).count() == 2 * len(attempts)
        assert confirmations() == [2] * len(attempts)
