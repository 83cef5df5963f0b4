"""How an instant is put into words for a reader: their own zone first, the other side's beside it.

Pure: the templates' `c-when` and mails show what this says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_timedelta

LOCALE = "en_GB"
"""Hours from 0 to 23 and the day before the month: read the same way in every zone."""


@dataclass(frozen=True)
class OtherSide:
    """The same time on another person's clock."""

    time: str
    zone: str
    note: str
    """Which day it is there when not the same one: `next day`, `day before`, or nothing."""


@dataclass(frozen=True)
class Shown:
    """A time in words."""

    iso: str
    date: str
    short_date: str
    time: str
    zone: str
    abbreviation: str
    other: OtherSide | None = None


def shown(
    at: datetime,
    *,
    zone: ZoneInfo,
    until: datetime | None = None,
    other: ZoneInfo | None = None,
) -> Shown:
    """The words for an instant, or for a range when `until` is given.

    `other` adds the other side's clock, unless it shows the same time then.
    """
    local = at.astimezone(zone)
    return Shown(
        iso=at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ"),
        date=format_date(local, "EEEE d MMMM y", locale=LOCALE),
        short_date=format_skeleton("MMMEd", local, locale=LOCALE).replace(",", ""),
        time=clock(local, until=until.astimezone(zone) if until else None),
        zone=place(zone),
        abbreviation=abbreviation(at, zone=zone),
        other=_other_side(at, until=until, zone=zone, other=other),
    )


def clock(local: datetime, *, until: datetime | None = None) -> str:
    """`14:20`, or `14:20–15:05`; a range that ends on a later day says so."""
    if until is None:
        return f"{local:%H:%M}"
    days = (until.date() - local.date()).days
    return f"{local:%H:%M}–{until:%H:%M}" + (" (next day)" if days else "")


def place(zone: ZoneInfo) -> str:
    """The zone's name as people read it: `America/New York`."""
    return zone.key.replace("_", " ")


def abbreviation(at: datetime, *, zone: ZoneInfo) -> str:
    """What the zone is called at that instant: `BST`, or `UTC+13:45` where it has no letters."""
    local = at.astimezone(zone)
    name = local.tzname() or ""
    return name if name.isalpha() else offset(local)


def offset(local: datetime) -> str:
    """The distance from UTC: `UTC+5:30`, or `UTC`."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def distance(at: datetime, *, now: datetime) -> str:
    """How far an instant is from now: `3 hours ago`, `in 2 days`."""
    return format_timedelta(at - now, add_direction=True, threshold=1.2, locale=LOCALE)


def _other_side(
    at: datetime, *, until: datetime | None, zone: ZoneInfo, other: ZoneInfo | None
) -> OtherSide | None:
    if other is None or at.astimezone(zone).utcoffset() == at.astimezone(other).utcoffset():
        return None
    theirs = at.astimezone(other)
    days = (theirs.date() - at.astimezone(zone).date()).days
    return OtherSide(
        time=clock(theirs, until=until.astimezone(other) if until else None),
        zone=f"{place(other)} ({abbreviation(at, zone=other)})",
        note={1: "next day", -1: "day before"}.get(days, ""),
    )
