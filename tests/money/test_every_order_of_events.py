"""A payment that fails, is tried again, is captured and goes back makes five webhooks. They come
in every order, each of them again and again: the end is always the same, and money is booked once.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from openmentor.base import clock
from openmentor.base.models import Event
from openmentor.booking import checkout, settlement
from openmentor.booking.models import Booking
from openmentor.payments import providers
from openmentor.payments.models import LedgerEntry, Order, Payment, Refund
from openmentor.payments.providers.interface import Outcome
from tests import make
from tests.money import envelopes
from tests.money.counter import PRICE, START, Counter, cancel, post, run_jobs
from tests.money.envelopes import Webhook

pytestmark = pytest.mark.django_db
KINDS = {
    "razorpay": ("payment.failed", "payment.authorized", "payment.captured", "order.paid"),
    "stripe": (
        "payment_intent.payment_failed",
        "checkout.session.completed",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ),
}
LENGTH = 5 if os.environ.get("OPENMENTOR_ALL") else 3

type News = Callable[[], Webhook | None]
"""A webhook, or None while it cannot have been sent yet."""

type Story = Callable[[Counter, str], list[News]]


def tried_and_paid(counter: Counter, booking: Booking, provider: str) -> Order:
    """The first try fails, the bank takes its time over the second, and pays."""
    order = counter.begin(booking, provider)
    counter.pay(order, "failure")
    counter.pay(order, "late")
    for report in providers.of(provider).fetch(checkout.to_pay(order)):
        if report.outcome is Outcome.PENDING:
            counter.remotes[provider].script(capture=report.provider_payment_id)
    return order


def told(counter: Counter, provider: str) -> list[News]:
    """The webhooks about the payment, one of each kind."""
    sent = {
        envelopes.kind_of(body): (headers, body) for headers, body in webhooks(counter, provider)
    }
    return [partial(sent.get, kind) for kind in KINDS[provider]]


def webhooks(counter: Counter, provider: str) -> list[Webhook]:
    return [
        envelopes.signed(provider, body, event_id=f"event_{number}")
        for number, (_, body) in enumerate(counter.remotes[provider].webhooks())
    ]


def paid_in_time(counter: Counter, provider: str) -> list[News]:
    """Nobody told us anything, and somebody gave half back by hand."""
    order = tried_and_paid(counter, counter.book(make.person()), provider)
    paid = Payment(provider=provider, provider_payment_id="pay_1", currency=order.currency)
    return [*told(counter, provider), lambda: envelopes.refund(paid, PRICE // 2)]


def cancelled_in_time(counter: Counter, provider: str) -> list[News]:
    """We know already, the mentee cancelled, and all of it went back."""
    booking = counter.book(make.person())
    order = tried_and_paid(counter, booking, provider)
    checkout.reconcile(order.pk, now=clock.now())
    cancel(booking, booking.mentee)
    run_jobs()
    return [*told(counter, provider), envelopes.refund_of_ours]


def paid_too_late(counter: Counter, provider: str) -> list[News]:
    """The hold is over, and somebody else has the time; what we owe back, the provider has paid."""
    booking = counter.book(make.person())
    order = tried_and_paid(counter, booking, provider)
    counter.wait(minutes=20)
    settlement.expire_due(now=clock.now())
    make.session(counter.mentor, make.person(), starts_at=START)
    assert order.provider == provider
    return [*told(counter, provider), envelopes.refund_of_ours]


ENDS: dict[Story, dict[str, Any]] = {
    paid_in_time: {
        "places": [("confirmed", "paid", "scheduled")],
        "orders": ["paid"],
        "payments": [(PRICE, True, 0)],
        "refunds": [],
        "ledger": {"capture": PRICE},
        "confirmed": 1,
    },
    cancelled_in_time: {
        "places": [("cancelled", "refunded", "cancelled")],
        "orders": ["refunded"],
        "payments": [(PRICE, True, PRICE)],
        "refunds": [("policy", PRICE, "succeeded")],
        "ledger": {"capture": PRICE, "refund": -PRICE},
        "confirmed": 1,
    },
    paid_too_late: {
        "places": [("expired", "pending", "cancelled")],
        "orders": ["expired"],
        "payments": [(PRICE, False, PRICE)],
        "refunds": [("late", PRICE, "succeeded")],
        "ledger": {"capture": PRICE, "refund": -PRICE},
        "confirmed": 0,
    },
}


HOW_MANY: dict[tuple[Story, str], int] = {
    (paid_too_late, "razorpay"): 80,
    (paid_too_late, "stripe"): 60,
}
"""Not all 120: the news of our refund cannot come before any news of the capture."""


def state() -> dict[str, Any]:
    """Where the money is, and who has a place that was for sale."""
    for_sale = Booking.objects.exclude(payment_status="free").order_by("pk")
    at_provider = LedgerEntry.objects.filter(account__startswith="provider:")
    return {
        "places": list(for_sale.values_list("status", "payment_status", "session__status")),
        "orders": list(
            Order.objects.exclude(provider_order_id="").values_list("status", flat=True)
        ),
        "payments": list(Payment.objects.values_list("amount_minor", "settles", "refunded_minor")),
        "refunds": list(Refund.objects.values_list("reason", "amount_minor", "status")),
        "ledger": dict(at_provider.values_list("cause", "amount_minor")),
        "confirmed": Event.objects.filter(name="booking.confirmed").count(),
    }


@contextmanager
def undone() -> Iterator[None]:
    """What happens within has never happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def every_order(provider: str, unheard: Sequence[News]) -> Iterator[dict[str, Any]]:
    """The end of every order in which this news can come, each twice, under two ids."""
    if not unheard:
        yield state()
    for news in unheard:
        with undone():
            if tell(provider, news):
                tell(provider, news, once_more=True)
                yield from every_order(provider, [other for other in unheard if other is not news])


def every_row(
    provider: str, known: Sequence[News], *, length: int, heard: frozenset[int] = frozenset()
) -> Iterator[tuple[frozenset[int], dict[str, Any]]]:
    """What was heard, and the state after it, for every row of so much news, however repeated."""
    yield heard, state()
    for number, news in enumerate(known if length else []):
        with undone():
            if tell(provider, news):
                now_heard = heard | {number}
                yield from every_row(provider, known, length=length - 1, heard=now_heard)


def tell(provider: str, news: News, *, once_more: bool = False) -> bool:
    """A webhook comes in by our door; whether it can have been sent."""
    webhook = news()
    if webhook is None:
        return False
    if once_more:
        webhook = envelopes.once_more(provider, webhook)
    assert post(provider, *webhook) == 200
    return True


@pytest.mark.parametrize("provider", KINDS)
@pytest.mark.parametrize("story", ENDS)
def test_the_end_is_the_same_in_every_order(counter: Counter, story: Story, provider: str) -> None:
    ends = list(every_order(provider, story(counter, provider)))
    assert len(ends) == HOW_MANY.get((story, provider), 120)
    assert {json.dumps(end) for end in ends} == {json.dumps(ENDS[story])}


@pytest.mark.parametrize("provider", KINDS)
@pytest.mark.parametrize("story", ENDS)
def test_what_was_heard_counts_and_not_in_what_order_nor_how_often(
    counter: Counter, story: Story, provider: str
) -> None:
    """Every row of webhooks up to a length, with gaps and repetitions."""
    states: dict[frozenset[int], set[str]] = {}
    for heard, after in every_row(provider, story(counter, provider), length=LENGTH):
        states.setdefault(heard, set()).add(json.dumps(after))
    assert [found for found in states.values() if len(found) > 1] == []
    assert all(json.loads(after)["confirmed"] <= 1 for found in states.values() for after in found)
