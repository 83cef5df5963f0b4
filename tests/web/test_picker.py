"""The month of days and the times of one, on the reader's calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from openmentor.booking.diary import instant
from openmentor.web import picker

LONDON, CHATHAM = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Chatham")
NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
BOUNDS = (instant(datetime(2026, 3, 3, tzinfo=UTC)), instant(datetime(2026, 5, 1, tzinfo=UTC)))


def shown(*starts: datetime, zone: ZoneInfo = LONDON, **asked: str) -> picker.Picker:
    free = sorted(instant(start) for start in starts)
    return picker.picked(free, bounds=BOUNDS, zone=zone, now=NOW, **asked)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def free_days(page: picker.Picker) -> dict[int, int]:
    """The days of the month that can be chosen, with how many times they have."""
    cells = (day for week in page.weeks for day in week if day)
    return {day.on.day: day.times for day in cells if day.times}


def test_a_month_counts_the_times_of_each_day() -> None:
    page = shown(utc(3, 3, 9), utc(3, 3, 10), utc(3, 5, 9), utc(4, 1, 9))
    assert (page.title, free_days(page)) == ("March 2026", {3: 2, 5: 1})


def test_days_are_days_where_the_reader_is() -> None:
    late = utc(3, 3, 11)
    assert free_days(shown(late)) == {3: 1}
    assert free_days(shown(late, zone=CHATHAM)) == {4: 1}


def test_weeks_run_from_monday_to_sunday() -> None:
    weeks = shown(utc(3, 3, 9)).weeks
    assert [day and day.on.day for day in weeks[0]] == [None] * 6 + [1]
    assert [day and day.on.day for day in weeks[-1]] == [30, 31] + [None] * 5


def test_a_day_is_read_out_with_its_times() -> None:
    weeks = shown(utc(3, 3, 9), utc(3, 3, 10), utc(3, 4, 9)).weeks
    labels = [day.label for day in weeks[1] if day][:4]
    assert labels == [
        "Monday 2 March, no times",
        "Tuesday 3 March, 2 times",
        "Wednesday 4 March, 1 time",
        "Thursday 5 March, no times",
    ]


def test_months_turn_within_the_bounds() -> None:
    first = shown(utc(3, 3, 9))
    last = shown(utc(3, 3, 9), month="2026-05")
    assert (first.previous, first.next) == (None, date(2026, 4, 1))
    assert (last.previous, last.next) == (date(2026, 4, 1), None)


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2026-04", "April 2026"),
        ("1999-01", "March 2026"),
        ("9999-12", "May 2026"),
        ("soon", "March 2026"),
        ("2026-13", "March 2026"),
    ],
)
def test_a_month_that_cannot_be_shown_becomes_the_nearest(month: str, expected: str) -> None:
    assert shown(utc(3, 3, 9), month=month).title == expected


@pytest.mark.parametrize("day", ["2026-02-30", "9999-12-31", "0001-01-01", "2026-3-3", "x"])
def test_a_day_that_cannot_be_shown_is_not_chosen(day: str) -> None:
    assert shown(utc(3, 3, 9), day=day).day is None


def test_the_first_free_month_opens_first() -> None:
    assert shown(utc(4, 20, 9)).title == "April 2026"


def test_a_chosen_day_lists_its_times() -> None:
    page = shown(utc(3, 3, 9), utc(3, 3, 10), utc(3, 4, 9), day="2026-03-03")
    assert [time.stamp for time in page.times] == ["2026-03-03T09:00:00Z", "2026-03-03T10:00:00Z"]
    assert (page.day_title, page.announcement) == ("Tuesday 3 March", "Tuesday 3 March, 2 times")


def test_an_empty_month_offers_the_next_free_day() -> None:
    page = shown(utc(3, 3, 9), utc(5, 1, 9), month="2026-04")
    assert (page.jump, page.free_days) == (date(2026, 5, 1), 0)


def test_a_day_without_times_offers_the_next_free_day_or_the_last_one() -> None:
    assert shown(utc(3, 3, 9), utc(3, 9, 9), day="2026-03-04").jump == date(2026, 3, 9)
    assert shown(utc(3, 3, 9), day="2026-03-04").jump == date(2026, 3, 3)


def test_a_free_day_offers_no_other() -> None:
    assert shown(utc(3, 3, 9), day="2026-03-03").jump is None


def test_nothing_free_is_a_month_without_a_way_out() -> None:
    page = shown()
    assert (page.title, page.free_days, page.jump) == ("March 2026", 0, None)


def test_an_hour_that_happens_twice_is_told_apart() -> None:
    bounds = (instant(utc(10, 1, 0)), instant(utc(10, 30, 0)))
    starts = [utc(10, 25, 0, 30), utc(10, 25, 1, 30), utc(10, 25, 2, 30)]
    page = picker.picked(
        [instant(start) for start in starts], bounds=bounds, zone=LONDON, now=NOW, day="2026-10-25"
    )
    assert [time.is_ambiguous for time in page.times] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-03T04:30:00Z", utc(3, 3, 4, 30)),
        ("2026-03-03T04:30Z", utc(3, 3, 4, 30)),
        ("2026-03-03T04:30:00", None),
        ("2026-02-30T04:30:00Z", None),
        ("", None),
    ],
)
def test_instants_are_read_strictly(text: str, expected: datetime | None) -> None:
    assert picker.instant_of(text) == expected
