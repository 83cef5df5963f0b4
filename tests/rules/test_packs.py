"""Packs and seats without bookings: bought, extended, expired, kept, released, refunded."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from openmentor.base.errors import NotAllowed, NotFound, NotPossible
from openmentor.booking import audit, settlement
from openmentor.mentors.models import Mentor
from openmentor.mentors.refusals import MentorUnavailable, OwnProfile
from openmentor.mentorships import pack_refunds, packs, purchases, renewals, seats
from openmentor.mentorships.models import Pack, PackEntry, Purchase, Seat
from openmentor.mentorships.refusals import (
    PackRefundChanged,
    PackUnavailable,
    SeatsFull,
    TooManyMentorships,
)
from openmentor.payments.models import LedgerEntry, Order, Refund
from openmentor.people.models import Person
from tests import make
from tests import packs as shop

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_purchase_holds_a_seat_until_it_is_paid(maya: Mentor, tom: Person, now: datetime) -> None:
    purchase, order = shop.begun(tom, shop.offer(maya, now=now), now=now)
    seat = shop.seat(tom, maya)
    assert (seat.status, seat.number, seat.hold_until) == ("held", 1, now + timedelta(minutes=15))
    assert (order.amount_minor, order.expires_at) == (shop.PRICE, seat.hold_until)
    assert not Pack.objects.exists()
    shop.pay(order, now=now)
    seat.refresh_from_db()
    pack = Pack.objects.get(purchases=purchase)
    assert (seat.status, seat.hold_until) == ("active", None)
    assert (pack.status, pack.balance, pack.expires_at) == ("active", 4, now + 45 * DAY)
    assert shop.ledger(pack) == [("buy", 4)]


def test_a_purchase_that_is_not_paid_frees_its_seat(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    purchase, _ = shop.begun(tom, shop.offer(maya, now=now), now=now)
    assert settlement.expire_due(now=now + timedelta(minutes=14, seconds=59)) == 0
    assert settlement.expire_due(now=now + timedelta(minutes=15)) == 1
    purchase.refresh_from_db()
    assert (purchase.status, shop.seat(tom, maya).status) == ("expired", "released")
    assert seats.room(maya).used == 0


def test_late_money_for_a_seat_that_is_free_still_buys_it(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    purchase, order = shop.begun(tom, shop.offer(maya, now=now), now=now)
    settlement.expire_due(now=now + timedelta(minutes=15))
    shop.pay(order, now=now + timedelta(minutes=20))
    assert Pack.objects.get(purchases=purchase).balance == 4
    assert shop.seat(tom, maya).status == "active"
    assert not Refund.objects.exists()


def test_late_money_for_a_seat_that_is_gone_goes_back_in_full_once(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    offer = shop.offer(maya, now=now)
    _, order = shop.begun(tom, offer, now=now)
    late = now + timedelta(minutes=15)
    settlement.expire_due(now=late)
    shop.bought(lena, offer, now=late)
    shop.pay(order, now=late + timedelta(minutes=1))
    assert [(r.reason, r.amount_minor) for r in Refund.objects.all()] == [("late", shop.PRICE)]
    assert Pack.objects.filter(mentorship__mentee=tom).count() == 0
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 0
    assert audit.check(now=late) == []


def test_a_purchase_when_full_is_refused_before_any_payment(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    offer = shop.offer(maya, now=now)
    shop.begun(tom, offer, now=now)
    with pytest.raises(SeatsFull):
        shop.begun(lena, offer, now=now)
    assert (Purchase.objects.count(), Order.objects.count()) == (1, 1)


def test_two_packs_of_one_mentor_extend_on_one_seat(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    """Sessions add up, and the later end wins."""
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    pack = shop.bought(tom, shop.offer(maya, now=now), now=now)
    short = shop.offer(maya, sessions=2, validity_days=10, now=now)
    assert shop.bought(tom, short, now=now + 5 * DAY) == pack
    pack.refresh_from_db()
    assert (pack.balance, pack.bought, pack.expires_at) == (6, 6, now + 45 * DAY)
    shop.bought(tom, shop.offer(maya, now=now), now=now + 6 * DAY)
    pack.refresh_from_db()
    assert (pack.balance, pack.expires_at) == (10, now + 51 * DAY)
    assert shop.ledger(pack) == [("buy", 4), ("buy", 2), ("buy", 4)]
    assert Seat.objects.count() == 1


def test_packs_with_two_mentors_are_two_packs_on_two_seats(
    maya: Mentor, kiri: Mentor, tom: Person, now: datetime
) -> None:
    mayas = shop.bought(tom, shop.offer(maya, now=now), now=now)
    kiris = shop.bought(tom, shop.offer(kiri, now=now), now=now)
    assert mayas != kiris
    assert {mayas.status, kiris.status} == {"active"}
    assert {shop.seat(tom, maya).status, shop.seat(tom, kiri).status} == {"active"}


def test_seats_of_one_mentor_say_nothing_about_anothers(
    maya: Mentor, kiri: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    Mentor.objects.filter(pk__in=[maya.pk, kiri.pk]).update(max_active_mentees=1)
    shop.bought(tom, shop.offer(maya, now=now), now=now)
    maya.refresh_from_db()
    kiri.refresh_from_db()
    assert (seats.room(maya).free, seats.room(kiri).free) == (0, 1)
    shop.bought(lena, shop.offer(kiri, now=now), now=now)
    assert (seats.room(maya).free, seats.room(kiri).free) == (0, 0)


def test_grace_begins_when_the_pack_expires_and_ends_by_the_mentors_days(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(maya, now=now), now=now)
    end = now + 45 * DAY
    renewals.tend(now=end - timedelta(seconds=1))
    assert shop.seat(tom, maya).status == "active"
    renewals.tend(now=end)
    pack.refresh_from_db()
    seat = shop.seat(tom, maya)
    assert (pack.status, pack.balance, seat.status) == ("expired", 4, "grace")
    assert (seat.grace_from, seat.grace_until) == (end, end + 3 * DAY)
    renewals.tend(now=end + 3 * DAY - timedelta(seconds=1))
    assert shop.seat(tom, maya).status == "grace"
    renewals.tend(now=end + 3 * DAY)
    pack.refresh_from_db()
    assert (shop.seat(tom, maya).status, pack.balance) == ("released", 0)
    assert shop.ledger(pack) == [("buy", 4), ("expire", -4)]


@pytest.mark.parametrize("days", [0, 30])
def test_the_mentor_chooses_how_long_grace_is(
    maya: Mentor, tom: Person, now: datetime, days: int
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(grace_period_days=days)
    shop.bought(tom, shop.offer(maya, now=now), now=now)
    end = now + 45 * DAY
    renewals.tend(now=end)
    assert shop.seat(tom, maya).status == ("grace" if days else "released")
    renewals.tend(now=end + days * DAY)
    assert shop.seat(tom, maya).status == "released"


def test_grace_with_one_mentor_leaves_the_other_alone(
    maya: Mentor, kiri: Mentor, tom: Person, now: datetime
) -> None:
    shop.bought(tom, shop.offer(maya, validity_days=10, now=now), now=now)
    kiris = shop.bought(tom, shop.offer(kiri, now=now), now=now)
    renewals.tend(now=now + 10 * DAY)
    renewals.tend(now=now + 13 * DAY)
    kiris.refresh_from_db()
    assert (shop.seat(tom, maya).status, shop.seat(tom, kiri).status) == ("released", "active")
    assert (kiris.status, kiris.balance) == ("active", 4)


def test_a_purchase_in_grace_keeps_the_seat_though_the_mentor_is_full(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    offer = shop.offer(maya, now=now)
    pack = shop.bought(tom, offer, now=now)
    end = now + 45 * DAY
    renewals.tend(now=end)
    seat = shop.seat(tom, maya)
    assert shop.bought(tom, offer, now=end + DAY) == pack
    pack.refresh_from_db()
    assert (pack.status, pack.balance, pack.expires_at) == ("active", 8, end + 46 * DAY)
    assert shop.seat(tom, maya) == seat
    assert shop.seat(tom, maya).status == "active"
    renewals.tend(now=end + 3 * DAY)
    assert shop.seat(tom, maya).status == "active"


def test_a_purchase_begun_in_grace_outlives_the_grace_until_its_hold_ends(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    offer = shop.offer(maya, now=now)
    shop.bought(tom, offer, now=now)
    renewals.tend(now=now + 45 * DAY)
    last = now + 48 * DAY - timedelta(minutes=1)
    _, order = shop.begun(tom, offer, now=last)
    renewals.tend(now=now + 48 * DAY)
    assert shop.seat(tom, maya).status == "grace"
    shop.pay(order, now=now + 48 * DAY + timedelta(minutes=1))
    assert shop.seat(tom, maya).status == "active"


def test_after_grace_a_purchase_is_a_new_pack_on_a_new_seat(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    offer = shop.offer(maya, now=now)
    first = shop.bought(tom, offer, now=now)
    seat = shop.seat(tom, maya)
    renewals.tend(now=now + 48 * DAY)
    second = shop.bought(tom, offer, now=now + 50 * DAY)
    assert second != first
    assert shop.seat(tom, maya) != seat


def test_a_pack_without_a_price_is_had_at_once(maya: Mentor, tom: Person, now: datetime) -> None:
    pack = shop.bought(tom, shop.offer(maya, price_minor=0, now=now), now=now)
    assert (pack.balance, shop.seat(tom, maya).status) == (4, "active")
    assert not Order.objects.exists()
    assert audit.check(now=now) == []


def test_what_cannot_be_bought_is_refused(maya: Mentor, tom: Person, now: datetime) -> None:
    offer = shop.offer(maya, now=now)
    with pytest.raises(NotFound):
        purchases.begin(tom, offer="OFFER-00000000", now=now)
    with pytest.raises(OwnProfile):
        purchases.begin(maya.person, offer=offer.reference, now=now)
    Mentor.objects.filter(pk=maya.pk).update(paused_at=now)
    with pytest.raises(MentorUnavailable):
        purchases.begin(tom, offer=offer.reference, now=now)
    Mentor.objects.filter(pk=maya.pk).update(paused_at=None)
    type(offer).objects.update(is_active=False)
    with pytest.raises(PackUnavailable):
        purchases.begin(tom, offer=offer.reference, now=now)
    assert not Seat.objects.exists()


def test_the_operator_can_cap_the_mentorships_of_a_mentee(
    maya: Mentor, kiri: Mentor, tom: Person, now: datetime, settings: Any
) -> None:
    settings.MOST_ACTIVE_MENTORSHIPS = 1
    mayas = shop.offer(maya, now=now)
    shop.bought(tom, mayas, now=now)
    with pytest.raises(TooManyMentorships):
        shop.begun(tom, shop.offer(kiri, now=now), now=now)
    shop.bought(tom, mayas, now=now)


@pytest.mark.parametrize(
    ("of", "back"),
    [
        ((100_000, 4, 1), 75_000),
        ((100_000, 3, 1), 66_667),
        ((100_000, 3, 2), 33_333),
        ((5, 2, 1), 3),
    ],
)
def test_a_refund_is_the_unused_part_to_the_minor_unit(
    maya: Mentor, tom: Person, now: datetime, of: tuple[int, int, int], back: int
) -> None:
    price, sessions, used = of
    pack = shop.bought(
        tom, shop.offer(maya, sessions=sessions, price_minor=price, now=now), now=now
    )
    for number in range(used):
        packs.spend(pack.purchases.get(), booking_id=number, by=tom.pk, now=now)
    quote = pack_refunds.quote(pack.reference, by=maya.person)
    assert quote.amounts == {"INR": back}
    assert quote.lines[0].kept_minor == price - back
    moved = pack_refunds.issue(pack.reference, by=maya.person, expecting=quote.mark, now=now)
    assert moved.amounts == {"INR": back}
    assert Refund.objects.get().amount_minor == back
    assert sum(LedgerEntry.objects.values_list("amount_minor", flat=True)) == 0
    pack.refresh_from_db()
    assert (pack.status, pack.balance, shop.seat(tom, maya).status) == ("refunded", 0, "released")
    assert audit.check(now=now) == []


def test_a_refund_says_how_it_was_rounded(maya: Mentor, tom: Person, now: datetime) -> None:
    pack = shop.bought(tom, shop.offer(maya, sessions=3, now=now), now=now)
    packs.spend(pack.purchases.get(), booking_id=1, by=tom.pk, now=now)
    line = pack_refunds.quote(pack.reference, by=maya.person).lines[0]
    assert line.sentence == (
        "2 of 3 sessions unused, of ₹1,000.00: ₹666.67. ₹333.33 stay with the mentor."
        " Rounded up by 1/3 of the smallest unit."
    )


def test_a_session_that_comes_back_after_the_refund_is_refunded_too(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    """All parts together are the price, whatever the rounding of each."""
    pack = shop.bought(tom, shop.offer(maya, sessions=3, now=now), now=now)
    packs.spend(pack.purchases.get(), booking_id=1, by=tom.pk, now=now)
    pack_refunds.issue(pack.reference, by=maya.person, now=now)
    packs.give_back(1, by=maya.person.pk, now=now)
    pack_refunds.issue(pack.reference, by=maya.person, now=now)
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == shop.PRICE
    assert shop.ledger(pack)[-3:] == [("refund", -2), ("return", 1), ("refund", -1)]


def test_who_may_refund_a_pack(
    maya: Mentor, tom: Person, zoe: Person, staff: Person, now: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(maya, now=now), now=now)
    with pytest.raises(NotAllowed):
        pack_refunds.issue(pack.reference, by=tom, now=now)
    with pytest.raises(NotFound):
        pack_refunds.issue(pack.reference, by=zoe, now=now)
    with pytest.raises(PackRefundChanged):
        pack_refunds.issue(pack.reference, by=staff, expecting="1:1", now=now)
    pack_refunds.issue(pack.reference, by=staff, now=now)
    with pytest.raises(NotPossible):
        pack_refunds.issue(pack.reference, by=staff, now=now)
    assert Refund.objects.get().reason == "staff"


def test_the_database_keeps_the_balance(maya: Mentor, tom: Person, now: datetime) -> None:
    pack = shop.bought(tom, shop.offer(maya, now=now), now=now)
    with pytest.raises(IntegrityError, match="is not the sum of its ledger"):
        _write_balance(pack, 3)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        PackEntry.objects.update(sessions=5)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        PackEntry.objects.all().delete()
    with pytest.raises(IntegrityError, match="pack_balance_is_never_negative"):
        _enter(pack, now, kind="expire", sessions=-5)
    with pytest.raises(IntegrityError, match="was not paid from this purchase"):
        _enter(pack, now, kind="return", sessions=1, booking_id=7)
    with pytest.raises(IntegrityError, match="pack_entry_counts_as_its_kind"):
        _enter(pack, now, kind="spend", sessions=-2, booking_id=7)


def test_a_booking_takes_and_returns_one_session_at_most(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(maya, now=now), now=now)
    packs.spend(pack.purchases.get(), booking_id=7, by=tom.pk, now=now)
    with pytest.raises(IntegrityError, match="pack_pays_a_booking_once"):
        _enter(pack, now, kind="spend", sessions=-1, booking_id=7)
    assert packs.give_back(7, by=tom.pk, now=now)
    assert not packs.give_back(7, by=tom.pk, now=now)
    with pytest.raises(IntegrityError, match="pack_session_is_returned_once"):
        _enter(pack, now, kind="return", sessions=1, booking_id=7)


def test_the_database_keeps_seats_within_the_limit(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=2)
    offer = shop.offer(maya, now=now)
    shop.bought(tom, offer, now=now)
    shop.bought(lena, offer, now=now)
    theirs = shop.seat(lena, maya)
    zoes = make.person()
    third, _ = theirs.mentorship.__class__.objects.get_or_create(mentor=maya, mentee=zoes)
    facts = {"mentorship": third, "mentor": maya, "status": "active", "taken_at": now}
    for number in (1, 2, 3):
        with pytest.raises(IntegrityError, match="has no free seat"), transaction.atomic():
            Seat.objects.create(number=number, **facts)
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=1)
    seats.free(shop.seat(tom, maya), by=None, now=now)
    with pytest.raises(IntegrityError, match="has no free seat"), transaction.atomic():
        Seat.objects.create(number=1, **facts)
    Mentor.objects.filter(pk=maya.pk).update(max_active_mentees=None)
    with pytest.raises(IntegrityError, match="seat_is_taken_once"), transaction.atomic():
        Seat.objects.create(number=2, **facts)
    with pytest.raises(IntegrityError, match="seat_is_one_for_each_pair"), transaction.atomic():
        Seat.objects.create(number=3, **(facts | {"mentorship": theirs.mentorship}))


def _enter(pack: Pack, now: datetime, **facts: object) -> None:
    with transaction.atomic():
        PackEntry.objects.create(pack=pack, purchase=pack.purchases.get(), at=now, **facts)


def _write_balance(pack: Pack, balance: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        Pack.objects.filter(pk=pack.pk).update(balance=balance)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
