"""A group session as one reader sees it: what they have, what they may do, and who comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openmentor.booking import group_permits, groups, waiting
from openmentor.booking.models import Booking, Session
from openmentor.booking.policy import POLICIES
from openmentor.booking.waiting import Standing
from openmentor.people.models import Person


@dataclass(frozen=True, slots=True)
class Gathering:
    """One group session for one reader; the bookings are those that the reader may know of."""

    session: Session
    reader: Person | None
    place: Booking | None
    standing: Standing | None
    actions: list[str]

    @property
    def is_run(self) -> bool:
        """Whether the reader sees it from the host's side."""
        return groups.is_run_by(self.session, self.reader)

    @property
    def has_place(self) -> bool:
        """Whether the reader has a place in it now."""
        return group_permits.has_place(self.place)

    @property
    def is_to_pay(self) -> bool:
        """Whether the reader's place is held until it is paid."""
        return self.place is not None and self.place.status == Booking.Status.HELD

    @property
    def is_offered(self) -> bool:
        """Whether a place is kept for the reader."""
        return self.standing is not None and self.standing.offered_until is not None

    @property
    def minutes(self) -> int:
        """How long it is."""
        return (self.session.ends_at - self.session.starts_at) // timedelta(minutes=1)

    @property
    def zone(self) -> ZoneInfo:
        """The host's zone."""
        return ZoneInfo(self.session.mentor.timezone)

    @property
    def policy(self) -> str:
        """What comes back to somebody who leaves, and until when."""
        agreed = self.place.refund_policy if self.place else self.session.mentor.refund_policy
        return POLICIES[agreed].sentence

    @property
    def places(self) -> list[Booking]:
        """The places that are taken, as far as the reader knows, in the order of joining."""
        known = self.session.bookings.all()
        return [place for place in known if place.status in Booking.HAVING_A_PLACE]

    @property
    def names(self) -> list[str]:
        """Who else takes part, where the host lets participants know."""
        if not self.has_place or not self.session.group.names_shown:
            return []
        return [person.name for person in groups.participants(self.session)]


def of(session: Session, reader: Person | None, *, now: datetime) -> Gathering:
    """The session as this reader sees it; found by `groups.find`."""
    line = waiting.for_session(session.pk)
    standing = waiting.standing(line, reader) if reader else None
    return Gathering(
        session,
        reader,
        group_permits.place_of(session, reader),
        standing,
        group_permits.actions(session, reader, standing, now),
    )
