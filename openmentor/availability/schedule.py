"""A mentor's schedule: the weekly hours, the dates that differ, and the zone they are read in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction

from openmentor.availability import models
from openmentor.availability.entries import MOST_DATES, Date, Day, Entries, Hours
from openmentor.availability.hours import DateOverride, WeeklyRange, format_time
from openmentor.base import events
from openmentor.base.errors import Invalid
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person


@dataclass(frozen=True)
class Schedule:
    """When a mentor is open, on the wall clock of `timezone`; days and dates are sorted."""

    timezone: str
    weekly: list[Day]
    overrides: list[Date]


def read(mentor: Mentor) -> Schedule:
    """The mentor's schedule; days without hours are left out."""
    weekly = [
        Day(day, [_hours(row) for row in rows])
        for day, rows in groupby(mentor.weekly_hours.all(), lambda row: row.weekday)
    ]
    overrides = [
        Date(on, [_hours(row) for row in rows if not row.is_blocked])
        for on, rows in groupby(mentor.date_overrides.all(), lambda row: row.on)
    ]
    return Schedule(mentor.timezone, weekly, overrides)


@transaction.atomic
def replace(
    mentor_id: int,
    *,
    timezone: str,
    weekly: Sequence[Day],
    overrides: Sequence[Date],
    by: Person,
    now: datetime,
) -> Schedule:
    """This schedule instead of the last one; whoever books sees one or the other, never half.

    Sessions that are booked stay, inside the new hours or not. Refuses (`invalid`, with a line
    per place) unknown zones and days, times that are none, equal ends, overlaps, too many.
    """
    entries = Entries()
    zone = entries.zone(timezone)
    week, dates = entries.weekly(weekly), entries.dates(overrides)
    if entries.lines:
        raise Invalid(errors=entries.lines)
    mentor = mentors.held(mentor_id, by=by)
    _write(mentor, week, dates)
    if mentor.timezone != zone:
        mentor.timezone = zone
        mentor.save(update_fields=["timezone"])
    events.record(
        "mentor.hours_changed", subject="mentor", subject_id=mentor.pk, actor_id=by.pk, at=now
    )
    return read(mentor)


@transaction.atomic
def set_week(
    mentor_id: int, *, timezone: str, weekly: Sequence[Day], by: Person, now: datetime
) -> Schedule:
    """These weekly hours in this zone; the dates that differ stay as they are."""
    dates = read(mentors.held(mentor_id, by=by)).overrides
    return replace(mentor_id, timezone=timezone, weekly=weekly, overrides=dates, by=by, now=now)


@transaction.atomic
def set_dates(
    mentor_id: int, *, first: date, last: date, slots: Sequence[Hours], by: Person, now: datetime
) -> Schedule:
    """Other hours on each date from `first` to `last`, or none at all, whatever they had before.

    Refuses what `replace` refuses, as if the new dates came last of the overrides, and a `last`
    before the first or too far behind it.
    """
    days = (last - first).days + 1
    if days < 1:
        raise Invalid.field("last", "The last day is before the first.")
    if days > MOST_DATES:
        raise Invalid.field("last", f"At most {MOST_DATES} dates can have hours of their own.")
    known = read(mentors.held(mentor_id, by=by))
    dates = [each for each in known.overrides if not first <= each.on <= last]
    dates += [Date(first + timedelta(days=number), slots) for number in range(days)]
    return _with_dates(mentor_id, known, dates, by=by, now=now)


@transaction.atomic
def clear_dates(mentor_id: int, *, first: date, last: date, by: Person, now: datetime) -> Schedule:
    """The dates from `first` to `last` have their weekdays' hours again."""
    known = read(mentors.held(mentor_id, by=by))
    dates = [each for each in known.overrides if not first <= each.on <= last]
    return _with_dates(mentor_id, known, dates, by=by, now=now)


def _with_dates(
    mentor_id: int, known: Schedule, dates: list[Date], *, by: Person, now: datetime
) -> Schedule:
    return replace(
        mentor_id, timezone=known.timezone, weekly=known.weekly, overrides=dates, by=by, now=now
    )


def _hours(row: models.WeeklyHours | models.DateOverride) -> Hours:
    return Hours(format_time(row.start_minute or 0), format_time(row.end_minute or 0))


def _write(mentor: Mentor, week: list[WeeklyRange], dates: list[DateOverride]) -> None:
    mentor.weekly_hours.all().delete()
    mentor.date_overrides.all().delete()
    models.WeeklyHours.objects.bulk_create(
        models.WeeklyHours(mentor=mentor, weekday=day, start_minute=opens, end_minute=closes)
        for day, opens, closes in week
    )
    models.DateOverride.objects.bulk_create(
        models.DateOverride(mentor=mentor, on=on, start_minute=opens, end_minute=closes)
        for on, opens, closes in dates
    )
