"""The hold ends, the payment comes, and somebody else wants the time: all at the same instant.

Never two owners, never lost money; and the same race without the guards has both.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest
from django.db.models import QuerySet

from openmentor.base import clock
from openmentor.booking import audit, settlement, slots
from openmentor.booking.models import Booking
from openmentor.booking.paid_places import PaidPlace
from openmentor.payments import orders
from openmentor.payments.models import Order, Payment, Refund
from openmentor.people.models import Person
from tests import make
from tests.money.counter import HALF_HOUR, START, Counter, book, come_back, run_jobs
from tests.races.arena import PATIENCE, Call, Track, remove_locks, without_law

pytestmark = pytest.mark.django_db(transaction=True)
RACES = 1_000 if os.environ.get("OPENMENTOR_ALL") else 50


@pytest.fixture
def track() -> Iterator[Track]:
    """Three runners."""
    with Track(3) as track:
        yield track


@pytest.fixture
def counter(play_money: Counter) -> Counter:
    """Play money: nobody has to be asked, so the three meet in our own code."""
    return play_money


def unpaid(counter: Counter, payer: Person, number: int) -> Order:
    """The order of a hold that ends now."""
    booking = counter.book(payer, starts_at=START + number * HALF_HOUR)
    order = counter.begin(booking)
    counter.wait(minutes=15)
    return order


def racers(counter: Counter, order: Order, other: Person) -> list[Call]:
    starts_at = Booking.objects.get(pk=order.purpose_id).starts_at
    return [
        partial(come_back, order, {}),
        partial(settlement.expire, order.pk, now=clock.now()),
        partial(book, counter.mentor, counter.offered, other, starts_at=starts_at),
    ]


def owners(order: Order, other: Person) -> list[str]:
    """Who has the time: the payer, the other one, or nobody."""
    starts_at = Booking.objects.get(pk=order.purpose_id).starts_at
    live = Booking.objects.filter(starts_at=starts_at, status__in=Booking.LIVE)
    names = {order.payer_id: "payer", other.pk: "other"}
    return sorted(names[mentee] for mentee in live.values_list("mentee", flat=True))


def test_one_has_the_time_and_the_payer_has_it_or_the_money(counter: Counter, track: Track) -> None:
    payer, other = make.person(), make.person()
    seen = set()
    for number in range(RACES):
        order = unpaid(counter, payer, number)
        track.race(racers(counter, order, other))
        [owner] = owners(order, other)
        [payment] = Payment.objects.filter(order=order)
        back = Refund.objects.filter(payment=payment)
        assert payment.settles == (owner == "payer")
        assert payment.refunded_minor == (0 if owner == "payer" else payment.amount_minor)
        assert len(back) == (owner == "other")
        seen.add(owner)
    run_jobs()
    assert seen == {"payer", "other"}
    assert audit.check(now=clock.now()) == []
    assert not Refund.objects.exclude(status=Refund.Status.SUCCEEDED).exists()


def test_late_money_and_a_booking_elsewhere_give_the_payer_one_place(
    counter: Counter, track: Track
) -> None:
    """The same person, the same time, another mentor: no calendar is locked by both."""
    payer = make.person()
    elsewhere = Counter([], counter.clock)
    for number in range(RACES // 5):
        order = unpaid(counter, payer, number)
        settlement.expire(order.pk, now=clock.now())
        starts_at = START + number * HALF_HOUR
        books = partial(book, elsewhere.mentor, elsewhere.offered, payer, starts_at=starts_at)
        track.race([partial(come_back, order, {}), books])
        live = Booking.objects.get(starts_at=starts_at, status__in=Booking.LIVE)
        payment = Payment.objects.get(order=order)
        assert payment.settles == (live.pk == order.purpose_id)
        assert payment.refunded_minor == (0 if payment.settles else payment.amount_minor)
    run_jobs()
    assert audit.check(now=clock.now()) == []


def remove_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a calendar nor for a row."""
    remove_locks(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)


def test_without_lock_and_law_the_time_has_two_owners(
    counter: Counter, track: Track, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer, other = make.person(), make.person()
    wanted = [unpaid(counter, payer, number) for number in range(3)]
    settlement.expire_due(now=clock.now())
    remove_guards(monkeypatch)
    meeting = Barrier(2)
    free, give = slots.demand_free, PaidPlace.give

    def demand_free(*given: Any, **facts: Any) -> None:
        free(*given, **facts)
        meeting.wait(PATIENCE)

    def meet_and_give(place: PaidPlace, payment: Payment, *, now: datetime) -> bool:
        meeting.wait(PATIENCE)
        return give(place, payment, now=now)

    monkeypatch.setattr(slots, "demand_free", demand_free)
    monkeypatch.setattr(PaidPlace, "give", meet_and_give)
    with without_law("session_mentor_is_in_one_place"):
        for order in wanted:
            pays, _, books = racers(counter, order, other)
            track.race([pays, books])
        assert [owners(order, other) for order in wanted] == [["other", "payer"]] * 3


def test_without_locks_money_is_lost_to_the_end_of_a_hold(
    counter: Counter, track: Track, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = unpaid(counter, make.person(), 0)
    remove_guards(monkeypatch)
    paid, expire = Event(), orders.expire

    def expire_when_paid(order: Order, *, now: datetime, why: str) -> None:
        """By now it has been judged that the order is not paid."""
        paid.wait(PATIENCE)
        expire(order, now=now, why=why)

    def pays() -> None:
        come_back(order, {})
        paid.set()

    monkeypatch.setattr(orders, "expire", expire_when_paid)
    track.race([pays, partial(settlement.expire, order.pk, now=clock.now())])
    assert owners(order, make.person()) == []
    assert Payment.objects.get().refunded_minor == 0
    assert len(audit.check(now=clock.now())) > 0
