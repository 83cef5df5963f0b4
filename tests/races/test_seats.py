"""Seats and packs under many hands: the last seat, the last session, renewal against release.

Each race is run again without its guards, where it must be lost.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from openmentor.booking import bookings, prepaid, seat_line, sessions, settlement
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor, PackOffer
from openmentor.mentorships import purchases, renewals, seats
from openmentor.mentorships.models import Pack, PackEntry, Purchase, Seat
from openmentor.people.models import Person
from tests import make
from tests import packs as shop
from tests.races.arena import Call, Track, meet_after, remove_locks, tally
from tests.races.conftest import slot

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 300 if os.environ.get("OPENMENTOR_ALL") else 12
BUYERS = 50 if os.environ.get("OPENMENTOR_ALL") else 8
DAY = timedelta(days=1)


@pytest.fixture
def buyers(db: None) -> list[Person]:
    """All want the same seat."""
    return [make.person() for _ in range(BUYERS)]


@pytest.fixture
def offer(mentor: Mentor, now: datetime) -> PackOffer:
    """A pack of one session with a mentor of one seat."""
    Mentor.objects.filter(pk=mentor.pk).update(max_active_mentees=1)
    return shop.offer(mentor, sessions=1, now=now)


@contextmanager
def lawless(*changes: tuple[str, str]) -> Iterator[None]:
    """A database without some guards: each is the statement that takes it away, and back."""
    _carry_out(away for away, _ in changes)
    try:
        yield
    finally:
        _carry_out(["TRUNCATE mentorships_mentorship CASCADE"])
        _carry_out(back for _, back in changes)


def _carry_out(statements: Any) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def trigger(table: str, name: str) -> tuple[str, str]:
    return (
        f"ALTER TABLE {table} DISABLE TRIGGER {name}",
        f"ALTER TABLE {table} ENABLE TRIGGER {name}",
    )


def check(table: str, name: str, condition: str) -> tuple[str, str]:
    return (
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})",
    )


ONE_SITTER = (
    "DROP INDEX seat_is_taken_once",
    """CREATE UNIQUE INDEX seat_is_taken_once ON mentorships_seat (mentor_id, number)
    WHERE status IN ('held', 'active', 'grace')""",
)
LIMIT = trigger("mentorships_seat", "seats_are_at_most_the_mentors_limit")
BALANCE = (
    check("mentorships_pack", "pack_balance_is_never_negative", "balance >= 0"),
    check(
        "mentorships_purchase",
        "purchase_unused_is_a_part_of_it",
        "unused >= 0 AND unused <= sessions",
    ),
    trigger("mentorships_pack", "pack_is_the_sum_of_its_ledger"),
)


def buying(offer: PackOffer, buyers: list[Person], now: datetime) -> list[Call]:
    return [partial(seat_line.buy, buyer, offer=offer.reference, now=now) for buyer in buyers]


def free_all(offer: PackOffer, now: datetime) -> None:
    """Nobody has a seat again: the next round."""
    for seat in Seat.objects.filter(mentor=offer.mentor, status__in=Seat.LIVE):
        seats.free(seat, by=None, now=now)


def test_the_last_seat_is_sold_once(offer: PackOffer, buyers: list[Person], now: datetime) -> None:
    with Track(BUYERS) as track:
        for _ in range(ROUNDS):
            outcomes = track.race(buying(offer, buyers, now))
            assert tally(outcomes) == {"won": 1, "seats_full": BUYERS - 1}
            assert Seat.objects.filter(status="held").count() == 1
            free_all(offer, now)
    assert Purchase.objects.count() == ROUNDS


def test_the_law_alone_sells_the_last_seat_once(
    monkeypatch: pytest.MonkeyPatch, offer: PackOffer, buyers: list[Person], now: datetime
) -> None:
    remove_locks(monkeypatch)
    meet_after(monkeypatch, seats, "demand_room", runners=BUYERS)
    with Track(BUYERS) as track:
        for _ in range(3):
            outcomes = track.race(buying(offer, buyers, now))
            assert tally(outcomes) == {"won": 1, "seats_full": BUYERS - 1}
            free_all(offer, now)


def test_without_lock_and_law_the_last_seat_is_sold_to_all(
    monkeypatch: pytest.MonkeyPatch, offer: PackOffer, buyers: list[Person], now: datetime
) -> None:
    remove_locks(monkeypatch)
    meet_after(monkeypatch, seats, "demand_room", runners=BUYERS)
    with lawless(LIMIT, ONE_SITTER), Track(BUYERS) as track:
        assert tally(track.race(buying(offer, buyers, now))) == {"won": BUYERS}
        assert Seat.objects.filter(status="held").count() == BUYERS


def test_a_purchase_against_the_release_of_the_only_seat(
    track: Track, offer: PackOffer, mentees: list[Person], now: datetime
) -> None:
    """Whoever comes first: never two seats, and a refused buyer has nothing to pay."""
    for number in range(ROUNDS):
        sitter, buyer = mentees[number % 4], mentees[4 + number % 4]
        begun = now + number * 30 * DAY
        shop.bought(sitter, shop_of(offer, 5), now=begun)
        renewals.expire_due(now=begun + 5 * DAY)
        over = begun + 8 * DAY
        orders = Purchase.objects.count()
        _, bought = track.race(
            [
                partial(renewals.release_due, now=over),
                partial(seat_line.buy, buyer, offer=offer.reference, now=over),
            ]
        )
        won = isinstance(bought, Purchase)
        assert Purchase.objects.count() == orders + won
        live = list(Seat.objects.filter(mentor=offer.mentor, status__in=Seat.LIVE))
        assert [seat.status for seat in live] == (["held"] if won else [])
        free_all(offer, over)


def shop_of(offer: PackOffer, days: int) -> PackOffer:
    """The same offer, valid for so many days."""
    PackOffer.objects.filter(pk=offer.pk).update(validity_days=days)
    offer.refresh_from_db()
    return offer


def test_a_renewal_against_the_release_keeps_the_seat_or_takes_a_new_one(
    track: Track, offer: PackOffer, mentees: list[Person], now: datetime
) -> None:
    """The money came either way, and the mentee sits either way: exactly one seat, one pack."""
    for number in range(ROUNDS):
        sitter = mentees[number % 8]
        begun = now + number * 30 * DAY
        shop.bought(sitter, shop_of(offer, 5), now=begun)
        renewals.expire_due(now=begun + 5 * DAY)
        _, order = shop.begun(sitter, offer, now=begun + 8 * DAY - timedelta(minutes=15))
        track.race(
            [
                partial(renewals.release_due, now=begun + 8 * DAY),
                partial(shop.pay, order, now=begun + 8 * DAY),
            ]
        )
        seat = Seat.objects.get(mentor=offer.mentor, status__in=Seat.LIVE)
        assert seat.status == "active"
        active = Pack.objects.get(mentorship__mentee=sitter, status="active")
        assert active.balance in {1, 2}  # Extended, or new after the release.
        free_all(offer, begun + 8 * DAY)
        Pack.objects.filter(over_at=None).update(over_at=begun)
        Pack.objects.filter(status="active").update(status="expired")


def booking_twice(mentor: Mentor, mentee: Person, number: int, now: datetime) -> list[Call]:
    return [
        partial(
            bookings.book,
            mentee,
            handle=mentor.handle,
            session_type="",
            pack="",
            starts_at=slot(4 * number + later),
            now=now,
        )
        for later in (0, 2)
    ]


def test_two_bookings_on_the_last_session_take_it_once(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    offer = shop.offer(mentor, sessions=1, now=now)
    for number in range(ROUNDS):
        pack = shop.bought(mentees[0], offer, now=now)
        outcomes = track.race(booking_twice(mentor, mentees[0], number, now))
        assert tally(outcomes) == {"won": 1, "no_pack_session": 1}
        pack.refresh_from_db()
        assert (pack.balance, pack.status) == (0, "exhausted")
    assert PackEntry.objects.filter(kind="spend").count() == ROUNDS


def test_the_law_alone_lets_the_last_session_be_taken_once(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
) -> None:
    offer = shop.offer(mentor, sessions=1, now=now)
    remove_locks(monkeypatch)
    meet_after(monkeypatch, prepaid, "chosen", runners=2)
    for number in range(3):
        shop.bought(mentees[0], offer, now=now)
        outcomes = track.race(booking_twice(mentor, mentees[0], number, now))
        assert tally(outcomes) == {"won": 1, "no_pack_session": 1}


def test_without_lock_and_law_the_last_session_is_taken_twice(
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
) -> None:
    offer = shop.offer(mentor, sessions=1, now=now)
    remove_locks(monkeypatch)
    meet_after(monkeypatch, prepaid, "chosen", runners=2)
    with lawless(*BALANCE):
        pack = shop.bought(mentees[0], offer, now=now)
        outcomes = track.race(booking_twice(mentor, mentees[0], 0, now))
        assert tally(outcomes) == {"won": 2}
        pack.refresh_from_db()
        assert pack.balance == -1


def test_cancelling_against_completing_ends_a_pack_session_once(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    """The mentor calls it off at the moment at which it is completed: returned or used."""
    offer = shop.offer(mentor, sessions=100, now=now)
    pack = shop.bought(mentees[0], offer, now=now)
    for number in range(ROUNDS):
        session = booking_twice(mentor, mentees[0], number, now)[0]()
        before = Pack.objects.get(pk=pack.pk).balance
        cancel = partial(
            sessions.cancel,
            session.reference,
            by=mentor.person,
            now=session.starts_at - timedelta(seconds=1),
        )
        complete = partial(
            sessions.complete, session.reference, by=mentor.person, now=session.starts_at
        )
        outcomes = track.race([cancel, complete])
        assert tally(outcomes) == {"won": 1, "not_possible": 1}
        after = Pack.objects.get(pk=pack.pk).balance
        session.refresh_from_db()
        assert (session.status, after - before) in {("cancelled", 1), ("completed", 0)}
    assert Booking.objects.filter(status__in=Booking.LIVE).count() == 0


def test_two_who_give_a_session_back_give_it_back_once(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    offer = shop.offer(mentor, sessions=100, now=now)
    pack = shop.bought(mentees[0], offer, now=now)
    for number in range(ROUNDS):
        session: Session = booking_twice(mentor, mentees[0], number, now)[0]()
        cancelling = [
            partial(sessions.cancel, session.reference, by=person, now=now)
            for person in (mentor.person, mentees[0])
        ]
        assert tally(track.race(cancelling)) == {"won": 1, "not_possible": 1}
        assert Pack.objects.get(pk=pack.pk).balance == 100


def test_a_payment_against_the_end_of_its_hold_gives_a_pack_or_the_money_back(
    track: Track, offer: PackOffer, mentees: list[Person], now: datetime
) -> None:
    for number in range(ROUNDS):
        mentee, begun = mentees[number % 8], now + number * DAY
        purchase, order = shop.begun(mentee, offer, now=begun)
        late = begun + purchases.HOLD
        track.race(
            [
                partial(settlement.expire, order.pk, now=late),
                partial(shop.pay, order, now=late),
            ]
        )
        purchase.refresh_from_db()
        assert purchase.status == "paid"
        assert Seat.objects.filter(mentor=offer.mentor, status__in=Seat.LIVE).count() == 1
        free_all(offer, late)
        Pack.objects.filter(over_at=None).update(over_at=late)
