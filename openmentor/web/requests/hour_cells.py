"""Hours of days on a wall clock, each known by a key such as `2026-11-24T10`. Pure."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from openmentor.availability import hours
from openmentor.availability.spans import Span
from openmentor.web import picker

SHOWN: Final = range(6, 23)
"""The hours of the day that a grid shows: the last one begins at ten in the evening."""
_LONGEST: Final = timedelta(days=31)


def key(on: date, hour: int) -> str:
    """The key of an hour."""
    return f"{on.isoformat()}T{hour:02}"


def span(of: str, zone: ZoneInfo) -> Span | None:
    """The hour as instants; None for what is no key, and for an hour that the clock skips."""
    day, hour = picker.day_of(of[:10]), of[11:]
    if day is None or of[10:11] != "T" or not hour.isdecimal() or int(hour) not in range(24):
        return None
    start, end = (hours.instant(zone, day, (int(hour) + more) * 60) for more in (0, 1))
    return (start, end) if start < end else None


def exactly(window: Span, zone: ZoneInfo) -> list[str]:
    """The hours that together are this stretch of time; none where a grid cannot show it."""
    first, last = (hours.local_date(zone, at) for at in window)
    if last - first > _LONGEST:
        return []
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    keys = (key(day, hour) for day in days for hour in SHOWN)
    parts = [(each, at) for each in keys if (at := span(each, zone)) and _holds(window, at)]
    spans = [at for _, at in parts]
    joined = all(before[1] == after[0] for before, after in pairwise(spans))
    whole = bool(spans) and joined and (spans[0][0], spans[-1][1]) == window
    return [each for each, _ in parts] if whole else []


def _holds(window: Span, part: Span) -> bool:
    return window[0] <= part[0] and part[1] <= window[1]
