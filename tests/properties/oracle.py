"""The free starts once more, slowly: minute by minute, from a plain list of what clocks show.

It shares no line and no idea with the code it judges: it never asks a zone for the offset of a wall
time, it looks the wall time up among all the minutes that were on the clock. It works in whole
minutes, so for zones of today and not for those of the nineteenth century.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from openmentor.availability.hours import DateOverride, WeeklyRange
from openmentor.availability.spans import Span

MINUTE = timedelta(minutes=1)
MARGIN = 7 * 1440


@dataclass(frozen=True)
class Clock:
    """What a wall clock shows at each minute from `first` to `last` (minutes since the epoch)."""

    zone: ZoneInfo
    first: int
    last: int

    @cached_property
    def shown(self) -> dict[int, datetime]:
        return {
            minute: datetime.fromtimestamp(minute * 60, self.zone).replace(tzinfo=None, fold=0)
            for minute in range(self.first, self.last)
        }

    @cached_property
    def first_time(self) -> dict[datetime, int]:
        seen: dict[datetime, int] = {}
        for minute, wall in self.shown.items():
            seen.setdefault(wall, minute)
        return seen

    @cached_property
    def gaps(self) -> list[tuple[datetime, datetime]]:
        """The skipped wall times: the first that is missing and the next that is not."""
        walls = self.shown.values()
        return [(one + MINUTE, two) for one, two in pairwise(walls) if two > one + MINUTE]

    def minute_of(self, wall: datetime) -> int:
        """When the clock first shows `wall`, or, if it never does, `wall` and the gap."""
        for missing_from, back_at in self.gaps:
            if missing_from <= wall < back_at and wall not in self.first_time:
                return self.minute_of(wall + (back_at - missing_from))
        return self.first_time[wall]

    def dates(self) -> list[date]:
        """Every date of the calendar that is certainly whole between `first` and `last`."""
        start = datetime.fromtimestamp(self.first * 60, UTC).date() + timedelta(days=2)
        end = datetime.fromtimestamp(self.last * 60, UTC).date() - timedelta(days=3)
        return [start + timedelta(days=n) for n in range((end - start).days)]


@lru_cache(maxsize=2)
def clock(zone: ZoneInfo, first: int, last: int) -> Clock:
    """A clock that several questions in a row can look at."""
    return Clock(zone, first, last)


@dataclass(frozen=True)
class Question:
    """What is asked, in seconds since the epoch and, for lengths, whole minutes."""

    zone: ZoneInfo
    weekly: list[WeeklyRange]
    earliest: int
    latest: int
    duration: int
    step: int
    overrides: list[DateOverride] = field(default_factory=list)
    busy: list[Span] = field(default_factory=list)
    before: int = 0
    after: int = 0

    @cached_property
    def clock(self) -> Clock:
        return clock(self.zone, self.earliest // 60 - MARGIN, self.latest // 60 + MARGIN)

    @cached_property
    def owners(self) -> dict[int, set[date]]:
        """Every open minute, with the dates whose hours make it so."""
        open_minutes: dict[int, set[date]] = {}
        for on in self.clock.dates():
            for opens, closes in _hours_on(on, self.weekly, self.overrides):
                for minute in range(self.clock.minute_of(opens), self.clock.minute_of(closes)):
                    open_minutes.setdefault(minute, set()).add(on)
        return open_minutes

    def starts(self) -> list[int]:
        """Every free start, in seconds since the epoch."""
        blocked = {minute for start, end in self.busy for minute in range(start // 60, end // 60)}
        midnights = {
            self.clock.minute_of(datetime.combine(on, time())) for on in self.clock.dates()
        }
        found = []
        for stretch in _stretches(self.owners):
            several = len(set().union(*(self.owners[minute] for minute in stretch))) > 1
            anchor = stretch[0]
            for minute in stretch:
                if several and minute in midnights:
                    anchor = minute
                on_grid = (minute - anchor) % self.step == 0
                fits = minute + self.duration <= stretch[-1] + 1
                wide = range(minute - self.before, minute + self.duration + self.after)
                wanted = self.earliest <= minute * 60 <= self.latest
                if wanted and on_grid and fits and blocked.isdisjoint(wide):
                    found.append(minute * 60)
        return found


def _hours_on(
    on: date, weekly: list[WeeklyRange], overrides: list[DateOverride]
) -> Iterable[tuple[datetime, datetime]]:
    """The ranges of a date, on the wall."""
    exceptions = [each for each in overrides if each.date == on]
    if any(each.start is None for each in exceptions):
        return
    usual = [each for each in weekly if each.weekday == on.weekday()]
    for each in exceptions or usual:
        assert each.start is not None
        assert each.end is not None
        crosses = timedelta(days=1 if each.end < each.start else 0)
        midnight = datetime.combine(on, time())
        yield midnight + each.start * MINUTE, midnight + each.end * MINUTE + crosses


def _stretches(minutes: Iterable[int]) -> list[list[int]]:
    """The minutes in order, broken where one is missing."""
    stretches: list[list[int]] = []
    for minute in sorted(minutes):
        if stretches and stretches[-1][-1] == minute - 1:
            stretches[-1].append(minute)
        else:
            stretches.append([minute])
    return stretches
