"""When a mentor is open: weekly hours and exceptions on her wall clock, turned into instants.

This is one of the files where local time becomes UTC. The law, everywhere: a wall time that a
clock change skips is moved forward by the gap, one that happens twice means the first. It needs no
special cases: days without a midnight, days of 23 or 24½ hours and dates that a zone skips
altogether all follow from asking for the zone's offset with `fold=0`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from openmentor.availability.spans import Instant, Span

DAY = 24 * 60
"""Minutes on the face of the clock from one midnight to the next."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_EPOCH = date(1970, 1, 1).toordinal()
_ONE_DAY = timedelta(days=1)

# A range belongs to the date on which it opens, may run until the end of the next date, and may be
# moved by a whole day where a zone skips a date. It takes its grid from whether it has merged with
# a range of another date, which is one more date away.
_DATES_BEFORE = 4
_DATES_AFTER = 2


class WeeklyRange(NamedTuple):
    """Open every week on `weekday` (Monday 0), from minute `start` of the day to minute `end`.

    An end of 1440 is the next midnight; an end before the start is on the next date.
    """

    weekday: int
    start: int
    end: int


class DateOverride(NamedTuple):
    """Other hours on one date, in the same minutes; or none at all, when `start` is None.

    Several for one date are several ranges; one without hours blocks the date whatever else.
    """

    date: date
    start: int | None = None
    end: int | None = None


class OpenRange(NamedTuple):
    """An unbroken stretch of open time, and where its grids of starts begin.

    `anchors` are sorted, the first is `start`. Each grid runs until the next begins.
    """

    start: Instant
    end: Instant
    anchors: tuple[Instant, ...]

    @property
    def span(self) -> Span:
        return self.start, self.end


class _Piece(NamedTuple):
    """One range on one date, as instants; `day` is the ordinal of the date it belongs to."""

    start: Instant
    end: Instant
    day: int


def open_ranges(
    zone: ZoneInfo,
    weekly: Iterable[WeeklyRange],
    overrides: Iterable[DateOverride] = (),
    *,
    start: Instant,
    end: Instant,
) -> list[OpenRange]:
    """The open ranges that share a moment with `[start, end)`, in order.

    They are not cut at the window, and what they say about it is the same whichever window one
    asks for. An override's date loses its weekly hours; what runs over from the day before belongs
    to the day before and stays. Ranges that touch or overlap are one.
    """
    first = local_date(zone, start).toordinal() - _DATES_BEFORE
    last = local_date(zone, end).toordinal() + _DATES_AFTER
    pieces = sorted(_pieces(zone, weekly, overrides, first=first, last=last))
    return [
        opening for opening in _joined(zone, pieces) if opening.end > start and opening.start < end
    ]


def _pieces(
    zone: ZoneInfo,
    weekly: Iterable[WeeklyRange],
    overrides: Iterable[DateOverride],
    *,
    first: int,
    last: int,
) -> Iterator[_Piece]:
    """Every range of every date from `first` to `last`, each for itself."""
    by_weekday: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for weekday, opens, closes in weekly:
        by_weekday[weekday].append(_minutes(opens, closes))
    by_date = _override_hours(overrides)
    for day in range(first, last + 1):
        hours = by_date.get(day)
        for opens, closes in by_weekday[(day - 1) % 7] if hours is None else hours:
            start, end = _instant(zone, day, opens), _instant(zone, day, closes)
            if start < end:
                yield _Piece(start, end, day)


def _override_hours(overrides: Iterable[DateOverride]) -> dict[int, list[tuple[int, int]]]:
    """The hours of every date that has exceptions, by its ordinal; no hours if it is blocked."""
    by_date: dict[int, list[tuple[int, int]]] = defaultdict(list)
    blocked: set[int] = set()
    for on, opens, closes in overrides:
        if opens is None or closes is None:
            blocked.add(on.toordinal())
        else:
            by_date[on.toordinal()].append(_minutes(opens, closes))
    by_date.update((day, []) for day in blocked)
    return by_date


def _minutes(opens: int, closes: int) -> tuple[int, int]:
    """A range in minutes from the midnight before it opens, so that its end is never smaller."""
    return opens, closes if closes >= opens else closes + DAY


def _joined(zone: ZoneInfo, pieces: list[_Piece]) -> Iterator[OpenRange]:
    """Sorted pieces as unbroken ranges."""
    if not pieces:
        return
    start, end, first_day = pieces[0]
    last_day = first_day
    for piece in pieces:
        if piece.start > end:
            yield OpenRange(start, end, _anchors(zone, start, end, first_day, last_day))
            start, end, first_day, last_day = *piece, piece.day
        else:
            end = max(end, piece.end)
            first_day = min(first_day, piece.day)
            last_day = max(last_day, piece.day)
    yield OpenRange(start, end, _anchors(zone, start, end, first_day, last_day))


def _anchors(
    zone: ZoneInfo, start: Instant, end: Instant, first_day: int, last_day: int
) -> tuple[Instant, ...]:
    """Where grids begin: at the start and, if dates have merged, at each date's first instant."""
    if first_day == last_day:
        return (start,)
    midnights = (_instant(zone, day, 0) for day in range(first_day + 1, last_day + 2))
    return (start, *sorted({midnight for midnight in midnights if start < midnight < end}))


def _instant(zone: ZoneInfo, day: int, minute: int) -> Instant:
    """The instant of a wall time; the only place where the law is applied."""
    wall = datetime.fromordinal(day) + timedelta(minutes=minute)
    offset = cast(timedelta, zone.utcoffset(wall))
    return (day - _EPOCH - offset.days) * 86400 + minute * 60 - offset.seconds


def instant(zone: ZoneInfo, on: date, minute: int) -> Instant:
    """The instant at which the wall clock shows `minute` of the day `on`, by the law above."""
    return _instant(zone, on.toordinal(), minute)


def local_time(zone: ZoneInfo, at: Instant) -> datetime:
    """What calendar and clock show at an instant."""
    return datetime.fromtimestamp(at, zone)


def local_date(zone: ZoneInfo, at: Instant) -> date:
    """The date on the calendar at an instant."""
    return local_time(zone, at).date()


def day_span(zone: ZoneInfo, on: date) -> Span:
    """The local date from its first instant to that of the next; empty if the zone skips it."""
    return instant(zone, on, 0), instant(zone, on + _ONE_DAY, 0)


def week_span(zone: ZoneInfo, on: date) -> Span:
    """The local week, Monday to Sunday, that holds the date."""
    monday = on - on.weekday() * _ONE_DAY
    return instant(zone, monday, 0), instant(zone, monday + 7 * _ONE_DAY, 0)


def parse_time(text: str) -> int:
    """The minute of the day that `"HH:MM"` shows; `"24:00"` is 1440. ValueError otherwise."""
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{text!r} is not a time from 00:00 to 24:00")
    return int(text[:2]) * 60 + int(text[3:])


def format_time(minute: int) -> str:
    """A minute of the day, 0 to 1440, as `"HH:MM"`."""
    return f"{minute // 60:02}:{minute % 60:02}"


class Mistake(NamedTuple):
    """Something an editor must not save: which row of the list, why, and which row it clashes with.

    The code is `out_of_range`, `equal_ends` or `overlap`.
    """

    row: int
    code: str
    other: int | None = None


def weekly_mistakes(weekly: Iterable[WeeklyRange]) -> list[Mistake]:
    """What is wrong with weekly hours as somebody typed them; ranges may touch, not overlap."""
    week = 7 * DAY
    mistakes: list[Mistake] = []
    spans: list[tuple[int, int, int]] = []
    for index, (weekday, start, end) in enumerate(weekly):
        if code := _mistake(start, end) or ("" if 0 <= weekday <= 6 else "out_of_range"):
            mistakes.append(Mistake(index, code))
            continue
        opens, closes = (weekday * DAY + minute for minute in _minutes(start, end))
        spans.append((opens, closes, index))
        if closes > week:  # Sunday night runs into Monday morning
            spans.append((opens - week, closes - week, index))
    return sorted(mistakes + _clashes(spans))


def override_mistakes(overrides: Iterable[DateOverride]) -> list[Mistake]:
    """The same for exceptions; a blocked date has nothing to be wrong."""
    mistakes: list[Mistake] = []
    spans: list[tuple[int, int, int]] = []
    for index, (on, start, end) in enumerate(overrides):
        if start is None or end is None:
            continue
        if code := _mistake(start, end):
            mistakes.append(Mistake(index, code))
            continue
        opens, closes = (on.toordinal() * DAY + minute for minute in _minutes(start, end))
        spans.append((opens, closes, index))
    return sorted(mistakes + _clashes(spans))


def _mistake(start: int, end: int) -> str:
    if not (0 <= start < DAY and 0 <= end <= DAY):
        return "out_of_range"
    return "equal_ends" if start == end else ""


def _clashes(spans: list[tuple[int, int, int]]) -> list[Mistake]:
    """One mistake for every range that begins before an earlier one has ended."""
    clashes: set[Mistake] = set()
    farthest: tuple[int, int] | None = None
    for start, end, index in sorted(spans):
        if farthest and start < farthest[0]:
            clashes.add(Mistake(max(index, farthest[1]), "overlap", min(index, farthest[1])))
        farthest = max(farthest or (end, index), (end, index))
    return sorted(clashes)
