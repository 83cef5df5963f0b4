"""Hours on the wall clock as instants: the days that are not 24 hours long, and ordinary ones."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmentor.availability import hours
from openmentor.availability.hours import DAY, DateOverride, Mistake, WeeklyRange, parse_time

LONDON = ZoneInfo("Europe/London")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def weekly(*ranges: str) -> list[WeeklyRange]:
    """The same ranges every day: `weekly("09:00-17:00")`."""
    times = [[parse_time(time) for time in each.split("-")] for each in ranges]
    return [WeeklyRange(day, start, end) for day in range(7) for start, end in times]


def opened(
    zone: str, hours_of_the_week: list[WeeklyRange], on: str, *overrides: DateOverride
) -> list[str]:
    """The open ranges that touch a local date, as that zone's clock shows them."""
    where = ZoneInfo(zone)
    start, end = hours.day_span(where, date.fromisoformat(on))
    ranges = hours.open_ranges(where, hours_of_the_week, overrides, start=start, end=end)
    return [f"{shown(each.start, where)}/{shown(each.end, where)}" for each in ranges]


def shown(instant: int, zone: ZoneInfo = LONDON) -> str:
    return f"{hours.local_time(zone, instant):%d %H:%M}"


def anchors(ranges: Iterable[hours.OpenRange]) -> list[list[str]]:
    return [[shown(anchor) for anchor in each.anchors] for each in ranges]


@pytest.mark.parametrize(
    ("zone", "on", "length"),
    [
        ("Europe/London", "2026-03-29", 23),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Asia/Kolkata", "2026-03-29", 24),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Europe/London", "2026-10-25", 25),
        ("Antarctica/Troll", "2026-03-29", 22),
        ("Antarctica/Troll", "2026-10-25", 26),
        ("Asia/Beirut", "2026-03-29", 23),
        ("America/Santiago", "2026-09-06", 23),
        ("Africa/Cairo", "2026-04-24", 23),
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Pacific/Apia", "2011-12-31", 24),
        ("America/Juneau", "1867-10-19", 48),
    ],
)
def test_a_local_date_is_as_long_as_its_zone_says(zone: str, on: str, length: float) -> None:
    start, end = hours.day_span(ZoneInfo(zone), date.fromisoformat(on))
    assert end - start == length * 3600


def test_a_day_without_a_midnight_begins_when_its_clock_does() -> None:
    start, _ = hours.day_span(ZoneInfo("Asia/Beirut"), date(2026, 3, 29))
    assert shown(start, ZoneInfo("Asia/Beirut")) == "29 01:00"


def test_a_week_begins_on_monday() -> None:
    assert hours.week_span(LONDON, date(2026, 3, 29)) == (
        at("2026-03-23T00:00Z"),
        at("2026-03-29T23:00Z"),
    )


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (["01:30-05:00"], ["29 02:30/29 05:00"]),
        (["00:30-01:30"], ["29 00:30/29 02:30"]),
        (["01:10-01:50"], ["29 02:10/29 02:50"]),
        (["01:30-02:15"], []),
        (["01:30-02:30"], []),
        (["09:00-17:00"], ["29 09:00/29 17:00"]),
    ],
)
def test_a_wall_time_that_does_not_exist_moves_forward_by_the_gap(
    ranges: list[str], expected: list[str]
) -> None:
    assert opened("Europe/London", weekly(*ranges), "2026-03-29") == expected


def test_a_wall_time_that_happens_twice_means_the_first() -> None:
    on = date(2026, 10, 25)
    assert hours.instant(LONDON, on, 90) == at("2026-10-25T00:30Z")
    assert hours.instant(LONDON, on, 120) == at("2026-10-25T02:00Z")


def test_hours_on_a_date_that_the_zone_skips_move_to_the_next_date() -> None:
    friday = [WeeklyRange(4, parse_time("09:00"), parse_time("12:00"))]
    assert opened("Pacific/Apia", friday, "2011-12-31") == ["31 09:00/31 12:00"]


def test_a_time_of_twenty_four_hours_is_the_next_midnight() -> None:
    assert opened("Europe/London", weekly("22:00-24:00"), "2026-06-01") == ["01 22:00/02 00:00"]


def test_an_end_before_its_start_is_on_the_next_date() -> None:
    monday = [WeeklyRange(0, parse_time("22:00"), parse_time("02:00"))]
    assert opened("Europe/London", monday, "2026-06-02") == ["01 22:00/02 02:00"]


def test_equal_ends_are_empty() -> None:
    assert opened("Europe/London", weekly("09:00-09:00"), "2026-06-01") == []


def test_ranges_that_touch_or_overlap_are_one() -> None:
    assert opened("Europe/London", weekly("09:00-12:00", "12:00-14:00"), "2026-06-01") == [
        "01 09:00/01 14:00"
    ]
    assert opened("Europe/London", weekly("09:00-12:00", "10:00-11:00"), "2026-06-01") == [
        "01 09:00/01 12:00"
    ]


def test_an_override_replaces_the_hours_of_its_date_and_several_are_several_ranges() -> None:
    on = date(2026, 6, 1)
    overrides = DateOverride(on, 600, 660), DateOverride(on, 720, 780)
    assert opened("Europe/London", weekly("09:00-17:00"), "2026-06-01", *overrides) == [
        "01 10:00/01 11:00",
        "01 12:00/01 13:00",
    ]


def test_blocked_wins_over_other_hours_of_the_date() -> None:
    on = date(2026, 6, 1)
    overrides = DateOverride(on, 600, 660), DateOverride(on)
    assert opened("Europe/London", weekly("09:00-17:00"), "2026-06-01", *overrides) == []


def test_a_range_that_runs_into_a_blocked_date_belongs_to_the_day_before() -> None:
    blocked = DateOverride(date(2026, 6, 2))
    assert opened("Europe/London", weekly("22:00-02:00"), "2026-06-02", blocked) == [
        "01 22:00/02 02:00"
    ]


def test_every_date_of_a_mentor_who_never_closes_begins_its_own_grid() -> None:
    start, end = at("2026-03-28T12:00Z"), at("2026-03-30T12:00Z")
    (always,) = hours.open_ranges(LONDON, weekly("00:00-24:00"), start=start, end=end)
    inside = [shown(anchor) for anchor in always.anchors if start <= anchor < end]
    assert inside == ["29 00:00", "30 00:00"]


def test_a_range_that_crosses_midnight_alone_keeps_its_grid() -> None:
    monday = [WeeklyRange(0, parse_time("22:10"), parse_time("02:00"))]
    window = at("2026-06-01T00:00Z"), at("2026-06-03T00:00Z")
    ranges = hours.open_ranges(LONDON, monday, start=window[0], end=window[1])
    assert anchors(ranges) == [["01 22:10"]]


def test_a_range_that_runs_into_the_next_dates_hours_gives_that_date_its_own_grid() -> None:
    both = [WeeklyRange(0, 22 * 60 + 10, 120), WeeklyRange(1, 60, 300)]
    window = at("2026-06-02T03:00Z"), at("2026-06-02T03:30Z")
    ranges = hours.open_ranges(LONDON, both, start=window[0], end=window[1])
    assert anchors(ranges) == [["01 22:10", "02 00:00"]]


@given(
    st.lists(st.builds(WeeklyRange, st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1440))),
    st.integers(at("2026-03-20T00:00Z"), at("2026-04-10T00:00Z")),
    st.integers(1, 3 * 86400),
)
def test_a_narrow_window_sees_what_a_wide_one_sees(
    ranges: list[WeeklyRange], start: int, length: int
) -> None:
    end = start + length

    def inside(wide: int) -> list[tuple[int, int, list[int]]]:
        found = hours.open_ranges(LONDON, ranges, start=start - wide, end=end + wide)
        return [
            (max(each.start, start), min(each.end, end), _anchors_for(each, start, end))
            for each in found
            if each.end > start and each.start < end
        ]

    assert inside(0) == inside(12 * 86400)


def _anchors_for(opening: hours.OpenRange, start: int, end: int) -> list[int]:
    """The anchors of the grids that a start in the window can be on."""
    ends = (*opening.anchors[1:], opening.end)
    grids = zip(opening.anchors, ends, strict=True)
    return [anchor for anchor, until in grids if until > start and anchor < end]


def test_times_are_read_and_written_as_hours_and_minutes() -> None:
    assert [parse_time(text) for text in ("00:00", "09:05", "23:59", "24:00")] == [
        0,
        545,
        1439,
        DAY,
    ]
    assert [hours.format_time(minute) for minute in (0, 545, 1439, DAY)] == [
        "00:00",
        "09:05",
        "23:59",
        "24:00",
    ]


@pytest.mark.parametrize(
    "garbage",
    ["", "9:00", "24:01", "25:00", "09:60", "09:00:00", " 09:00", "09:00\n", "٠٩:٠٠", "-1:00"],
)
def test_anything_else_is_not_a_time(garbage: str) -> None:
    with pytest.raises(ValueError, match="is not a time from 00:00 to 24:00"):
        parse_time(garbage)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([(0, 540, 720), (0, 720, 900), (1, 540, 720)], []),
        ([(0, 540, 540)], [Mistake(0, "equal_ends")]),
        ([(7, 540, 600), (0, -1, 600), (0, 1440, 60), (0, 0, 1441)], [
            Mistake(row, "out_of_range") for row in range(4)
        ]),
        ([(0, 540, 720), (0, 700, 900)], [Mistake(1, "overlap", 0)]),
        ([(0, 540, 900), (0, 600, 660), (0, 700, 760)], [
            Mistake(1, "overlap", 0), Mistake(2, "overlap", 0)
        ]),
        ([(0, 60, 180), (6, 1320, 120)], [Mistake(1, "overlap", 0)]),
        ([(0, 120, 180), (6, 1320, 120)], []),
    ],
)  # fmt: skip
def test_mistakes_in_weekly_hours_are_named_by_their_row(
    ranges: list[tuple[int, int, int]], expected: list[Mistake]
) -> None:
    assert hours.weekly_mistakes([WeeklyRange(*each) for each in ranges]) == expected


def test_mistakes_in_overrides_are_named_by_their_row() -> None:
    first, second = date(2026, 6, 1), date(2026, 6, 2)
    overrides = [
        DateOverride(first, 1320, 120),
        DateOverride(second, 60, 180),
        DateOverride(second, 300, 300),
        DateOverride(second),
        DateOverride(second, 0, 1500),
    ]
    assert hours.override_mistakes(overrides) == [
        Mistake(1, "overlap", 0),
        Mistake(2, "equal_ends"),
        Mistake(4, "out_of_range"),
    ]


@given(
    st.sampled_from(["Europe/London", "Asia/Kolkata", "America/Sao_Paulo"]), st.integers(0, 2**32)
)
def test_an_instant_lies_on_the_date_its_zone_shows(zone: str, instant: int) -> None:
    where = ZoneInfo(zone)
    assert (
        hours.local_date(where, instant)
        == datetime.fromtimestamp(instant, UTC).astimezone(where).date()
    )
