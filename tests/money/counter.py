"""Where one pays: a mentor's paid half hours, the payers, the providers' stand-ins, and the books.

The journals of the stand-ins are the truth about money; `settled_up` holds our books to them.
"""

import json
from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import get_ident

from django.db import connection
from django.db.models import Sum
from django.test import Client
from procrastinate.contrib.django import app
from time_machine import Traveller

from openmentor.base import clock
from openmentor.base.models import Event
from openmentor.booking import audit, bookings, checkout, policy, sessions, settlement
from openmentor.booking.lifecycle import BOOKING
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor, SessionType
from openmentor.payments import refunds
from openmentor.payments.models import LedgerEntry, Order, Payment
from openmentor.payments.providers.interface import Unclear
from openmentor.people.models import Person
from standins import journal, stripe_events
from standins.accounts import WEBHOOK_SECRET
from standins.remote import Remote
from tests import make

BEGINNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
START = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
PRICE = 150_001
"""Minor units; odd, so that halves have to be rounded."""
HALF_HOUR = timedelta(minutes=30)
LIVE = {Booking.Status.CONFIRMED, Booking.Status.ATTENDED, Booking.Status.NO_SHOW}


class Counter:
    """One mentor who takes money for half an hour, and whoever pays."""

    def __init__(
        self,
        remotes: Iterable[Remote],
        clock: Traveller,
        *,
        price: int = PRICE,
        currency: str = "INR",
    ) -> None:
        self.remotes = {remote.name: remote for remote in remotes}
        self.clock = clock
        self.mentor = make.mentor(
            hours=make.ALWAYS, minutes=0, currency=currency, min_notice_minutes=0
        )
        self.offered = make.session_type(self.mentor, price=price)

    def wait(self, **time: float) -> None:
        """Let this much time go by, here and at the providers."""
        self.clock.shift(timedelta(**time))

    def book(self, payer: Person, *, starts_at: datetime = START) -> Booking:
        """The payer's place, held until it is paid."""
        return book(self.mentor, self.offered, payer, starts_at=starts_at)

    def begin(self, booking: Booking, provider: str = "") -> Order:
        """The order of this place, known to its provider."""
        order, _ = checkout.begin(
            booking.session.reference, payer=booking.mentee, provider=provider, now=clock.now()
        )
        return order

    def pay(self, order: Order, outcome: str = "success") -> dict[str, str]:
        """Be the payer in the provider's checkout; what the browser brings back."""
        remote = self.remotes.get(order.provider)
        if remote is None:
            return {"outcome": outcome}
        return remote.pay(order.provider_order_id, outcome)

    def paid(self, payer: Person, provider: str = "", *, starts_at: datetime = START) -> Booking:
        """A place that was booked and paid, its payer back from the checkout."""
        booking = self.book(payer, starts_at=starts_at)
        order = self.begin(booking, provider)
        come_back(order, self.pay(order))
        booking.refresh_from_db()
        return booking

    def hear_all(self) -> None:
        """Every webhook so far is sent (again), in the order of what happened."""
        for remote in self.remotes.values():
            for headers, body in remote.webhooks():
                assert post(remote.name, signed_now(remote, headers, body), body) == 200


def book(mentor: Mentor, offered: SessionType, payer: Person, *, starts_at: datetime) -> Booking:
    """A place of this type, booked by the verb."""
    session = bookings.book(
        payer,
        handle=mentor.handle,
        session_type=offered.reference,
        starts_at=starts_at,
        now=clock.now(),
    )
    return session.bookings.select_related("mentee", "session__mentor__person").get()


def come_back(order: Order, returned: Mapping[str, str]) -> Payment | None:
    """The payer's browser returns from the checkout."""
    return checkout.verify(order.reference, payer=order.payer, returned=returned, now=clock.now())


def cancel(booking: Booking, by: Person) -> None:
    """Somebody calls the session off."""
    sessions.cancel(booking.session.reference, by=by, now=clock.now())


def signed_now(remote: Remote, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
    """The headers with which a webhook of then is sent again now."""
    return stripe_events.sign("", body, WEBHOOK_SECRET) if remote.name == "stripe" else headers


@cache
def _provider(_thread: int) -> Client:
    """Somebody who posts webhooks, and does not mind a 500."""
    return Client(raise_request_exception=False)


def post(provider: str, headers: Mapping[str, str], body: bytes) -> int:
    """The status with which our door answers a webhook."""
    answer = _provider(get_ident()).post(
        f"/webhooks/{provider}",
        body,
        content_type="application/json",
        headers={name: value for name, value in headers.items() if name.lower() != "content-type"},
    )
    return answer.status_code


def run_jobs(*, after: timedelta = timedelta()) -> None:
    """What waits in the queue, then what the timetable does with money, once."""
    now = clock.now() + after
    run_queue()
    settlement.expire_due(now=now)
    checkout.reconcile_due(now=now)
    refunds.carry_out_due(now=now)
    sessions.complete_overdue(now=now)
    run_queue()


def run_queue() -> None:
    """Carry out the queued jobs; one that the provider gave no clear answer to has failed."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs RETURNING id, task_name, args")
        queued = sorted(cursor.fetchall())
    for _, task, arguments in queued:
        try:
            app.tasks[task](**json.loads(arguments))
        except Unclear:
            continue


def books() -> dict[str, int]:
    """What our ledger says that each provider holds; all accounts together hold nothing."""
    assert LedgerEntry.objects.aggregate(total=Sum("amount_minor"))["total"] in {0, None}
    held = LedgerEntry.objects.filter(account__startswith="provider:").values_list("account")
    return {account.partition(":")[2]: total for account, total in held.annotate(
        total=Sum("amount_minor")).order_by("account")}  # fmt: skip


def confirmations() -> list[int]:
    """How often each booking that was confirmed was."""
    told = Event.objects.filter(name="booking.confirmed", from_state__in=("held", "expired"))
    return sorted(Tally(told.values_list("subject_id", flat=True)).values())


def settled_up(counter: Counter) -> None:
    """Every amount that was captured is in exactly one place, and our books say which."""
    assert audit.check(now=clock.now()) == []
    held: Tally[str] = Tally()
    for remote in counter.remotes.values():
        captured, refunded = remote.captured(), remote.refunded()
        assert set(refunded) <= set(captured)
        ours = Payment.objects.filter(provider=remote.name)
        assert set(ours.values_list("provider_payment_id", flat=True)) <= set(captured)
        for payment_id, amount in captured.items():
            _is_in_one_place(payment_id, amount, refunded.get(payment_id, 0))
            held[remote.name] += amount - refunded.get(payment_id, 0)
        sent_back = Tally(fact["payment"] for fact in journal.refunds(remote.book))
        assert set(sent_back.values()) <= {1}
    assert +Tally(books()) == +held
    assert set(confirmations()) <= {1}


def _is_in_one_place(payment_id: str, captured: int, refunded: int) -> None:
    payment = Payment.objects.select_related("order").filter(provider_payment_id=payment_id).first()
    if payment is None or not payment.settles:
        assert refunded == captured
        return
    booking = Booking.objects.get(pk=payment.order.purpose_id)
    if booking.status in LIVE:
        assert (refunded, booking.payment_reference) in {
            (0, payment.reference),
            (captured, payment.reference),
        }
        return
    assert (booking.status, refunded) == (Booking.Status.CANCELLED, _by_policy(booking))


def _by_policy(booking: Booking) -> int:
    """What a cancelled booking owes its mentee: by the policy, or all of it."""
    ended = Event.objects.get(
        subject=BOOKING.subject, subject_id=booking.pk, name="booking.cancelled"
    )
    if ended.actor_id != booking.mentee_id:
        return booking.amount_minor
    return policy.refund_minor(
        booking.amount_minor,
        booking.currency,
        policy=booking.refund_policy,
        starts_at=booking.starts_at,
        now=ended.at,
    )
