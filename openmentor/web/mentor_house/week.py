"""A form of ranges of hours: rows that can be added, taken away and copied before they are saved.

Time fields know no 24:00, so here a range that ends at 00:00 ends at midnight.
"""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from django.http import QueryDict

from openmentor.availability.entries import Day, Hours
from openmentor.base.errors import Refusal

DAYS: Final = tuple(calendar.day_name)
WORKDAYS: Final = range(5)
_FIRST_ROW: Final = Hours("09:00", "17:00")
_MIDNIGHT, _END_OF_DAY = "00:00", "24:00"
_COPY = re.compile(r"copy-([0-6])-(workdays|all)")
_PLACE = re.compile(r"\[([0-6])\]\.slots\[(\d+)\]")


@dataclass
class Row:
    """One range as it was typed, and what is wrong with it."""

    start: str
    end: str
    mistake: str = ""
    is_new: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not self.start and not self.end

    @property
    def is_overnight(self) -> bool:
        """Whether it ends on the next day."""
        return _MIDNIGHT < self.end < self.start


@dataclass
class Rows:
    """The ranges of one day; `key` names its fields, `name` is what people call it."""

    key: str
    name: str
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def kept(cls, key: str, name: str, slots: Iterable[Hours]) -> Self:
        """What is in the database."""
        return cls(key, name, [Row(start, _shown(end)) for start, end in slots])

    @classmethod
    def typed(cls, key: str, name: str, fields: QueryDict) -> Self:
        """What was sent."""
        starts, ends = fields.getlist(f"start-{key}"), fields.getlist(f"end-{key}")
        pairs = zip(starts, ends, strict=False)
        return cls(key, name, [Row(start.strip(), end.strip()) for start, end in pairs])

    def slots(self) -> list[Hours]:
        """The ranges that have something in them, as the verb takes them."""
        return [Hours(row.start, _read(row.end)) for row in self.rows if not row.is_blank]

    def add(self) -> None:
        """One more range to fill in."""
        start, end = ("", "") if self.rows else _FIRST_ROW
        self.rows.append(Row(start, end, is_new=True))

    def change(self, what: str) -> bool:
        """Carry out a button such as `add-0` or `remove-0-2` of this day, if it is one."""
        verb, _, rest = what.partition("-")
        key, _, position = rest.partition("-")
        if key != self.key:
            return False
        if verb == "add":
            self.add()
        elif verb == "remove" and position.isdecimal():
            del self.rows[int(position) : int(position) + 1]
        else:
            return False
        return True

    def blame(self, position: int, mistake: str) -> None:
        """Say what is wrong with one of the ranges that `slots` gave."""
        filled = [row for row in self.rows if not row.is_blank]
        if position < len(filled):
            filled[position].mistake = mistake


class Week:
    """The seven days of the form."""

    def __init__(self, days: Sequence[Rows]) -> None:
        self.days = days

    @classmethod
    def kept(cls, weekly: Iterable[Day]) -> Self:
        """What is in the database."""
        slots = {each.day: each.slots for each in weekly}
        days = (Rows.kept(str(day), name, slots.get(day, ())) for day, name in enumerate(DAYS))
        return cls(list(days))

    @classmethod
    def typed(cls, fields: QueryDict) -> Self:
        """What was sent."""
        return cls([Rows.typed(str(day), name, fields) for day, name in enumerate(DAYS)])

    def entries(self) -> list[Day]:
        """The week as the verb takes it."""
        return [Day(number, day.slots()) for number, day in enumerate(self.days)]

    def change(self, what: str) -> bool:
        """Carry out a button of one of the days, or `copy-0-workdays` and `copy-0-all`, if it is.

        The week is not saved by this.
        """
        copied = _COPY.fullmatch(what)
        if copied is None:
            return any(day.change(what) for day in self.days)
        self._copy(self.days[int(copied[1])], WORKDAYS if copied[2] == "workdays" else range(7))
        return True

    def blame(self, refusal: Refusal) -> list[str]:
        """Tie what was refused to the rows it is about; gives back all of it in sentences."""
        lines = refusal.data.get("errors") or [{"field": "", "message": refusal.detail}]
        return [self._tied(line["field"], line["message"]) for line in lines]

    def _tied(self, field: str, mistake: str) -> str:
        place = _PLACE.search(field)
        if place is None:
            return mistake
        day = self.days[int(place[1])]
        day.blame(int(place[2]), mistake)
        return f"{day.name}: {mistake}"

    def _copy(self, rows: Rows, days: Iterable[int]) -> None:
        for day in days:
            if self.days[day] is not rows:
                self.days[day].rows = [Row(row.start, row.end) for row in rows.rows]


def _shown(end: str) -> str:
    return _MIDNIGHT if end == _END_OF_DAY else end


def _read(end: str) -> str:
    return _END_OF_DAY if end == _MIDNIGHT else end
