"""What a visitor in some zone sees: the real free times of the coming days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from typing import Final
from zoneinfo import ZoneInfo

from openmentor.booking import diary as diaries
from openmentor.booking import slots
from openmentor.booking.diary import moment
from openmentor.mentors.models import Mentor, SessionType

DAYS: Final = 7
SHOWN: Final = 8
"""How many times of a day are shown."""


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """One date in the visitor's zone, its first free times, and how many more there are."""

    on: date
    times: list[datetime]
    more: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The free times of one of the session types, from the first bookable moment on."""

    zone: ZoneInfo
    offers: Sequence[SessionType]
    chosen: SessionType | None
    days: list[PreviewDay]


def of(
    mentor: Mentor,
    offers: Sequence[SessionType],
    chosen: SessionType | None,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> Preview:
    """The first seven days with free times of the chosen session type, else of the first one.

    As if the mentor took bookings now: also while paused or not yet approved.
    """
    if not offers:
        return Preview(zone, offers, None, [])
    chosen = chosen or offers[0]
    diary = diaries.read(mentor_id=mentor.pk, first=now, last=now + timedelta(days=366))
    since, until = slots.window(diary, now)
    free = slots.starts(diary, minutes=chosen.duration_minutes, since=since, until=until, now=now)
    local = (moment(start).astimezone(zone) for start in free)
    by_date = islice(groupby(local, datetime.date), DAYS)
    return Preview(zone, offers, chosen, [_day(on, list(times)) for on, times in by_date])


def _day(on: date, times: list[datetime]) -> PreviewDay:
    return PreviewDay(on, times[:SHOWN], max(0, len(times) - SHOWN))
