"""What the mentee offered is what the mentor may choose, to the minute, in every zone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from openmentor.availability import spans
from openmentor.availability.hours import day_span
from openmentor.booking import needs
from openmentor.booking.diary import instant
from openmentor.booking.needs import Window
from openmentor.web.requests import hour_cells
from openmentor.web.requests.windows import Windows

ZONES = [
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Tehran",
    "Pacific/Apia",
    "Antarctica/Troll",
]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)

zones = st.sampled_from(ZONES).map(ZoneInfo)
minutes = st.integers(0, 366 * 24 * 60 - 1).map(lambda number: YEAR + number * MINUTE)


def changes(zone: ZoneInfo) -> list[datetime]:
    """The hours of 2026 in which the zone's clock changes."""
    hours = (YEAR + number * HOUR for number in range(365 * 24))
    return [
        at
        for at in hours
        if at.astimezone(zone).utcoffset() != (at - HOUR).astimezone(zone).utcoffset()
    ]


def form(zone: ZoneInfo, **fields: list[str]) -> QueryDict:
    sent = QueryDict(mutable=True)
    sent["zone"] = zone.key
    for name, values in fields.items():
        sent.setlist(name, values)
    return sent


def read(zone: ZoneInfo, *, now: datetime = YEAR - DAY, **fields: Any) -> list[Window]:
    typed = Windows.typed(form(zone, **fields), otherwise=ZoneInfo("UTC"), now=now)
    return typed.windows()


@given(zone=zones, start=minutes, length=st.integers(1, 48 * 60))
def test_every_minute_inside_can_be_chosen_and_none_outside(
    zone: ZoneInfo, start: datetime, length: int
) -> None:
    window = (start, start + length * MINUTE)
    inside = [needs.offers([window], at, at + MINUTE) for at in (start, window[1] - MINUTE)]
    outside = [needs.offers([window], at, at + MINUTE) for at in (start - MINUTE, window[1])]
    assert (inside, outside) == ([True, True], [False, False])


@given(zone=zones, at=minutes, length=st.integers(1, 23 * 60))
def test_what_is_typed_is_what_both_clocks_show(zone: ZoneInfo, at: datetime, length: int) -> None:
    local = at.astimezone(zone)
    end = (local.replace(tzinfo=None) + length * MINUTE).replace(tzinfo=zone)
    row: Any = {"date": [f"{local:%Y-%m-%d}"], "from": [f"{local:%H:%M}"], "to": [f"{end:%H:%M}"]}
    [(first, last)] = read(zone, **row)
    shown = [f"{each.astimezone(zone):%H:%M}" for each in (first, last)]
    for said, got, wall in zip([row["from"][0], row["to"][0]], shown, (local, end), strict=True):
        skipped = wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall.replace(
            tzinfo=None
        )
        assert said == got or skipped


@pytest.mark.parametrize("name", ZONES)
def test_hours_ticked_around_every_clock_change_lose_and_gain_nothing(name: str) -> None:
    zone = ZoneInfo(name)
    for change in changes(zone):
        days = {(change + number * DAY).astimezone(zone).date() for number in (-1, 0, 1)}
        for day in days:
            keys = [hour_cells.key(day, hour) for hour in range(24)]
            windows = read(zone, cell=keys)
            wanted = [span for key in keys if (span := hour_cells.span(key, zone))]
            got = [(instant(start), instant(end)) for start, end in windows]
            assert got == spans.merge(wanted)
            assert got == [day_span(zone, day)]


@given(zone=zones, now=minutes, hours=st.lists(st.integers(0, 7 * 24), max_size=12))
def test_a_form_that_is_read_again_offers_the_same(
    zone: ZoneInfo, now: datetime, hours: list[int]
) -> None:
    first = (now + DAY).astimezone(zone).date()
    cells = [
        hour_cells.key(first + timedelta(days=hour // 24), hour % 24) for hour in sorted(set(hours))
    ]
    windows = read(zone, now=now, cell=cells)
    again = Windows.of(windows, zone, now=now)
    assert spans.merge((instant(a), instant(b)) for a, b in again.windows()) == [
        (instant(start), instant(end)) for start, end in windows
    ]


@given(zone=zones, start=minutes, length=st.integers(1, 3000))
def test_whatever_was_offered_survives_the_form_to_the_minute(
    zone: ZoneInfo, start: datetime, length: int
) -> None:
    window = (start, start + length * MINUTE)
    form_ = Windows.of([window], zone, now=YEAR - DAY)
    assert spans.merge((instant(a), instant(b)) for a, b in form_.windows()) == [
        (instant(window[0]), instant(window[1]))
    ]
    kept = [stamp for stamp, _ in form_.kept_stamps]
    sent = read(zone, cell=sorted(form_.ticked), kept=kept)
    assert sent == form_.windows()
