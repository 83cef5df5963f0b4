"""A session as one reader sees it: which side they are on, who the others are, what they may do."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from openmentor.booking import permits
from openmentor.booking.models import Booking, Session
from openmentor.booking.permits import Side
from openmentor.booking.policy import POLICIES
from openmentor.booking.sessions import minutes_of
from openmentor.people.models import Person

_PEOPLE_NAMED = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """One session for one reader; `booking` is the place it is about, if there is just one."""

    session: Session
    side: Side
    booking: Booking | None
    mentees: list[Person]
    actions: list[str]

    @property
    def is_given(self) -> bool:
        """Whether the reader is the mentor here."""
        return self.side == Side.MENTOR

    @property
    def others(self) -> str:
        """The name of whoever the reader meets."""
        mentor = self.session.mentor.person.name
        if self.side == Side.MENTEE:
            return mentor
        names = ", ".join(person.name for person in self.mentees[:_PEOPLE_NAMED])
        more = len(self.mentees) - _PEOPLE_NAMED
        named = f"{names} and {more} more" if more > 0 else names or "nobody yet"
        return named if self.side == Side.MENTOR else f"{mentor} with {named}"

    @property
    def other_name(self) -> str:
        """The first name of the one on the other side of the clock."""
        return self._other.first_name if self._other else ""

    @property
    def other_zone(self) -> ZoneInfo | None:
        """The other side's zone; None where there are several others."""
        if self.side == Side.MENTOR:
            return ZoneInfo(self._other.timezone) if self._other else None
        return ZoneInfo(self.session.mentor.timezone)

    @property
    def photo(self) -> str:
        """The address of the mentor's photo for a mentee; mentees have none."""
        photo = self.session.mentor.photo
        return photo.url if photo and not self.is_given else ""

    @property
    def amount_minor(self) -> int:
        """What the place costs, or the session where there are several places."""
        return self.booking.amount_minor if self.booking else self.session.price_minor

    @property
    def payment(self) -> str:
        """How it stands with the money, as a status: `held` while it is to be paid."""
        if self.booking is None or self.booking.status == Booking.Status.HELD:
            return "held" if self.booking else ""
        is_open = self.booking.payment_status in {
            Booking.PaymentStatus.PENDING,
            Booking.PaymentStatus.FAILED,
        }
        return "unpaid" if is_open else self.booking.payment_status

    @property
    def policy(self) -> str:
        """What comes back to a mentee who cancels, and until when."""
        return POLICIES[self.booking.refund_policy].sentence if self.booking else ""

    @property
    def is_to_pay(self) -> bool:
        """Whether the reader is awaited to pay."""
        return self.side == Side.MENTEE and self.payment == "held"

    @property
    def can_change(self) -> bool:
        """Whether there is anything to do but join."""
        return any(action != "join" for action in self.actions)

    @property
    def minutes(self) -> int:
        """How long it is."""
        return minutes_of(self.session)

    @property
    def _other(self) -> Person | None:
        if self.side != Side.MENTOR:
            return self.session.mentor.person
        return self.mentees[0] if len(self.mentees) == 1 else None


def by(reader: Person, session: Session, *, now: datetime) -> Seen:
    """The session as this reader sees it; its mentor and bookings with mentees are loaded."""
    side = permits.side_of(session, reader)
    bookings = sorted(session.bookings.all(), key=lambda booking: booking.pk)
    one_on_one = session.mode == Session.Mode.ONE_ON_ONE
    mine = permits.booking_of(session, reader)
    if one_on_one:
        live = [booking for booking in bookings if booking.status in Booking.HAVING_A_PLACE]
        shown = live or bookings
        mine = mine or (shown[-1] if shown else None)
        mentees = [mine.mentee] if mine else []
    else:
        mentees = [each.mentee for each in bookings if each.status in Booking.HAVING_A_PLACE]
    if not mentees and session.requested_by:
        mentees = [session.requested_by]
    return Seen(session, side, mine, mentees, permits.actions(session, side, now))
