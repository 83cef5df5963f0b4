"""Makes what a test needs in as few inserts as possible; what a test is about, it does by verbs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from demo import cast
from openmentor.availability.hours import parse_time
from openmentor.availability.models import WeeklyHours
from openmentor.booking import bookings, checkout
from openmentor.booking.models import Booking, Group, Session
from openmentor.booking.occupancy import occupied
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person

PASSWORD = cast.PASSWORD
APPROVED_AT = datetime(2026, 1, 5, tzinfo=UTC)
OFFICE_HOURS = ("Mon-Fri 09:00-17:00",)
ALWAYS = ("Mon-Sun 00:00-24:00",)
_numbers = count(1)


def person(
    name: str = "",
    *,
    email: str = "",
    timezone: str = "UTC",
    verified: bool = True,
    **fields: Any,
) -> Person:
    """Somebody with an account and PASSWORD; `verified` is whether the address is."""
    number = next(_numbers)
    name = name or f"Person {number}"
    email = email or f"{slugify(name)}.{number}@example.com"
    made = Person.objects.create_user(email, PASSWORD, name=name, timezone=timezone, **fields)
    EmailAddress.objects.create(user=made, email=email, primary=True, verified=verified)
    return made


def mentor(
    name: str = "",
    *,
    email: str = "",
    timezone: str = "UTC",
    hours: Sequence[str] = OFFICE_HOURS,
    minutes: int = 30,
    **profile: Any,
) -> Mentor:
    """An approved mentor with weekly `hours` and one free session type of so many `minutes`.

    `hours` are lines such as `Mon-Fri 09:00-17:00`; `minutes=0` makes no session type.
    """
    somebody = person(name, email=email, timezone=timezone)
    facts = {"status": Mentor.Status.APPROVED, "approved_at": APPROVED_AT, "currency": "INR"}
    made = Mentor.objects.create(
        person=somebody,
        handle=slugify(somebody.name),
        timezone=timezone,
        **(facts | profile),
    )
    weekly_hours(made, hours)
    if minutes:
        session_type(made, minutes=minutes)
    return made


def weekly_hours(of: Mentor, lines: Sequence[str]) -> None:
    """These weekly hours, besides those that the mentor has."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            mentor=of,
            weekday=day.day,
            start_minute=parse_time(slot.start),
            end_minute=parse_time(slot.end),
        )
        for day in cast.week(list(lines))
        for slot in day.slots
    )


def session_type(
    of: Mentor, *, title: str = "Introduction", minutes: int = 30, price: int = 0, **facts: Any
) -> SessionType:
    """A session type of this mentor; the price is in minor units."""
    return SessionType.objects.create(
        mentor=of,
        title=title,
        duration_minutes=minutes,
        price_minor=price,
        **({"currency": of.currency} | facts),
    )


def booked(with_: Mentor, mentee: Person, *, starts_at: datetime, now: datetime) -> Session:
    """A session booked as a mentee books it: the mentor's first session type, by the verb."""
    offered = SessionType.objects.filter(mentor=with_, price_minor=0)[0]
    return bookings.book(
        mentee,
        handle=with_.handle,
        session_type=offered.reference,
        starts_at=starts_at,
        now=now,
    )


def held(
    with_: Mentor,
    mentee: Person,
    *,
    starts_at: datetime,
    now: datetime,
    price: int = 150_000,
    **facts: Any,
) -> Booking:
    """A place with a price (minor units), booked by the verb and waiting to be paid."""
    offered = session_type(with_, title="Mock interview", price=price, **facts)
    bookings.book(
        mentee,
        handle=with_.handle,
        session_type=offered.reference,
        starts_at=starts_at,
        now=now,
    )
    return mentee.bookings.select_related("mentee", "session__mentor__person").latest("pk")


def paid(
    with_: Mentor, mentee: Person, *, starts_at: datetime, now: datetime, **facts: Any
) -> Booking:
    """A place that was booked and paid with play money, by the verbs."""
    booking = held(with_, mentee, starts_at=starts_at, now=now, **facts)
    order, _ = checkout.begin(booking.session.reference, payer=mentee, now=now)
    checkout.verify(order.reference, payer=mentee, returned={}, now=now)
    booking.refresh_from_db()
    return booking


def session(
    with_: Mentor,
    mentee: Person | None,
    *,
    starts_at: datetime,
    minutes: int = 30,
    status: str = Session.Status.SCHEDULED,
    before: int = 0,
    after: int = 0,
    **facts: Any,
) -> Session:
    """A session in any status, with its booking if there is a mentee, written straight down.

    It need not be free nor in the future; only the database's own laws hold.
    """
    ends_at = starts_at + timedelta(minutes=minutes)
    defaults = {
        "origin": Session.Origin.SLOT,
        "title": "Introduction",
        "timezone": with_.timezone,
        "currency": with_.currency,
        "created_at": starts_at - timedelta(days=3),
    }
    made = Session.objects.create(
        mentor=with_,
        status=status,
        starts_at=starts_at,
        ends_at=ends_at,
        buffer_before=before,
        buffer_after=after,
        occupies=occupied(starts_at, ends_at, before=before, after=after),
        **(defaults | facts),
    )
    if mentee is not None:
        booking(made, mentee, status=_PLACES[Session.Status(status)])
    return made


def group(
    with_: Mentor, *, starts_at: datetime, capacity: int = 3, price: int = 0, **facts: Any
) -> Session:
    """An open group session of an hour, in public; `facts` are those of `Group`."""
    made = session(
        with_,
        None,
        starts_at=starts_at,
        minutes=60,
        status=Session.Status.OPEN,
        mode=Session.Mode.GROUP,
        origin=Session.Origin.GROUP,
        title="Workshop",
        capacity=capacity,
        price_minor=price,
    )
    Group.objects.create(session=made, **facts)
    return made


def booking(
    of: Session, mentee: Person, *, status: str = Booking.Status.CONFIRMED, **facts: Any
) -> Booking:
    """A place in the session, written straight down."""
    return Booking.objects.create(
        session=of,
        mentee=mentee,
        status=status,
        starts_at=of.starts_at,
        ends_at=of.ends_at,
        amount_minor=of.price_minor,
        currency=of.currency,
        refund_policy=of.mentor.refund_policy,
        place=None if of.mode == Session.Mode.GROUP else 1,
        **facts,
    )


_PLACES = {
    Session.Status.SCHEDULED: Booking.Status.CONFIRMED,
    Session.Status.OPEN: Booking.Status.CONFIRMED,
    Session.Status.FULL: Booking.Status.CONFIRMED,
    Session.Status.COMPLETED: Booking.Status.ATTENDED,
    Session.Status.NO_SHOW: Booking.Status.NO_SHOW,
    Session.Status.CANCELLED: Booking.Status.CANCELLED,
}
"""What a booking is while its session is that."""
