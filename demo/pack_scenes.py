"""Packs in the demo: one of each state, with seats that are used, in grace, and given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from openmentor.booking import bookings, checkout, seat_line, slots
from openmentor.booking import diary as diaries
from openmentor.mentors import mentors, pack_offers
from openmentor.mentors.models import Mentor, PackOffer
from openmentor.mentorships import purchases, renewals
from openmentor.payments import providers
from openmentor.people.models import Person

DAY = timedelta(days=1)
SEATS = {"maya": 4, "kiri": 2}
_AHEAD = 30 * DAY


@dataclass(frozen=True, slots=True)
class Bought:
    """Somebody bought a mentor's pack so many days ago, and booked so many sessions with it."""

    mentee: str
    mentor: str
    days_ago: int
    booked: int = 0


BOUGHT = (
    Bought("arjun", "kiri", days_ago=70),  # Over: the seat was released.
    Bought("tom", "kiri", days_ago=46),  # In grace since yesterday.
    Bought("hana", "maya", days_ago=42, booked=1),  # Ends in three days.
    Bought("tom", "maya", days_ago=12, booked=2),
    Bought("lena", "maya", days_ago=2, booked=4),  # None left: all four are scheduled.
)


def sell(story_mentors: dict[str, Mentor], people: dict[str, Person], *, now: datetime) -> None:
    """Packs are offered, bought and booked with; then time does what it does to them."""
    begun = now - 80 * DAY
    offers = {key: _offered(story_mentors[key], most, begun) for key, most in SEATS.items()}
    for each in BOUGHT:
        at = now - each.days_ago * DAY
        renewals.tend(now=at)
        _buy(people[each.mentee], offers[each.mentor], now=at)
    for each in BOUGHT:
        _book(people[each.mentee], story_mentors[each.mentor], each.booked, now=now)
    renewals.tend(now=now)


def _offered(mentor: Mentor, seats: int, now: datetime) -> PackOffer:
    """Four of the mentor's first session type in 45 days, cheaper than one by one."""
    mentors.update(mentor.pk, by=mentor.person, now=now, max_active_mentees=seats)
    offered = mentor.session_types.filter(is_active=True).order_by("-price_minor").first()
    assert offered is not None  # noqa: S101 - everybody in the cast offers something
    return pack_offers.create(
        mentor.pk,
        by=mentor.person,
        now=now,
        session_type=offered.reference,
        title="Four sessions in six weeks",
        sessions=4,
        validity_days=45,
        price_minor=offered.price_minor * 7 // 2 // 100 * 100 if providers.enabled() else 0,
        currency=offered.currency,
    )


def _buy(mentee: Person, offer: PackOffer, *, now: datetime) -> None:
    order = purchases.order_of(seat_line.buy(mentee, offer=offer.reference, now=now))
    if order is not None:
        checkout.begin_order(order.reference, payer=mentee, now=now)
        checkout.verify(order.reference, payer=mentee, returned={}, now=now)


def _book(mentee: Person, mentor: Mentor, most: int, *, now: datetime) -> None:
    """Free times of both, a few days apart, as far as the pack allows."""
    pack = mentee.mentorships.get(mentor=mentor).packs.latest("pk")
    first = pack.purchases.select_related("session_type").latest("pk").session_type
    diary = diaries.read(mentor_id=mentor.pk, first=now, last=now + _AHEAD)
    until = diaries.instant(min(pack.expires_at, now + _AHEAD))
    free = slots.offered(
        diary,
        minutes=first.duration_minutes,
        since=diaries.instant(now + DAY),
        until=until,
        now=now,
    )
    taken = {booking.starts_at for booking in mentee.bookings.all()}
    apart = [at for at in map(diaries.moment, free) if all(abs(at - one) > DAY for one in taken)]
    for at in apart[:: max(len(apart) // max(most, 1), 1)][:most]:
        bookings.book(mentee, handle=mentor.handle, session_type="", pack="", starts_at=at, now=now)
