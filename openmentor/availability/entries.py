"""A mentor's hours as people write them, `09:00` to `12:30`, and what may not be written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from openmentor.availability.hours import (
    DateOverride,
    Mistake,
    WeeklyRange,
    format_time,
    override_mistakes,
    parse_time,
    weekly_mistakes,
)
from openmentor.people import zones

MOST_RANGES: Final = 20
"""How many ranges a day can have."""
MOST_DATES: Final = 400
"""How many dates can have other hours."""

type Lines = list[dict[str, str]]


class Hours(NamedTuple):
    """A range on the wall clock, each end `HH:MM`; an end before its start is on the next day."""

    start: str
    end: str


@dataclass(frozen=True)
class Day:
    """The ranges of one weekday, Monday 0."""

    day: int
    slots: Sequence[Hours]


@dataclass(frozen=True)
class Date:
    """The ranges of one date, which replace those of its weekday; none means blocked."""

    on: date
    slots: Sequence[Hours] = ()


class Entries:
    """Reads what was written into ranges of minutes; `lines` says what is wrong, and where.

    Places are written as in `weekly[2].slots[1]` and `overrides[0].slots[0].start`.
    """

    def __init__(self) -> None:
        self.lines: Lines = []

    def zone(self, name: str) -> str:
        """The zone's name."""
        if not zones.exists(name):
            self._line("timezone", "We do not know that time zone.")
        return name

    def weekly(self, days: Sequence[Day]) -> list[WeeklyRange]:
        """The ranges of the week."""
        rows: list[WeeklyRange] = []
        places: list[str] = []
        for number, day in enumerate(days):
            place = f"weekly[{number}]"
            if not 0 <= day.day <= 6:
                self._line(f"{place}.day", "Days go from 0, Monday, to 6, Sunday.")
                continue
            for where, opens, closes in self._ranges(day.slots, place):
                rows.append(WeeklyRange(day.day, opens, closes))
                places.append(where)
        self._not_too_many((row.weekday for row in rows), "weekly")
        self._mistakes(weekly_mistakes(rows), [row[1:] for row in rows], places)
        return rows

    def dates(self, dates: Sequence[Date]) -> list[DateOverride]:
        """The ranges of the dates; one without ends where a date is blocked."""
        rows: list[DateOverride] = []
        places: list[str] = []
        blocked = {each.on for each in dates if not each.slots}
        for number, each in enumerate(dates):
            place = f"overrides[{number}]"
            if each.slots and each.on in blocked:
                self._line(f"{place}.date", "This date is blocked as well. Choose one of the two.")
            for where, opens, closes in self._ranges(each.slots, place):
                rows.append(DateOverride(each.on, opens, closes))
                places.append(where)
        if len({each.on for each in dates}) > MOST_DATES:
            self._line("overrides", f"At most {MOST_DATES} dates can have hours of their own.")
        self._not_too_many((row.date for row in rows), "overrides")
        self._mistakes(override_mistakes(rows), [row[1:] for row in rows], places)
        return rows + [DateOverride(on) for on in sorted(blocked)]

    def _ranges(self, slots: Sequence[Hours], place: str) -> list[tuple[str, int, int]]:
        read = []
        for number, slot in enumerate(slots):
            where = f"{place}.slots[{number}]"
            opens = self._time(slot.start, f"{where}.start")
            closes = self._time(slot.end, f"{where}.end")
            if opens is not None and closes is not None:
                read.append((where, opens, closes))
        return read

    def _time(self, text: str, where: str) -> int | None:
        try:
            return parse_time(text)
        except ValueError:
            self._line(where, "Write a time such as 09:00.")
            return None

    def _not_too_many(self, days: Iterable[int | date], place: str) -> None:
        if max(Counter(days).values(), default=0) > MOST_RANGES:
            self._line(place, f"A day can have at most {MOST_RANGES} ranges.")

    def _mistakes(
        self, mistakes: list[Mistake], ranges: Sequence[tuple[int | None, ...]], places: list[str]
    ) -> None:
        for mistake in mistakes:
            if mistake.other is not None:
                start, end = (format_time(minute or 0) for minute in ranges[mistake.other])
                message = f"This overlaps {start}–{end}."
            elif mistake.code == "equal_ends":
                message = "The end is the same as the start."
            else:
                message = "A range begins before 24:00."
            self._line(places[mistake.row], message)

    def _line(self, field: str, message: str) -> None:
        self.lines.append({"field": field, "message": message})
