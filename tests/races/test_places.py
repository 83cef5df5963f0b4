"""Many want the places of one group session: as many as there are are sold, and none is lost."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any

import pytest
from django.db import connection, transaction

from openmentor.base import locks
from openmentor.base.errors import Refusal
from openmentor.booking import joining, places, replanning, sessions, settlement
from openmentor.booking.models import Booking, Session, WaitingEntry
from openmentor.mentors.models import Mentor
from openmentor.payments.models import Order, Refund
from openmentor.people.models import Person
from tests import make
from tests.races.arena import CLIENTS, Track, meet_after, tally, without_law
from tests.races.conftest import slot
from tests.rules.test_join import captured

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "session_places_are_at_most_its_capacity"
ALL = bool(os.environ.get("OPENMENTOR_ALL"))
ROUNDS = 100 if ALL else 1
JOINERS = 200 if ALL else 60
RUNNERS = 20


@pytest.fixture
def crowd(db: None) -> list[Person]:
    return [make.person() for _ in range(JOINERS)]


def join(session: Session, by: Person, now: datetime) -> Any:
    """The booking, or the refusal."""
    try:
        return joining.join(session.reference, by=by, now=now)
    except Refusal as refusal:
        return refusal


def in_turn(calls: list[Callable[[], Any]]) -> list[Any]:
    return [call() for call in calls]


def spread(calls: list[Callable[[], Any]], track: Track) -> list[Any]:
    """What all calls gave, made by all runners at once, each its share in turn."""
    shares: list[list[Callable[[], Any]]] = [[] for _ in range(track.runners)]
    for call, share in zip(calls, cycle(shares), strict=False):
        share.append(call)
    done = track.race([partial(in_turn, share) for share in shares if share])
    return [outcome for share in done for outcome in share]


def demand_sound(session: Session) -> None:
    """The count is the truth, within the capacity; full is full, and open is not."""
    session.refresh_from_db()
    live = session.bookings.filter(status__in=Booking.HAVING_A_PLACE).count()
    offers = WaitingEntry.objects.filter(subject_id=session.pk, status="offered").count()
    assert session.places_taken == live + offers
    assert session.places_taken <= session.capacity
    if session.status in Session.TAKING_TIME:
        is_full = session.places_taken == session.capacity
        assert session.status == ("full" if is_full else "open")


@pytest.mark.parametrize("price", [0, 50_000])
@pytest.mark.parametrize("capacity", [1, 2, 5, 20, 50])
def test_as_many_as_there_are_places_get_one(
    *, mentor: Mentor, crowd: list[Person], now: datetime, capacity: int, price: int
) -> None:
    with Track(RUNNERS) as track:
        for number in range(ROUNDS):
            session = make.group(mentor, starts_at=slot(4 * number), capacity=capacity, price=price)
            outcomes = spread([partial(join, session, each, now) for each in crowd], track)
            assert tally(outcomes) == {"won": capacity, "session_full": JOINERS - capacity}
            demand_sound(session)
    assert Order.objects.count() == (ROUNDS * capacity if price else 0)


@pytest.mark.parametrize("price", [0, 50_000])
def test_joins_leaves_ends_of_holds_and_edits_lose_no_place(
    *, mentor: Mentor, crowd: list[Person], now: datetime, price: int
) -> None:
    late = now + timedelta(minutes=20)
    with Track(RUNNERS) as track:
        for number in range(ROUNDS):
            session = make.group(mentor, starts_at=slot(4 * number), capacity=10, price=price)
            spread([partial(join, session, each, now) for each in crowd[:10]], track)
            calls: list[Callable[[], Any]] = []
            for each in crowd[:10]:
                calls += [partial(leave, session, each, now), partial(join, session, each, now)]
            for newcomer, capacity in zip(crowd[10:40], cycle((9, 12, 7, 11)), strict=False):
                calls.append(partial(join, session, newcomer, now))
                calls.append(partial(resize, session, capacity, now))
            calls.append(partial(settlement.expire_due, now=late))
            spread(calls, track)
            demand_sound(session)
            left = session.capacity - session.places_taken
            outcomes = spread([partial(join, session, each, late) for each in crowd[40:]], track)
            assert tally(outcomes)["won"] == min(left, len(crowd[40:]))
            demand_sound(session)


def test_joins_against_cancelling_leave_nobody_in_and_nobody_unpaid(
    mentor: Mentor, crowd: list[Person], now: datetime
) -> None:
    with Track(RUNNERS) as track:
        for number in range(ROUNDS):
            session = make.group(mentor, starts_at=slot(4 * number), capacity=50, price=50_000)
            calls: list[Callable[[], Any]] = [
                partial(join_and_pay, session, each, now) for each in crowd
            ]
            half = len(calls) // 2
            cancel = partial(sessions.cancel, session.reference, by=mentor.person, now=now)
            spread([*calls[:half], cancel, *calls[half:]], track)
            demand_sound(session)
            live = session.bookings.filter(status__in=Booking.HAVING_A_PLACE)
            assert (session.status, live.count()) == ("cancelled", 0)
            paid = Order.objects.filter(payments__isnull=False).distinct()
            assert Refund.objects.count() == paid.count()


def leave(session: Session, by: Person, now: datetime) -> Any:
    try:
        return joining.leave(session.reference, by=by, now=now)
    except Refusal as refusal:
        return refusal


def resize(session: Session, capacity: int, now: datetime) -> Any:
    try:
        return replanning.update(
            session.reference, by=session.mentor.person, capacity=capacity, now=now
        )
    except Refusal as refusal:
        return refusal


def join_and_pay(session: Session, by: Person, now: datetime) -> Any:
    booking = join(session, by, now)
    if isinstance(booking, Booking):
        order = Order.objects.get(purpose="booking", purpose_id=booking.pk)
        settlement.settle(order.pk, captured(order), now=now)
    return booking


def lock_nothing(monkeypatch: pytest.MonkeyPatch, *, runners: int = CLIENTS) -> None:
    monkeypatch.setattr(locks, "hold", lambda family, identity: None)
    monkeypatch.setattr(joining, "_lock", lambda session: None)
    meet_after(monkeypatch, joining, "_demand_unoccupied", runners=runners)


def test_without_lock_and_law_the_same_race_oversells(
    *,
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
) -> None:
    lock_nothing(monkeypatch)
    with without_law(LAW):
        for number in range(5):
            session = make.group(mentor, starts_at=slot(4 * number), capacity=1)
            outcomes = track.race([partial(join, session, each, now) for each in mentees])
            assert tally(outcomes) == {"won": CLIENTS}
            session.refresh_from_db()
            assert session.places_taken == CLIENTS


@pytest.mark.parametrize("capacity", [1, 3])
def test_the_law_alone_sells_no_more_than_there_are(
    *,
    monkeypatch: pytest.MonkeyPatch,
    track: Track,
    mentor: Mentor,
    mentees: list[Person],
    now: datetime,
    capacity: int,
) -> None:
    lock_nothing(monkeypatch)
    for number in range(5):
        session = make.group(mentor, starts_at=slot(4 * number), capacity=capacity)
        outcomes = track.race([partial(join, session, each, now) for each in mentees])
        assert tally(outcomes) == {"won": capacity, "session_full": CLIENTS - capacity}


def test_the_lock_alone_sells_no_more_than_there_are(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    with without_law(LAW):
        for number in range(5):
            session = make.group(mentor, starts_at=slot(4 * number), capacity=3)
            outcomes = track.race([partial(join, session, each, now) for each in mentees])
            assert tally(outcomes) == {"won": 3, "session_full": CLIENTS - 3}


def test_the_law_counts_what_is_written_past_every_verb(mentor: Mentor, tom: Person) -> None:
    session = make.group(mentor, starts_at=slot(0), capacity=2)
    with transaction.atomic():
        held = [make.booking(session, make.person()) for _ in range(2)]
    demand_count(session, 2)
    Booking.objects.filter(pk=held[0].pk).update(status="cancelled")
    demand_count(session, 1)
    Booking.objects.filter(pk=held[1].pk).delete()
    demand_count(session, 0)


def demand_count(session: Session, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT places_taken FROM booking_session WHERE id = %s", [session.pk])
        assert cursor.fetchone() == (count,)


def test_two_freed_places_a_newcomer_and_the_job_at_once_keep_the_order(
    track: Track, mentor: Mentor, crowd: list[Person], now: datetime
) -> None:
    for number in range(20 if ALL else 4):
        session = make.group(mentor, starts_at=slot(400 + 4 * number), capacity=2)
        first, second, *rest = crowd[:8]
        for person in (first, second):
            joining.join(session.reference, by=person, now=now)
        for person in rest[:3]:
            joining.wait(session.reference, by=person, now=now)
        track.race(
            [
                partial(leave, session, first, now),
                partial(leave, session, second, now),
                partial(join, session, rest[3], now),
                partial(join, session, rest[4], now),
                partial(places.lapse_offers_due, now=now),
            ]
        )
        line = WaitingEntry.objects.filter(subject_id=session.pk).order_by("pk")
        assert [entry.status for entry in line] == ["offered", "offered", "waiting"]
        assert [entry.person_id for entry in line] == [person.pk for person in rest[:3]]
        demand_sound(session)


def test_an_offer_taken_expiring_and_wanted_by_a_newcomer_has_one_owner(
    track: Track, mentor: Mentor, crowd: list[Person], now: datetime
) -> None:
    for number in range(50 if ALL else 8):
        session = make.group(mentor, starts_at=slot(400 + 4 * number), capacity=1)
        owner, first, second, newcomer = crowd[:4]
        joining.join(session.reference, by=owner, now=now)
        for person in (first, second):
            joining.wait(session.reference, by=person, now=now)
        joining.leave(session.reference, by=owner, now=now)
        until = now + places.OFFER_HOLDS
        outcomes = track.race(
            [
                partial(join, session, first, until - timedelta(seconds=1)),
                partial(places.lapse_offers_due, now=until),
                partial(join, session, newcomer, until),
                partial(join, session, newcomer, until),
            ]
        )
        line = [
            entry.status
            for entry in WaitingEntry.objects.filter(subject_id=session.pk).order_by("pk")
        ]
        took = isinstance(outcomes[0], Booking)
        assert line == (["taken", "waiting"] if took else ["expired", "offered"])
        assert not session.bookings.filter(mentee=newcomer).exists()
        demand_sound(session)
