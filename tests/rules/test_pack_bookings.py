"""Bookings that packs pay: taken, given back, used up; and what that does to the seat."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openmentor.booking import audit, bookings, requests, sessions
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.mentorships import pack_refunds, renewals, seats
from openmentor.mentorships.models import Pack, PackEntry
from openmentor.mentorships.refusals import NoPackSession, PackExpired, SeatNotActive
from openmentor.payments.models import Order
from openmentor.people.models import Person
from tests import make
from tests import packs as shop

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def ana(db: None) -> Mentor:
    """Open all the time, for sessions of 30 minutes at a price."""
    mentor = make.mentor("Ana Open", hours=make.ALWAYS, minutes=0)
    make.session_type(mentor, price=50_000)
    return mentor


@pytest.fixture
def ben(db: None) -> Mentor:
    """Open all the time as well."""
    mentor = make.mentor("Ben Open", hours=make.ALWAYS, minutes=0)
    make.session_type(mentor, price=60_000)
    return mentor


@pytest.fixture
def start(now: datetime) -> datetime:
    """A time that everybody has free."""
    return now.replace(hour=9, minute=0) + 3 * DAY


def book(
    mentee: Person, with_: Mentor, starts_at: datetime, now: datetime, **facts: Any
) -> Session:
    return bookings.book(
        mentee,
        handle=with_.handle,
        starts_at=starts_at,
        now=now,
        **({"session_type": "", "pack": ""} | facts),
    )


def balance(pack: Pack) -> int:
    pack.refresh_from_db()
    return pack.balance


def test_a_pack_pays_at_once(ana: Mentor, tom: Person, now: datetime, start: datetime) -> None:
    pack = shop.bought(tom, shop.offer(ana, now=now), now=now)
    session = book(tom, ana, start, now)
    place = session.bookings.get()
    assert (session.status, place.status, place.pack) == ("scheduled", "confirmed", pack)
    assert (place.payment_status, place.payment_mode, place.amount_minor) == ("paid", "pack", 0)
    assert balance(pack) == 3
    assert Order.objects.filter(purpose="booking").count() == 0
    assert audit.check(now=now) == []


def test_two_mentors_are_both_active_and_each_pack_pays_its_own(
    ana: Mentor, ben: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    anas = shop.bought(tom, shop.offer(ana, now=now), now=now)
    bens = shop.bought(tom, shop.offer(ben, now=now), now=now)
    book(tom, ana, start, now)
    assert (balance(anas), balance(bens)) == (3, 4)
    book(tom, ben, start + HOUR, now)
    assert (balance(anas), balance(bens)) == (3, 3)
    with pytest.raises(NoPackSession):
        book(tom, ana, start + 2 * HOUR, now, pack=bens.reference)


def test_without_a_pack_a_pack_is_refused(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    with pytest.raises(NoPackSession):
        book(tom, ana, start, now)
    assert not Session.objects.exists()


def test_a_pack_pays_for_its_session_type_only(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    other = make.session_type(ana, minutes=60, price=90_000)
    pack = shop.bought(tom, shop.offer(ana, now=now), now=now)
    with pytest.raises(NoPackSession):
        book(tom, ana, start, now, session_type=other.reference)
    shop.bought(tom, shop.offer(ana, session_type=other.reference, sessions=1, now=now), now=now)
    book(tom, ana, start, now, session_type=other.reference)
    assert balance(pack) == 4
    with pytest.raises(NoPackSession):
        book(tom, ana, start + DAY, now, session_type=other.reference)


def test_a_session_type_that_was_switched_off_can_still_be_used_up(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    shop.bought(tom, shop.offer(ana, now=now), now=now)
    SessionType.objects.filter(mentor=ana).update(is_active=False)
    assert book(tom, ana, start, now).status == "scheduled"


def test_of_several_packs_the_one_that_expires_first_pays_unless_chosen(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    """Two packs of one mentor fit when a session comes back to a pack that was over."""
    offer = shop.offer(ana, sessions=1, now=now)
    first = shop.bought(tom, offer, now=now)
    session = book(tom, ana, start, now)
    sessions.complete_overdue(now=start + HOUR)
    renewals.tend(now=start + 4 * DAY)
    second = shop.bought(tom, shop.offer(ana, sessions=3, now=now), now=start + 3 * DAY)
    if second == first:
        pytest.fail("the first pack should be over")
    sessions.mark_no_show(session.reference, by=tom, now=start + 3 * DAY)
    assert (balance(first), balance(second)) == (1, 3)
    later = start + 5 * DAY
    assert book(tom, ana, later, start + 3 * DAY).bookings.get().pack == first
    chosen = book(tom, ana, later + HOUR, start + 3 * DAY, pack=second.reference)
    assert chosen.bookings.get().pack == second


def test_a_session_after_the_expiry_is_refused(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(ana, validity_days=5, now=now), now=now)
    Pack.objects.filter(pk=pack.pk).update(expires_at=start)
    book(tom, ana, start, now)
    with pytest.raises(PackExpired):
        book(tom, ana, start + HOUR, now)
    assert balance(pack) == 3


def test_a_pack_that_expired_is_refused(ana: Mentor, tom: Person, now: datetime) -> None:
    shop.bought(tom, shop.offer(ana, validity_days=2, now=now), now=now)
    renewals.tend(now=now + 2 * DAY)
    with pytest.raises(PackExpired):
        book(tom, ana, now.replace(minute=0) + 4 * DAY, now + 2 * DAY)


def test_scheduled_sessions_survive_the_expiry(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(ana, now=now), now=now)
    session = book(tom, ana, start, now)
    Pack.objects.filter(pk=pack.pk).update(expires_at=start)
    renewals.tend(now=start)
    session.refresh_from_db()
    assert (session.status, session.bookings.get().status) == ("scheduled", "confirmed")
    sessions.complete(session.reference, by=ana.person, now=start + 30 * MINUTE)
    assert shop.seat(tom, ana).grace_from == start


def test_a_seat_that_was_released_cannot_book(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    shop.bought(tom, shop.offer(ana, now=now), now=now)
    with transaction.atomic():
        seats.lock(ana.pk)
        renewals.give_up(shop.seat(tom, ana), by=None, now=now, why="by staff")
    with pytest.raises(SeatNotActive):
        book(tom, ana, start, now)


def test_grace_begins_when_the_last_session_is_over_with_none_left(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    shop.bought(tom, shop.offer(ana, sessions=2, now=now), now=now)
    book(tom, ana, start, now)
    book(tom, ana, start + DAY, now)
    sessions.complete_overdue(now=start + HOUR)
    assert shop.seat(tom, ana).status == "active"
    sessions.complete_overdue(now=start + DAY + HOUR)
    seat = shop.seat(tom, ana)
    assert (seat.status, seat.grace_from) == ("grace", start + DAY + 30 * MINUTE)
    assert seat.grace_until == start + 4 * DAY + 30 * MINUTE


def test_in_grace_the_pack_cannot_book_and_a_renewal_lets_it(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    offer = shop.offer(ana, sessions=1, now=now)
    shop.bought(tom, offer, now=now)
    book(tom, ana, start, now)
    over = start + HOUR
    sessions.complete_overdue(now=over)
    with pytest.raises(NoPackSession):
        book(tom, ana, start + 3 * DAY, over)
    shop.bought(tom, offer, now=over)
    book(tom, ana, start + 3 * DAY, over)
    assert shop.seat(tom, ana).status == "active"


@pytest.mark.parametrize(
    ("ahead", "left"), [(DAY, 4), (DAY - timedelta(seconds=1), 3), (3 * HOUR, 3)]
)
def test_a_mentee_who_cancels_gets_the_session_back_until_the_full_refund_limit(
    ana: Mentor, tom: Person, start: datetime, ahead: timedelta, left: int
) -> None:
    now = start - 3 * DAY
    pack = shop.bought(tom, shop.offer(ana, now=now), now=now)
    session = book(tom, ana, start, now)
    quote = sessions.cancel_quote(session.reference, by=tom, now=start - ahead)
    way = "comes back to" if left == 4 else "counts as used in"
    assert (quote.amount_minor, way in quote.sentence) == (0, True)
    sessions.cancel(session.reference, by=tom, expecting=0, now=start - ahead)
    assert balance(pack) == left


def test_a_mentor_who_cancels_gives_the_session_back_always(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(ana, sessions=1, now=now), now=now)
    session = book(tom, ana, start, now)
    pack.refresh_from_db()
    assert pack.status == "exhausted"
    sessions.cancel(session.reference, by=ana.person, now=start - MINUTE)
    pack.refresh_from_db()
    assert (pack.status, pack.balance) == ("active", 1)
    assert shop.ledger(pack) == [("buy", 1), ("spend", -1), ("return", 1)]
    assert Booking.objects.get(session=session).payment_status == "paid"


def test_a_late_cancellation_of_the_last_session_begins_grace(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    shop.bought(tom, shop.offer(ana, sessions=1, now=now), now=now)
    session = book(tom, ana, start, now)
    sessions.cancel(session.reference, by=tom, now=start - HOUR)
    seat = shop.seat(tom, ana)
    assert (seat.status, seat.grace_from) == ("grace", start - HOUR)


def test_a_mentee_who_does_not_come_has_used_the_session(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(ana, sessions=1, now=now), now=now)
    session = book(tom, ana, start, now)
    sessions.mark_no_show(session.reference, by=ana.person, now=start + 20 * MINUTE)
    assert (balance(pack), shop.seat(tom, ana).status) == (0, "grace")


def test_a_mentor_who_does_not_come_gives_the_session_and_the_seat_back(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(ana, sessions=1, now=now), now=now)
    session = book(tom, ana, start, now)
    sessions.complete_overdue(now=start + HOUR)
    assert shop.seat(tom, ana).status == "grace"
    sessions.mark_no_show(session.reference, by=tom, now=start + 2 * HOUR)
    assert (balance(pack), shop.seat(tom, ana).status) == (1, "active")
    assert audit.check(now=start + 2 * HOUR) == []


def test_a_session_that_comes_back_after_the_end_is_refunded_not_lost(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(ana, sessions=1, validity_days=4, now=now), now=now)
    session = book(tom, ana, start, now)
    sessions.complete_overdue(now=start + HOUR)
    renewals.tend(now=start + 2 * DAY)
    sessions.mark_no_show(session.reference, by=tom, now=start + 2 * DAY)
    pack.refresh_from_db()
    assert (pack.status, pack.balance) == ("expired", 1)
    assert pack_refunds.quote(pack.reference, by=ana.person).amounts == {"INR": shop.PRICE}


def test_a_mentee_moves_a_session_within_the_pack_and_a_mentor_beyond(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(ana, now=now), now=now)
    Pack.objects.filter(pk=pack.pk).update(expires_at=start + HOUR)
    session = book(tom, ana, start, now)
    sessions.reschedule(session.reference, by=tom, starts_at=start + HOUR, now=now)
    with pytest.raises(PackExpired):
        sessions.reschedule(session.reference, by=tom, starts_at=start + DAY, now=now)
    sessions.reschedule(session.reference, by=ana.person, starts_at=start + DAY, now=now)
    assert balance(pack) == 3


def test_where_the_mentor_says_yes_the_pack_pays_with_the_yes(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    Mentor.objects.filter(pk=ana.pk).update(confirmation="approval")
    pack = shop.bought(tom, shop.offer(ana, now=now), now=now)
    session = book(tom, ana, start, now)
    assert (session.status, session.price_minor, balance(pack)) == ("pending", 0, 4)
    requests.accept(session.reference, by=ana.person, now=now)
    place = session.bookings.get()
    assert (place.status, place.payment_mode, balance(pack)) == ("confirmed", "pack", 3)


def test_refunding_a_pack_leaves_its_scheduled_sessions(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    pack = shop.bought(tom, shop.offer(ana, now=now), now=now)
    session = book(tom, ana, start, now)
    assert pack_refunds.issue(pack.reference, by=ana.person, now=now).amounts == {"INR": 75_000}
    sessions.complete_overdue(now=start + HOUR)
    session.refresh_from_db()
    assert session.status == "completed"


def test_the_database_ties_a_booking_to_its_pack(
    ana: Mentor, tom: Person, now: datetime, start: datetime
) -> None:
    shop.bought(tom, shop.offer(ana, now=now), now=now)
    book(tom, ana, start, now)
    for wrong in ({"pack": None}, {"amount_minor": 1}, {"payment_mode": "mock"}):
        with (
            pytest.raises(IntegrityError, match="booking_by_pack_names_its_pack"),
            transaction.atomic(),
        ):
            Booking.objects.update(**wrong)
    assert PackEntry.objects.count() == 2
