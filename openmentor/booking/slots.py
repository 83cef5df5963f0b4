"""Free times. What is offered is what is accepted: both ask `starts`, and nothing else does.

Instants are whole seconds since the epoch.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache

from openmentor.availability import hours
from openmentor.availability.spans import Instant
from openmentor.availability.starts import free_starts, nearest
from openmentor.booking import diary as diaries
from openmentor.booking.diary import Diary, instant, moment
from openmentor.booking.refusals import DailyLimit, NotOffered, TimeTaken, TooFar, TooSoon
from openmentor.mentors.models import Mentor

MINUTE = 60
ANSWER_BEFORE = timedelta(hours=2)
"""So long before its time a request must be answered."""
_DAY = timedelta(days=1)


def window(diary: Diary, now: datetime) -> tuple[Instant, Instant]:
    """The first and the last moment at which a session may begin.

    The first is now plus the mentor's notice or, without one, the beginning of tomorrow; where
    every booking needs the mentor's yes there is time for that. The last ends the mentor's day that
    is `horizon_days` from today.
    """
    today = hours.local_date(diary.zone, instant(now))
    if diary.rules.min_notice_minutes is None:
        earliest = hours.instant(diary.zone, today + _DAY, 0)
    else:
        earliest = instant(now) + diary.rules.min_notice_minutes * MINUTE
    if diary.confirmation == Mentor.Confirmation.APPROVAL:
        earliest = max(earliest, instant(now + ANSWER_BEFORE) + 1)
    beyond = hours.instant(diary.zone, today + (diary.rules.horizon_days + 1) * _DAY, 0)
    return earliest, beyond - 1


def starts(
    diary: Diary, *, minutes: int, since: Instant, until: Instant, now: datetime
) -> list[Instant]:
    """The free starts of a session of so many minutes, from `since` to `until` (both included)."""
    earliest, latest = window(diary, now)
    earliest, latest = max(earliest, since), min(latest, until)
    if earliest > latest:
        return []
    return free_starts(
        hours.open_ranges(
            diary.zone,
            diary.weekly,
            diary.overrides,
            start=earliest,
            end=latest + minutes * MINUTE,
        ),
        busy=diary.busy,
        duration=minutes * MINUTE,
        step=(diary.rules.step_minutes or minutes) * MINUTE,
        before=diary.rules.buffer_before * MINUTE,
        after=diary.rules.buffer_after * MINUTE,
        earliest=earliest,
        latest=latest,
        shut=diary.full_spans(),
    )


def offered(
    diary: Diary, *, minutes: int, since: Instant, until: Instant, now: datetime
) -> list[Instant]:
    """What a visitor is shown: the free starts, or none while the mentor takes no bookings."""
    if not diary.is_bookable:
        return []
    return starts(diary, minutes=minutes, since=since, until=until, now=now)


def demand_free(diary: Diary, wanted: datetime, *, minutes: int, now: datetime) -> None:
    """Refuse a start that `starts` would not offer, with the reason.

    `too_soon`, `too_far`, `not_offered` (not open, or off the grid), `daily_limit`, `time_taken`.
    """
    start = instant(wanted)
    earliest, latest = window(diary, now)
    if start < earliest:
        raise TooSoon
    if start > latest:
        raise TooFar
    if moment(start) != wanted:
        raise NotOffered
    if starts(diary, minutes=minutes, since=start, until=start, now=now):
        return
    if not starts(diary.emptied(), minutes=minutes, since=start, until=start, now=now):
        raise NotOffered
    if any(begins <= start < ends for begins, ends in diary.full_spans()):
        raise DailyLimit
    raise TimeTaken


@contextmanager
def suggesting(
    *, handle: str, wanted: datetime, minutes: int | None, session_type: str = "", now: datetime
) -> Iterator[None]:
    """Give a `time_taken` that passes through the three nearest free starts as `alternatives`.

    Used outside the verb's transaction: what it reads is what the loser can still have.
    """
    try:
        yield
    except TimeTaken as refusal:
        diary = diaries.read(
            handle=handle, session_type=session_type, first=now, last=now + timedelta(days=366)
        )
        length = minutes or (diary.offer.duration_minutes if diary.offer else 0)
        refusal.data["alternatives"] = alternatives(diary, wanted, minutes=length, now=now)
        raise


def alternatives(
    diary: Diary, wanted: datetime, *, minutes: int, now: datetime
) -> list[dict[str, str]]:
    """The three free slots nearest to a wanted start, as `{"start": …Z, "end": …Z}`."""
    if not minutes:
        return []
    earliest, latest = window(diary, now)
    free = offered(diary, minutes=minutes, since=earliest, until=latest, now=now)
    return [
        {"start": stamp(start), "end": stamp(start + minutes * MINUTE)}
        for start in nearest(free, instant(wanted), count=3)
    ]


@lru_cache(maxsize=50_000)
def stamp(at: Instant) -> str:
    """An instant as clients read it, such as `2026-11-20T09:00:00Z`; kept, as many ask for one."""
    return f"{moment(at):%Y-%m-%dT%H:%M:%SZ}"
