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
OUTCOMES = ["success", "late", "success", "failure", "success"]
OTHER = {"razorpay": "stripe", "stripe": "razorpay"}
ACTS = {
    "book": 3,
    "begin": 1,
    "pay": 4,
    "come back": 3,
    "hear": 3,
    "hear the bank": 1,
    "cancel": 2,
    "miss": 1,
    "refund slowly": 1,
    "run a job": 3,
    "work off the queue": 1,
}
"""What somebody may do, and how often, compared with the others."""
OF_SOMETHING_BEGUN = {"begin", "pay", "cancel", "miss"}
PAID_BACK = {"razorpay": "processed", "stripe": "succeeded"}

numbers = st.integers(0, 99)
names = st.sampled_from(["razorpay", "stripe"])
acts = st.sampled_from([act for act, often in ACTS.items() for _ in range(often)])
deeds = st.tuples(acts, numbers, names, st.booleans())
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

    @rule(deeds=st.lists(deeds, min_size=4, max_size=10))
    def people_act(self, deeds: list[tuple[str, int, str, bool]]) -> None:
        """One rule for all acts: of many rules hypothesis would leave half out of each run."""
        for act, number, provider, twice in deeds:
            if self.begun or act not in OF_SOMETHING_BEGUN:
                with suppress(Refusal):
                    getattr(self, act.replace(" ", "_"))(number, provider, twice)

    @rule(name=names, call=calls, fault=faults, when=st.sampled_from(["before", "after"]))
    def something_will_go_wrong(self, name: str, call: str, fault: str, when: str) -> None:
        self.counter.remotes[name].script(call=call, fault=fault, when=when)

    @rule(minutes=st.sampled_from(WAITS))
    def time_goes_by(self, minutes: int) -> None:
        """No bank takes longer than three days."""
        later = clock.now() + timedelta(minutes=minutes)
        while self.waiting and self.waiting[0][0] <= later:
            self.the_bank_answers("capture")
        self.counter.wait(minutes=minutes)

    def book(self, number: int, provider: str, twice: bool) -> None:
        """Two mentees want two times of one mentor; `twice` opens a second tab at the other."""
        payer, slot = divmod(number % 4, 2)
        booking = self.counter.book(self.payers[payer], starts_at=START + slot * HALF_HOUR)
        self.begun.append(self.counter.begin(booking, provider))
        if twice:
            self.begun.append(self.counter.begin(booking, OTHER[provider]))

    def begin(self, number: int, provider: str, twice: bool) -> None:
        self.begun.append(self.counter.begin(self._booking(number), provider))

    def pay(self, number: int, provider: str, twice: bool) -> None:
        """Also in a tab that was forgotten; `twice` clicks again when it did not work."""
        order = self._order(number)
        outcome = OUTCOMES[number % len(OUTCOMES)]
        if clock.now() >= order.expires_at + OPEN_TAB:
            return
        brought = self.counter.pay(order, outcome)
        self.brought[order.pk] = brought
        if outcome == "late" and "error" not in brought:
            remote = self.counter.remotes[order.provider]
            payment_id = brought.get("razorpay_payment_id") or intent_of(remote.webhooks()[-1][1])
            self.waiting.append((clock.now() + BANK, remote, payment_id))
        if twice:
            self.brought[order.pk] = self.counter.pay(order)

    def come_back(self, number: int, provider: str, twice: bool) -> None:
        known = list(self.brought.items())
        if known:
            order_id, brought = known[number % len(known)]
            for _ in range(1 + twice):
                come_back(Order.objects.get(pk=order_id), brought)

    def hear(self, number: int, provider: str, twice: bool) -> None:
        """Some of the webhooks come; `twice` means backward as well."""
        remote = self.counter.remotes[provider]
        known = remote.webhooks()
        some = known[number % (len(known) + 1) :][:5]
        for headers, body in [*some, *(some[::-1] if twice else [])]:
            assert post(remote.name, signed_now(remote, headers, body), body) == 200

    def hear_the_bank(self, number: int, provider: str, twice: bool) -> None:
        if self.waiting:
            self.the_bank_answers("capture" if number % 3 else "fail")

    def cancel(self, number: int, provider: str, twice: bool) -> None:
        booking = self._booking(number)
        cancel(booking, booking.mentee if number % 3 else self.counter.mentor.person)

    def miss(self, number: int, provider: str, twice: bool) -> None:
        booking = self._booking(number)
        sessions.mark_no_show(booking.session.reference, by=booking.mentee, now=clock.now())

    def refund_slowly(self, number: int, provider: str, twice: bool) -> None:
        self.counter.remotes[provider].script(refunds="pending")

    def run_a_job(self, number: int, provider: str, twice: bool) -> None:
        JOBS[number % len(JOBS)](now=clock.now())

    def work_off_the_queue(self, number: int, provider: str, twice: bool) -> None:
        run_queue()

    def the_bank_answers(self, verdict: str) -> None:
        """To whom has waited longest."""
        _, remote, payment_id = self.waiting.pop(0)
        remote.script(**{verdict: payment_id})

    @invariant()
    def the_books_are_right(self) -> None:
        assert audit.check(now=clock.now()) == []

    def settle_up(self) -> None:
        """Everything that was begun comes to its end, and nobody sends us another webhook."""
        while self.waiting:
            self.the_bank_answers("capture")
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
    examples = settings().max_examples // 4
    run_state_machine_as_test(
        Journeys, settings=settings(max_examples=examples, stateful_step_count=15)
    )
