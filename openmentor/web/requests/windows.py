"""The times of an open request as a form: a grid of hours to tick, and rows for exact times.

All of it is on the wall clock of one zone, which the form carries along. Ticked hours that touch
are one window. Windows that a grid cannot show (they begin at half past, or in the hour that the
clock shows twice) are kept as they are, to the second, and can only be taken away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

from django.http import QueryDict

from openmentor.availability import spans
from openmentor.base.errors import Invalid, Refusal
from openmentor.booking.diary import instant, moment
from openmentor.booking.needs import Window
from openmentor.web import picker, wall_clock
from openmentor.web.requests import hour_cells

DAYS: Final = 7
_ONE_DAY = timedelta(days=1)
_MOST_CELLS: Final = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a day; `is_over` where it cannot be offered."""

    key: str
    hour: str
    label: str
    is_ticked: bool
    is_over: bool


@dataclass(slots=True)
class Row:
    """A day and two times as they were typed, and what is wrong with them."""

    on: str = ""
    start: str = ""
    end: str = ""
    mistake: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.on or self.start or self.end)

    def window(self, zone: ZoneInfo) -> Window | None:
        """The stretch of time; an end that is not after its start is on the next day."""
        start = wall_clock.instant(self.on, self.start, zone=zone)
        day = picker.day_of(self.on)
        if start is None or day is None or self.start == self.end:
            return None
        later = day + _ONE_DAY if self.end < self.start else day
        end = wall_clock.instant(later.isoformat(), self.end, zone=zone)
        return None if end is None else (start, end)


@dataclass
class Windows:
    """The form; `first` is the first day that the grid shows."""

    zone: ZoneInfo
    now: datetime
    first: date
    ticked: set[str] = field(default_factory=set)
    kept: list[Window] = field(default_factory=list)
    rows: list[Row] = field(default_factory=lambda: [Row()])

    @classmethod
    def blank(cls, zone: ZoneInfo, *, now: datetime) -> Self:
        """Nothing offered yet."""
        return cls(zone, now, now.astimezone(zone).date())

    @classmethod
    def of(cls, windows: Iterable[Window], zone: ZoneInfo, *, now: datetime) -> Self:
        """What was offered: whole hours ticked, the rest kept; what is over is left out."""
        form = cls.blank(zone, now=now)
        for window in windows:
            if window[1] <= now:
                continue
            cells = hour_cells.exactly((instant(window[0]), instant(window[1])), zone)
            form.ticked.update(cells)
            if not cells:
                form.kept.append(window)
        shown = [date.fromisoformat(key[:10]) for key in form.ticked]
        form.first = max(form.first, min(shown, default=form.first))
        return form

    @classmethod
    def typed(cls, fields: QueryDict, *, otherwise: ZoneInfo, now: datetime) -> Self:
        """What was sent."""
        form = cls.blank(wall_clock.zone_of(fields.get("zone", ""), otherwise=otherwise), now=now)
        form.first = max(form.first, picker.day_of(fields.get("first", "")) or form.first)
        keys = fields.getlist("cell")[:_MOST_CELLS]
        form.ticked = {key for key in keys if hour_cells.span(key, form.zone)}
        form.kept = [window for text in fields.getlist("kept") if (window := _unstamped(text))]
        columns = (fields.getlist(name) for name in ("date", "from", "to"))
        form.rows = [Row(*parts) for parts in zip(*columns, strict=False)] or [Row()]
        return form

    def change(self, what: str) -> bool:
        """Carry out a button: `row`, `drop-0`, or `show-2026-11-24`; whether it was one."""
        verb, _, rest = what.partition("-")
        if verb == "row":
            self.rows.append(Row())
        elif verb == "drop" and rest.isdecimal():
            del self.kept[int(rest) : int(rest) + 1]
        elif verb == "show" and (day := picker.day_of(rest)):
            self.first = max(day, self.now.astimezone(self.zone).date())
        else:
            return False
        return True

    def windows(self) -> list[Window]:
        """All that is offered: rows first, so that `blame` finds them. Refuses unreadable rows."""
        read = [row.window(self.zone) for row in self._filled()]
        unread = [number for number, window in enumerate(read) if window is None]
        if unread:
            message = "Choose a day and two different times."
            raise Invalid(
                errors=[{"field": f"windows[{number}]", "message": message} for number in unread]
            )
        exact = [window for window in read if window]
        hours = (hour_cells.span(key, self.zone) for key in self.ticked)
        ticked = spans.merge(hour for hour in hours if hour)
        return exact + self.kept + [(moment(start), moment(end)) for start, end in ticked]

    def blame(self, refusal: Refusal | None) -> str:
        """Tie what was refused to its row; gives back what is wrong with the times as a whole."""
        lines = refusal.data.get("errors", []) if refusal else []
        said = ""
        for line in lines:
            name, _, place = line["field"].partition("[")
            if name != "windows":
                continue
            position = int(place.rstrip("]")) if place else -1
            if 0 <= position < len(self._filled()):
                self._filled()[position].mistake = line["message"]
            else:
                said = said or line["message"]
        return said

    @property
    def days(self) -> list[date]:
        """The days of the grid."""
        return [self.first + number * _ONE_DAY for number in range(DAYS)]

    @property
    def grid(self) -> list[list[Cell]]:
        """A row for each hour, a cell in it for each day."""
        return [[self._cell(on, hour) for on in self.days] for hour in hour_cells.SHOWN]

    @property
    def elsewhere(self) -> list[str]:
        """The ticked hours that the grid does not show now."""
        shown = {cell.key for row in self.grid for cell in row}
        return sorted(self.ticked - shown)

    @property
    def kept_stamps(self) -> list[tuple[str, Window]]:
        """The windows that are kept, as the form carries them."""
        return [
            (f"{picker.stamp(start)}/{picker.stamp(end)}", (start, end)) for start, end in self.kept
        ]

    @property
    def previous_key(self) -> str:
        """The week before, as a button says it; empty where that is over."""
        today = self.now.astimezone(self.zone).date()
        return max(today, self.first - DAYS * _ONE_DAY).isoformat() if self.first > today else ""

    @property
    def next_key(self) -> str:
        """The week after."""
        return (self.first + DAYS * _ONE_DAY).isoformat()

    @property
    def title(self) -> str:
        """The days that the grid shows: `Tue 24 November – Mon 30 November`."""
        return f"{picker.spelled(self.days[0])} – {picker.spelled(self.days[-1])}"

    def _filled(self) -> list[Row]:
        return [row for row in self.rows if not row.is_blank]

    def _cell(self, on: date, hour: int) -> Cell:
        key = hour_cells.key(on, hour)
        span = hour_cells.span(key, self.zone)
        return Cell(
            key=key,
            hour=f"{hour:02}",
            label=f"{picker.spelled(on)}, {hour:02}:00 to {hour + 1:02}:00",
            is_ticked=key in self.ticked,
            is_over=span is None or moment(span[0]) <= self.now,
        )


def _stamped(window: Window) -> str:
    return "/".join(map(picker.stamp, window))


def _unstamped(text: str) -> Window | None:
    start, _, end = text.partition("/")
    ends: Sequence[datetime | None] = (picker.instant_of(start), picker.instant_of(end))
    return (ends[0], ends[1]) if ends[0] and ends[1] else None
