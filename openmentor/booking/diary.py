"""A mentor's diary: all that decides which times are free, read in one query.

Its cost depends on this mentor's sessions in the window, never on anybody else's.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from openmentor.availability.hours import (
    DateOverride,
    WeeklyRange,
    day_span,
    local_date,
    week_span,
)
from openmentor.availability.spans import Instant, Span
from openmentor.base.errors import NotFound
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

_AROUND = timedelta(days=9)
"""Read this much more on both sides: a whole week for its limit, and the longest session."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH = _BEGINNING.date().toordinal()

_READ = """
SELECT m.id, m.person_id, m.handle, m.status,
       m.paused_at IS NOT NULL OR NOT p.is_active, m.timezone, m.currency,
       m.refund_policy, m.confirmation, m.pending_requests_hold_time, m.min_notice_minutes,
       m.horizon_days, m.step_minutes, m.buffer_before, m.buffer_after, m.max_per_day,
       m.max_per_week, t.id, t.reference, t.title, t.duration_minutes, t.price_minor, t.currency,
       t.is_active,
       ARRAY(SELECT ARRAY[w.weekday, w.start_minute, w.end_minute]
               FROM availability_weeklyhours w WHERE w.mentor_id = m.id),
       ARRAY(SELECT ARRAY[o."on" - DATE '1970-01-01', o.start_minute, o.end_minute]
               FROM availability_dateoverride o WHERE o.mentor_id = m.id
                AND o."on" BETWEEN %(since)s::date AND %(until)s::date),
       ARRAY(SELECT ARRAY[extract(epoch FROM lower(s.occupies))::bigint,
                          extract(epoch FROM upper(s.occupies))::bigint,
                          extract(epoch FROM s.starts_at)::bigint,
                          s.takes_time::int, (s.mode = 'group')::int]
               FROM booking_session s
              WHERE s.mentor_id = m.id AND s.starts_at BETWEEN %(since)s AND %(until)s
                AND (s.takes_time OR s.status IN ('completed', 'no_show'))
                AND s.id IS DISTINCT FROM %(besides)s),
       p.name
  FROM mentors_mentor m
  JOIN people_person p ON p.id = m.person_id
  LEFT JOIN mentors_sessiontype t ON t.mentor_id = m.id AND t.reference = %(session_type)s
"""
# One condition for each way to ask: a statement that fits all of them is planned anew each time.
_BY_KEY = f"{_READ} WHERE m.id = %(mentor)s"
_BY_HANDLE = f"{_READ} WHERE m.handle = %(mentor)s"
_SEVERAL = f"{_READ} WHERE m.id = ANY(%(mentor)s::bigint[])"


@dataclass(frozen=True, slots=True)
class Rules:
    """The mentor's booking settings; None where the default of SPEC §3 rules."""

    min_notice_minutes: int | None
    horizon_days: int
    step_minutes: int | None
    buffer_before: int
    buffer_after: int
    max_per_day: int | None
    max_per_week: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A session type as it stood when the diary was read."""

    id: int
    reference: str
    title: str
    duration_minutes: int
    price_minor: int
    currency: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Diary:
    """One mentor, the rules, the hours, and what is in the calendar already."""

    mentor_id: int
    person_id: int
    handle: str
    name: str
    status: str
    is_paused: bool
    zone: ZoneInfo
    currency: str
    refund_policy: str
    confirmation: str
    requests_hold_time: bool
    rules: Rules
    offer: Offer | None
    weekly: tuple[WeeklyRange, ...]
    overrides: tuple[DateOverride, ...]
    busy: tuple[Span, ...]
    counted: tuple[Instant, ...]
    has_groups: bool

    @property
    def mentor(self) -> Mentor:
        """The mentor as far as the diary knows; what else is asked of it is read then."""
        columns = {"id": self.mentor_id, "person_id": self.person_id, "handle": self.handle}
        columns["timezone"] = self.zone.key
        mentor = Mentor.from_db(connection.alias, list(columns), list(columns.values()))
        mentor.person = Person.from_db(
            connection.alias, ["id", "name"], [self.person_id, self.name]
        )
        return mentor

    @property
    def is_bookable(self) -> bool:
        """Whether the mentor takes bookings at all at present."""
        return self.status == "approved" and not self.is_paused

    def emptied(self) -> "Diary":
        """The same diary without any session: what would be offered if nobody had booked."""
        return replace(self, busy=(), counted=())

    def full_spans(self) -> list[Span]:
        """The days and weeks in which the mentor's own limit is reached."""
        if self.rules.max_per_day is None and self.rules.max_per_week is None:
            return []
        dates = Counter(local_date(self.zone, start) for start in self.counted)
        spans: list[Span] = []
        if (most := self.rules.max_per_day) is not None:
            spans += [day_span(self.zone, on) for on, count in dates.items() if count >= most]
        if (most := self.rules.max_per_week) is not None:
            weeks: Counter[Span] = Counter()
            for on, count in dates.items():
                weeks[week_span(self.zone, on)] += count
            spans += [week for week, count in weeks.items() if count >= most]
        return spans


def read(
    *,
    first: datetime,
    last: datetime,
    mentor_id: int | None = None,
    handle: str = "",
    session_type: str = "",
    besides: int | None = None,
) -> Diary:
    """The diary from `first` to `last`, of a mentor given by key or by handle.

    `session_type` is a reference (none of that mentor's: `offer` is None); `besides` is a session
    to leave out, the one that is being moved. Refuses unknown mentors (`not_found`).
    """
    statement = _BY_HANDLE if mentor_id is None else _BY_KEY
    mentor = handle.lower() if mentor_id is None else mentor_id
    diaries = _read(statement, mentor, first, last, session_type=session_type, besides=besides)
    if not diaries:
        raise NotFound("There is no such mentor.")
    return diaries[0]


def read_several(mentor_ids: Iterable[int], *, first: datetime, last: datetime) -> dict[int, Diary]:
    """The diaries of several mentors by their keys, in one query; none has an `offer`."""
    return {diary.mentor_id: diary for diary in _read(_SEVERAL, list(mentor_ids), first, last)}


def instant(at: datetime) -> Instant:
    """A moment as whole seconds since the epoch, rounded up."""
    return -((_BEGINNING - at) // timedelta(seconds=1))


def moment(at: Instant) -> datetime:
    """Whole seconds since the epoch as a moment in UTC."""
    return datetime.fromtimestamp(at, UTC)


def _override(day: int, start: int | None, end: int | None) -> DateOverride:
    return DateOverride(date.fromordinal(_EPOCH + day), start, end)


def _read(
    statement: str,
    mentor: int | str | list[int],
    first: datetime,
    last: datetime,
    *,
    session_type: str = "",
    besides: int | None = None,
) -> list[Diary]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "mentor": mentor,
                "session_type": session_type,
                "besides": besides,
                "since": first - _AROUND,
                "until": last + _AROUND,
            },
        )
        return [_diary(row) for row in cursor.fetchall()]


def _diary(row: tuple[Any, ...]) -> Diary:
    weekly, overrides, sessions, name = row[24:]
    return Diary(
        mentor_id=row[0],
        person_id=row[1],
        handle=row[2],
        name=name,
        status=row[3],
        is_paused=row[4],
        zone=ZoneInfo(row[5]),
        currency=row[6],
        refund_policy=row[7],
        confirmation=row[8],
        requests_hold_time=row[9],
        rules=Rules(*row[10:17]),
        offer=Offer(*row[17:24]) if row[17] is not None else None,
        weekly=tuple(WeeklyRange(*hours) for hours in weekly),
        overrides=tuple(_override(*override) for override in overrides),
        busy=tuple((begins, ends) for begins, ends, _, takes_time, _ in sessions if takes_time),
        counted=tuple(starts for _, _, starts, _, _ in sessions),
        has_groups=any(is_group for *_, is_group in sessions),
    )
