"""All the times at which a mentor can be had, from the soonest to the last: what pages offer."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta

from openmentor.availability import starts
from openmentor.availability.spans import Instant
from openmentor.booking import diary as diaries
from openmentor.booking import slots
from openmentor.booking.diary import Diary, instant, moment
from openmentor.booking.models import Session
from openmentor.booking.sessions import minutes_of

AHEAD = timedelta(days=366)
"""No mentor takes bookings further ahead than this."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Free starts in order, and the first and last moment at which a session may begin."""

    free: list[Instant]
    bounds: tuple[Instant, Instant]
    minutes: int

    def includes(self, wanted: datetime) -> bool:
        """Whether a session can begin at this moment."""
        at = instant(wanted)
        position = bisect_left(self.free, at)
        return self.free[position : position + 1] == [at] and moment(at) == wanted

    def nearest(self, wanted: datetime) -> list[datetime]:
        """The three free starts nearest to a wanted one, in order of time."""
        return [moment(at) for at in starts.nearest(self.free, instant(wanted), count=3)]

    def next(self, most: int) -> list[datetime]:
        """The soonest free starts."""
        return [moment(at) for at in self.free[:most]]


def to_book(mentor_id: int, *, minutes: int, now: datetime) -> Openings:
    """Where a session of so many minutes can be booked; nowhere while the mentor takes none."""
    diary = diaries.read(mentor_id=mentor_id, first=now, last=now + AHEAD)
    return _openings(diary, minutes, now=now) if diary.is_bookable else _none(diary, minutes, now)


def to_move(session: Session, *, now: datetime) -> Openings:
    """Where a session can be moved to, also when the mentor takes no new bookings.

    Where it is now does not count as free.
    """
    diary = diaries.read(
        mentor_id=session.mentor_id, first=now, last=now + AHEAD, besides=session.pk
    )
    found = _openings(diary, minutes_of(session), now=now)
    present = instant(session.starts_at)
    return Openings([at for at in found.free if at != present], found.bounds, found.minutes)


def _openings(diary: Diary, minutes: int, *, now: datetime) -> Openings:
    since, until = bounds = slots.window(diary, now)
    free = slots.starts(diary, minutes=minutes, since=since, until=until, now=now)
    return Openings(free, bounds, minutes)


def _none(diary: Diary, minutes: int, now: datetime) -> Openings:
    return Openings([], slots.window(diary, now), minutes)
