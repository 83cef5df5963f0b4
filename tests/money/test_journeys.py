"""Two mentees and one mentor on their way through paying: tries that fail, second tabs, closed
tabs, double clicks, lost answers, banks that take three days, cancellations early and late.

Whatever happens in whatever order, our books are right at every moment; and when all is over, the
stand-ins' journals say that every amount captured is in exactly one place.
"""

import json
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import audit, checkout, sessions, settlement
from openmentor.booking.models import Booking
from openmentor.payments import providers, refunds
from openmentor.payments.models import Order, Refund
from standins import journal
from standins.remote import Remote, running
from tests import make
from tests.money.counter import (
    BEGINNING,
    HALF_HOUR,
    START,
    Counter,
    cancel,
    come_back,
    post,
    run_jobs,
    run_queue,
    settled_up,
    signed_now,
)

BANK = timedelta(hours=72)
"""So long a bank may take to answer."""
OPEN_TAB = timedelta(hours=12)
"""So long after the hold somebody may still find the checkout in a tab."""
WAITS = [1, 14, 15, 16, 60, 24 * 60, 72 * 60]
"""Minutes."""
JOBS: list[Callable[..., Any]] = [
    settlement.expire_due,
    checkout.reconcile_due,
    refunds.carry_out_due,
    sessions.complete_overdue,
]
PAID_BACK = {"razorpay": "processed", "stripe": "succeeded"}

numbers = st.integers(0, 99)
names = st.sampled_from(["razorpay", "stripe"])
outcomes = st.sampled_from(["success", "success", "failure", "late"])
faults = st.sampled_from(["drop", "409", "429", "500", "502"])
calls = st.sampled_from(["create_order", "fetch_payments", "fetch_order", "refund", "close_order"])


class Journeys(RuleBasedStateMachine):
    """Everything that people, providers and jobs may do; who may not is refused."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = ExitStack()
        self.stage.enter_context(transaction.atomic())
        folder = Path(self.stage.enter_context(TemporaryDirectory()))
        clock = self.stage.enter_context(time_machine.travel(BEGINNING, tick=False))
        remotes = [
            self.stage.enter_context(running(name, book=folder / name))
            for name in ("razorpay", "stripe")
        ]
        enabled = {remote.name: remote.options() for remote in remotes}
        self.stage.enter_context(override_settings(PAYMENT_PROVIDERS=enabled))
        providers.of.cache_clear()
        self.counter = Counter(remotes, clock)
        self.payers = [make.person(), make.person()]
        self.begun: list[Order] = []
        self.brought: dict[int, dict[str, str]] = {}
        self.waiting: list[tuple[datetime, Remote, str]] = []

    def teardown(self) -> None:
        try:
            self.settle_up()
        finally:
            transaction.set_rollback(True)
            self.stage.close()
            providers.of.cache_clear()

    @rule(payer=st.integers(0, 1), slot=st.integers(0, 1), provider=names)
    def book_and_begin(self, payer: int, slot: int, provider: str) -> None:
        with suppress(Refusal):
            starts_at = START + slot * HALF_HOUR
            booking = self.counter.book(self.payers[payer], starts_at=starts_at)
            self.begun.append(self.counter.begin(booking, provider))

    @precondition(lambda self: self.begun)
    @rule(number=numbers, provider=names)
    def begin_in_another_tab(self, number: int, provider: str) -> None:
        booking = self._booking(number)
        with suppress(Refusal):
            self.begun.append(self.counter.begin(booking, provider))

    @precondition(lambda self: self.begun)
    @rule(number=numbers, outcome=outcomes)
    def pay(self, number: int, outcome: str) -> None:
        order = self._order(number)
        if clock.now() >= order.expires_at + OPEN_TAB:
            return
        brought = self.counter.pay(order, outcome)
        self.brought[order.pk] = brought
        if outcome == "late" and "error" not in brought:
            remote = self.counter.remotes[order.provider]
            payment_id = brought.get("razorpay_payment_id") or intent_of(remote.webhooks()[-1][1])
            self.waiting.append((clock.now() + BANK, remote, payment_id))

    @precondition(lambda self: self.brought)
    @rule(number=numbers, clicks=st.integers(1, 2))
    def come_back(self, number: int, clicks: int) -> None:
        known = list(self.brought.items())
        order_id, brought = known[number % len(known)]
        for _ in range(clicks):
            with suppress(Refusal):
                come_back(Order.objects.get(pk=order_id), brought)

    @rule(first=numbers, many=st.integers(1, 5), backward=st.booleans())
    def webhooks_come(self, first: int, many: int, backward: bool) -> None:
        for remote in self.counter.remotes.values():
            some = remote.webhooks()[first % 7 :][:many]
            for headers, body in reversed(some) if backward else some:
                assert post(remote.name, signed_now(remote, headers, body), body) == 200

    @precondition(lambda self: self.waiting)
    @rule(number=numbers, verdict=st.sampled_from(["capture", "capture", "fail"]))
    def the_bank_answers(self, number: int, verdict: str) -> None:
        _, remote, payment_id = self.waiting.pop(number % len(self.waiting))
        remote.script(**{verdict: payment_id})

    @precondition(lambda self: self.begun)
    @rule(number=numbers, who=st.sampled_from(["mentee", "mentor"]))
    def cancel(self, number: int, who: str) -> None:
        booking = self._booking(number)
        with suppress(Refusal):
            cancel(booking, booking.mentee if who == "mentee" else self.counter.mentor.person)

    @precondition(lambda self: self.begun)
    @rule(number=numbers)
    def miss(self, number: int) -> None:
        booking = self._booking(number)
        with suppress(Refusal):
            sessions.mark_no_show(booking.session.reference, by=booking.mentee, now=clock.now())

    @rule(name=names, call=calls, fault=faults, when=st.sampled_from(["before", "after"]))
    def something_will_go_wrong(self, name: str, call: str, fault: str, when: str) -> None:
        self.counter.remotes[name].script(call=call, fault=fault, when=when)

    @rule(name=names)
    def a_refund_will_take_days(self, name: str) -> None:
        self.counter.remotes[name].script(refunds="pending")

    @rule(job=st.sampled_from(JOBS))
    def a_job_runs(self, job: Callable[..., Any]) -> None:
        job(now=clock.now())

    @rule()
    def the_queue_is_worked_off(self) -> None:
        run_queue()

    @rule(minutes=st.sampled_from(WAITS))
    def time_goes_by(self, minutes: int) -> None:
        later = clock.now() + timedelta(minutes=minutes)
        for number in [n for n, (deadline, *_) in enumerate(self.waiting) if deadline <= later][
            ::-1
        ]:
            self.the_bank_answers(number, "capture")
        self.counter.wait(minutes=minutes)

    @invariant()
    def the_books_are_right(self) -> None:
        assert audit.check(now=clock.now()) == []

    def settle_up(self) -> None:
        """Everything that was begun comes to its end, and nobody sends us another webhook."""
        while self.waiting:
            self.the_bank_answers(0, "capture")
        for remote in self.counter.remotes.values():
            remote.script(clear=True)
            for refund in journal.facts(remote.book, "refunded"):
                remote.script(settle_refund=refund["refund"], to=PAID_BACK[remote.name])
        for _ in range(3):
            run_jobs()
            self.counter.wait(hours=6)
        for remote in self.counter.remotes.values():
            for refund in journal.facts(remote.book, "refunded"):
                remote.script(settle_refund=refund["refund"], to=PAID_BACK[remote.name])
        run_jobs()
        settled_up(self.counter)
        assert not Order.objects.filter(status__in=Order.PAYABLE).exists()
        assert not Refund.objects.exclude(status=Refund.Status.SUCCEEDED).exists()

    def _order(self, number: int) -> Order:
        return self.begun[number % len(self.begun)]

    def _booking(self, number: int) -> Booking:
        found = Booking.objects.select_related("mentee", "session__mentor__person")
        return found.get(pk=self._order(number).purpose_id)


def intent_of(body: bytes) -> str:
    """The payment that a webhook of Stripe's about a session names."""
    return str(json.loads(body)["data"]["object"]["payment_intent"])


@pytest.mark.django_db
def test_whatever_happens_every_amount_is_in_one_place() -> None:
    examples = max(15, settings().max_examples // 3)
    run_state_machine_as_test(
        Journeys, settings=settings(max_examples=examples, stateful_step_count=25)
    )
