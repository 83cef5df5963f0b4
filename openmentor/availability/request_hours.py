"""When a mentor takes open requests: the weekly hours, unless the mentor says other ones.

Dates that differ (holidays, a longer Tuesday) are the same for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction

from openmentor.availability import schedule
from openmentor.availability.entries import Day, Entries, Hours
from openmentor.availability.hours import WeeklyRange, format_time
from openmentor.availability.models import RequestHours, RequestWeek
from openmentor.base import events
from openmentor.base.errors import Invalid
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person


@dataclass(frozen=True)
class RequestSchedule:
    """The week on the wall clock of `timezone`; `is_own` where it is not that of bookings."""

    timezone: str
    weekly: list[Day]
    is_own: bool


def read(mentor: Mentor) -> RequestSchedule:
    """When the mentor takes open requests; days without hours are left out."""
    own = ranges(mentor.pk)
    if own is None:
        return RequestSchedule(mentor.timezone, schedule.read(mentor).weekly, is_own=False)
    weekly = [
        Day(day, [Hours(format_time(start), format_time(end)) for _, start, end in rows])
        for day, rows in groupby(own, lambda row: row.weekday)
    ]
    return RequestSchedule(mentor.timezone, weekly, is_own=True)


def ranges(mentor_id: int) -> list[WeeklyRange] | None:
    """The hours of the mentor's own for open requests; None where the weekly hours count."""
    week = RequestWeek.objects.filter(mentor=mentor_id).prefetch_related("hours").first()
    if week is None:
        return None
    return [WeeklyRange(row.weekday, row.start_minute, row.end_minute) for row in week.hours.all()]


@transaction.atomic
def replace(
    mentor_id: int, *, weekly: Sequence[Day] | None, by: Person, now: datetime
) -> RequestSchedule:
    """These hours for open requests from now on; None for those of bookings again.

    Refuses (`invalid`, with a line per place) what `schedule.replace` refuses of a week.
    """
    entries = Entries()
    week = entries.weekly(weekly or ())
    if entries.lines:
        raise Invalid(errors=entries.lines)
    mentor = mentors.held(mentor_id, by=by)
    RequestWeek.objects.filter(mentor=mentor).delete()
    if weekly is not None:
        own = RequestWeek.objects.create(mentor=mentor)
        RequestHours.objects.bulk_create(
            RequestHours(week=own, weekday=day, start_minute=start, end_minute=end)
            for day, start, end in week
        )
    events.record(
        "mentor.request_hours_changed",
        subject="mentor",
        subject_id=mentor.pk,
        actor_id=by.pk,
        at=now,
    )
    return read(mentor)
