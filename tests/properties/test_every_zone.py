"""Every zone, around every clock change: the free starts against a slow and obvious oracle.

A sample of zones by default, with all that ever hurt; every IANA name with OPENMENTOR_ALL=1.
"""

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from openmentor.availability import hours
from openmentor.availability.hours import DateOverride, WeeklyRange
from openmentor.availability.starts import free_starts
from tests.properties.oracle import Question

HARD = {
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Asuncion", "America/Havana",
    "America/New_York", "America/Nuuk", "America/Santiago", "America/Scoresbysund",
    "America/St_Johns", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem",
    "Asia/Kathmandu", "Asia/Kolkata", "Atlantic/Azores", "Australia/Adelaide",
    "Australia/Lord_Howe", "Europe/Dublin", "Europe/London", "Pacific/Apia", "Pacific/Chatham",
    "Pacific/Easter", "Pacific/Kiritimati", "Pacific/Norfolk", "UTC",
}  # fmt: skip

PAST = [
    ("Pacific/Apia", "2011-12-30T10:00Z", "a Friday that never was"),
    ("Pacific/Kwajalein", "1993-08-21T12:00Z", "a Saturday that never was"),
    ("Pacific/Kiritimati", "1994-12-31T10:00Z", "a New Year's Eve that never was"),
    ("America/St_Johns", "2006-10-29T02:31Z", "back across midnight at one past midnight"),
    ("America/Sao_Paulo", "2018-11-04T03:00Z", "no midnight"),
    ("America/Toronto", "1947-04-27T05:01Z", "half an hour past midnight is skipped"),
    ("America/Caracas", "2007-12-09T07:00Z", "back by half an hour for good"),
    ("Asia/Pyongyang", "2018-05-04T15:00Z", "forward by half an hour at midnight"),
    ("Antarctica/Casey", "2010-03-04T15:00Z", "back by three hours"),
    ("Africa/Casablanca", "2018-10-28T02:00Z", "the change that was called off"),
]  # fmt: skip

MINUTE, DAY = 60, 86400


def zones() -> list[str]:
    names = sorted(available_timezones() - {"Factory", "localtime"})
    if os.environ.get("OPENMENTOR_ALL"):
        return names
    return sorted(HARD | set(random.Random("OpenMentor").sample(names, 15)))


def clock_changes(zone: ZoneInfo, *, first: int = 2026, last: int = 2028) -> list[int]:
    """The instants of a zone's clock changes in these years."""

    def offset(at: int) -> timedelta | None:
        return datetime.fromtimestamp(at, zone).utcoffset()

    found = []
    begin, end = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (first, last + 1))
    for low in range(begin, end, DAY):
        before, after = low, low + DAY
        if offset(before) == offset(after):
            continue
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if offset(middle) == offset(low) else (before, middle)
        found.append(after)
    return found


def weeks(zone: ZoneInfo, change: int, seed: str) -> Iterator[Question]:
    """Questions about the days from three before a change to fourteen after it.

    Ordinary hours, a mentor who never closes, and hours thrown at the change itself.
    """
    chance = random.Random(seed)
    days = range(7)
    near = datetime.fromtimestamp(change - 1, zone)
    odd = [
        WeeklyRange(day, start, (start + chance.randrange(5, 1440, 5)) % 1440)
        for day in days
        for start in chance.sample(range(0, 1440, 5), 2)
    ]
    around = [
        WeeklyRange(day, max(0, near.hour * 60 - 30), (near.hour * 60 + 150) % 1440) for day in days
    ]
    on = near.date()
    exceptions = [
        DateOverride(on, 0, 1440),
        DateOverride(on + timedelta(days=1), 23 * 60, 60),
        DateOverride(on + timedelta(days=2)),
    ]
    for weekly, overrides in (
        ([WeeklyRange(day, 9 * 60, 17 * 60) for day in days], []),
        ([WeeklyRange(day, 0, 1440) for day in days], []),
        (odd, []),
        (around, exceptions),
    ):
        midnight = change - change % DAY
        busy = [
            (start * MINUTE + midnight, (start + chance.randrange(0, 180)) * MINUTE + midnight)
            for start in chance.sample(range(-4000, 20000), 20)
        ]
        yield Question(
            zone,
            weekly,
            overrides=overrides,
            busy=busy,
            earliest=change - 3 * DAY,
            latest=change + 14 * DAY,
            duration=chance.choice([15, 30, 45, 50, 60, 90]),
            step=chance.choice([15, 20, 30, 50, 60]),
            before=chance.choice([0, 5, 10]),
            after=chance.choice([0, 5, 15]),
        )


def offered(question: Question, *, earliest: int, latest: int) -> list[int]:
    length = question.duration * MINUTE
    return free_starts(
        hours.open_ranges(
            question.zone,
            question.weekly,
            question.overrides,
            start=earliest,
            end=latest + length,
        ),
        busy=question.busy,
        duration=length,
        step=question.step * MINUTE,
        before=question.before * MINUTE,
        after=question.after * MINUTE,
        earliest=earliest,
        latest=latest,
    )


def accepted(question: Question, start: int) -> bool:
    """The check of one booking, which looks only at the time around it."""
    if not question.earliest <= start <= question.latest:
        return False
    return offered(question, earliest=start, latest=start) == [start]


@pytest.mark.parametrize("name", zones())
def test_offered_is_right_and_accepted_around_every_clock_change(name: str) -> None:
    zone = ZoneInfo(name)
    changes = clock_changes(zone) or [int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp())]
    for change in changes:
        for question in weeks(zone, change, f"{name} {change}"):
            _judge(question)


@pytest.mark.parametrize(("name", "change", "why"), PAST)
def test_offered_is_right_on_the_strangest_days_there_were(
    name: str, change: str, why: str
) -> None:
    at = int(datetime.fromisoformat(change).timestamp())
    for question in weeks(ZoneInfo(name), at, why):
        _judge(question)


def _judge(question: Question) -> None:
    starts = offered(question, earliest=question.earliest, latest=question.latest)
    assert starts == question.starts()
    step = question.step * MINUTE
    tried = {start + shift for start in starts[::7] for shift in (-step, -300, 0, 300, step)}
    assert [start for start in sorted(tried) if accepted(question, start)] == [
        start for start in sorted(tried) if start in set(starts)
    ]


@pytest.mark.parametrize("name", zones())
def test_a_start_shows_its_hour_on_the_wall_or_was_moved_by_the_gap(name: str) -> None:
    zone = ZoneInfo(name)
    weekly = [WeeklyRange(day, 90, 5 * 60) for day in range(7)]
    for change in clock_changes(zone):
        ranges = hours.open_ranges(zone, weekly, start=change - 3 * DAY, end=change + 14 * DAY)
        on_the_change = {hours.local_date(zone, change - 1), hours.local_date(zone, change)}
        for opening in ranges:
            wall = hours.local_time(zone, opening.start)
            gap = (wall.utcoffset() or timedelta()) - (
                hours.local_time(zone, change - 1).utcoffset() or timedelta()
            )
            moved = wall.date() in on_the_change and wall - gap == wall.replace(hour=1, minute=30)
            assert (wall.hour, wall.minute) == (1, 30) or moved


def test_days_are_as_long_as_clocks_make_them() -> None:
    lengths = set()
    for name in zones():
        zone = ZoneInfo(name)
        for change in clock_changes(zone):
            middle = hours.local_date(zone, change)
            around = [middle + timedelta(days=n) for n in range(-3, 15)]
            days = [hours.day_span(zone, on) for on in around]
            assert all(one[1] == two[0] for one, two in pairwise(days))
            lengths |= {(end - start) / 3600 for start, end in days}
    assert {23, 23.5, 24, 24.5, 25} <= lengths <= {22, 23, 23.5, 24, 24.5, 25, 26}


def test_the_viewers_zone_never_moves_a_start() -> None:
    weekly = [WeeklyRange(day, 9 * 60, 17 * 60) for day in range(7)]
    begin = int(datetime(2026, 3, 20, tzinfo=UTC).timestamp())
    question = Question(
        ZoneInfo("Asia/Kolkata"), weekly, begin, begin + 20 * DAY, duration=60, step=60
    )
    starts = offered(question, earliest=question.earliest, latest=question.latest)
    for name in zones():
        seen = [hours.local_time(ZoneInfo(name), start) for start in starts]
        assert [int(each.timestamp()) for each in seen] == starts
        assert len({each.astimezone(UTC) for each in seen}) == len(starts) > 0
