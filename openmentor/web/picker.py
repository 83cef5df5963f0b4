"""A month of days with the free times of one of them, on the reader's own calendar.

Pure: it is given the free starts and says what the page shows. Days are days in the reader's zone.
"""

import calendar
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from openmentor.availability import hours
from openmentor.availability.spans import Instant
from openmentor.booking.diary import moment
from openmentor.delivery.times import LOCALE

_ONE_DAY = timedelta(days=1)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z")


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the month."""

    on: date
    times: int
    is_chosen: bool
    is_today: bool

    @property
    def key(self) -> str:
        """The day as it stands in an address."""
        return self.on.isoformat()

    @property
    def label(self) -> str:
        """What is read out: `Tuesday 24 November, 3 times`."""
        return f"{spelled(self.on)}, {counted(self.times, 'time')}"


@dataclass(frozen=True, slots=True)
class Time:
    """A free start; `is_ambiguous` where the clock shows the same twice that day."""

    at: datetime
    is_ambiguous: bool = False

    @property
    def stamp(self) -> str:
        """The instant as it stands in an address."""
        return stamp(self.at)


@dataclass(frozen=True, slots=True)
class Picker:
    """What is shown: weeks from Monday to Sunday, None for the cells of other months.

    `previous` and `next` are months within the bounds; `jump` is the free day to offer when the
    month, or the chosen day, has none.
    """

    month: date
    weeks: list[list[Day | None]]
    previous: date | None
    next: date | None
    day: date | None
    times: list[Time]
    jump: date | None

    @property
    def key(self) -> str:
        """The month as it stands in an address: `2026-11`."""
        return _key(self.month)

    @property
    def previous_key(self) -> str:
        """The month before, likewise."""
        return _key(self.previous)

    @property
    def next_key(self) -> str:
        """The month after, likewise."""
        return _key(self.next)

    @property
    def jump_key(self) -> str:
        """The free day to jump to, as it stands in an address."""
        return self.jump.isoformat() if self.jump else ""

    @property
    def title(self) -> str:
        """The month: `November 2026`."""
        return format_date(self.month, "LLLL y", locale=LOCALE)

    @property
    def day_title(self) -> str:
        """The chosen day: `Tuesday 24 November`."""
        return spelled(self.day) if self.day else ""

    @property
    def jump_title(self) -> str:
        """The free day to jump to: `Tuesday 24 November`."""
        return spelled(self.jump) if self.jump else ""

    @property
    def free_days(self) -> int:
        """How many days of the month have a free time."""
        return sum(1 for week in self.weeks for day in week if day and day.times)

    @property
    def announcement(self) -> str:
        """What changed, for those who do not see it."""
        if self.day:
            return f"{self.day_title}, {counted(len(self.times), 'time')}"
        return f"{self.title}, {counted(self.free_days, 'day')} with free times"


def picked(
    free: Sequence[Instant],
    *,
    bounds: tuple[Instant, Instant],
    zone: ZoneInfo,
    now: datetime,
    month: str = "",
    day: str = "",
) -> Picker:
    """The month and the day that an address asks for, as `YYYY-MM` and `YYYY-MM-DD`.

    `free` is sorted; `bounds` are the first and the last moment at which a session may begin.
    What cannot be read, or lies outside, becomes the nearest that can be shown.
    """
    first, last = (hours.local_date(zone, end).replace(day=1) for end in bounds)
    chosen = day_of(day)
    if chosen and not first <= chosen.replace(day=1) <= last:
        chosen = None
    soonest = hours.local_date(zone, free[0]) if free else first
    wanted = month_of(month) or chosen or soonest
    shown = min(max(wanted.replace(day=1), first), last)
    following = _next_month(shown)
    counts = Counter(hours.local_date(zone, at) for at in _between(free, zone, shown, following))
    times = _times(free, zone, chosen) if chosen else []
    has_times = times if chosen else counts
    return Picker(
        month=shown,
        weeks=_weeks(shown, counts, chosen=chosen, today=now.astimezone(zone).date()),
        previous=(shown - _ONE_DAY).replace(day=1) if shown > first else None,
        next=following if following <= last else None,
        day=chosen,
        times=times,
        jump=None if has_times else _jump(free, zone, after=chosen or shown),
    )


def month_of(text: str) -> date | None:
    """The first day of the month written `YYYY-MM`."""
    return day_of(f"{text}-01")


def day_of(text: str) -> date | None:
    """The day written `YYYY-MM-DD`, or None."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def instant_of(text: str) -> datetime | None:
    """The instant written `2026-11-24T09:00:00Z`, or None."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def stamp(at: datetime) -> str:
    """An instant as `instant_of` reads it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def spelled(on: date) -> str:
    """`Tuesday 24 November`."""
    return format_date(on, "EEEE d MMMM", locale=LOCALE)


def counted(number: int, noun: str) -> str:
    """`1 time`, `3 times`, `no times`."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _key(month: date | None) -> str:
    return f"{month:%Y-%m}" if month else ""


def _next_month(first: date) -> date:
    return (first + 31 * _ONE_DAY).replace(day=1)


def _between(free: Sequence[Instant], zone: ZoneInfo, start: date, end: date) -> Sequence[Instant]:
    """The starts from the first instant of `start` to before that of `end`."""
    since, until = (hours.instant(zone, on, 0) for on in (start, end))
    return free[bisect_left(free, since) : bisect_left(free, until)]


def _weeks(
    month: date, counts: Counter[date], *, chosen: date | None, today: date
) -> list[list[Day | None]]:
    return [
        [
            Day(on=on, times=counts[on], is_chosen=on == chosen, is_today=on == today)
            if on.month == month.month
            else None
            for on in week
        ]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]


def _times(free: Sequence[Instant], zone: ZoneInfo, on: date) -> list[Time]:
    starts = _between(free, zone, on, on + _ONE_DAY)
    clocks = Counter(f"{hours.local_time(zone, at):%H:%M}" for at in starts)
    return [
        Time(moment(at), is_ambiguous=clocks[f"{hours.local_time(zone, at):%H:%M}"] > 1)
        for at in starts
    ]


def _jump(free: Sequence[Instant], zone: ZoneInfo, *, after: date) -> date | None:
    """The first free day from `after` on or, without one, the last before it."""
    if not free:
        return None
    position = bisect_right(free, hours.instant(zone, after, 0) - 1)
    return hours.local_date(zone, free[min(position, len(free) - 1)])
