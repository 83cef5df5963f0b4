"""Dates and times that people type, on the clock of a zone, as instants."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from openmentor.availability import hours
from openmentor.booking.diary import moment
from openmentor.people import zones
from openmentor.web import picker

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_YEARS = range(1970, 3000)


def instant(on: str, at: str, *, zone: ZoneInfo) -> datetime | None:
    """The instant of `2026-11-24` and `09:30`; None where they are no date and time.

    A time that the clock skips moves forward; of one that it shows twice the first is meant.
    """
    day, time = picker.day_of(on), _TIME.fullmatch(at)
    if day is None or time is None or day.year not in _YEARS:
        return None
    return moment(hours.instant(zone, day, int(time[1]) * 60 + int(time[2])))


def zone_of(name: str, *, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone in which a form was filled in, which may no longer be the reader's."""
    return ZoneInfo(name) if zones.exists(name) else otherwise
