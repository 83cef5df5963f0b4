"""Dates and wall times that callers send, as instants."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from openmentor.availability import hours
from openmentor.booking.diary import moment

FIRST, LAST = date(1970, 1, 1), date(2999, 12, 31)
"""Dates before and after count as these: nothing of ours is there, and no sum overflows."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(rf"{_DAY.pattern}[Tt ][0-9]{{2}}:.+")


def instant(zone: ZoneInfo, on: date, at: time = time()) -> datetime:
    """The instant of a wall time; a skipped one moves forward, of two the first is meant."""
    return moment(hours.instant(zone, _within(on), at.hour * 60 + at.minute))


def begins(given: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant itself, or the first one of the date."""
    if given is None or isinstance(given, datetime):
        return given
    return instant(zone, given)


def ends(given: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    """The instant itself, or the end of the date, which is the next one's first."""
    if given is None or isinstance(given, datetime):
        return given
    return instant(zone, _within(given) + timedelta(days=1))


def _within(on: date) -> date:
    return min(max(on, FIRST), LAST + timedelta(days=1))


def _day_or_instant(value: object) -> date | datetime:
    with suppress(ValueError):
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            at = datetime.fromisoformat(value)
            if at.tzinfo is not None and FIRST.year < at.year < LAST.year:
                return at.astimezone(UTC)
    raise PydanticCustomError(
        "day_or_instant",
        "This must be a date such as 2026-01-31, or a time such as 2026-01-31T09:30:00Z.",
    )


DayOrInstant = Annotated[
    date | datetime,
    PlainValidator(_day_or_instant),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": form} for form in ("date", "date-time")]}
    ),
]
"""A calendar date, or an ISO 8601 time with an offset or `Z`, which arrives in UTC."""
