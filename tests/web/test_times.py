"""How times are put into words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openmentor.delivery import times

LONDON = ZoneInfo("Europe/London")
KOLKATA = ZoneInfo("Asia/Kolkata")
CHATHAM = ZoneInfo("Pacific/Chatham")
NEW_YORK = ZoneInfo("America/New_York")
AT = datetime(2026, 11, 24, 18, 50, tzinfo=UTC)
UNTIL = AT + timedelta(minutes=45)


def test_a_time_is_read_on_the_readers_clock() -> None:
    assert times.shown(AT, until=UNTIL, zone=LONDON) == times.Shown(
        iso="2026-11-24T18:50:00Z",
        date="Tuesday 24 November 2026",
        short_date="Tue 24 Nov",
        time="18:50–19:35",
        zone="Europe/London",
        abbreviation="GMT",
    )


def test_the_other_side_may_be_in_the_next_day() -> None:
    shown = times.shown(AT, until=UNTIL, zone=LONDON, other=KOLKATA)
    assert shown.other == times.OtherSide(
        time="00:20–01:05", zone="Asia/Kolkata (IST)", note="next day"
    )


def test_the_other_side_may_be_in_the_day_before() -> None:
    shown = times.shown(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), zone=LONDON, other=NEW_YORK)
    assert shown.other == times.OtherSide(
        time="21:00", zone="America/New York (EST)", note="day before"
    )


def test_the_other_side_on_the_same_day_needs_no_note() -> None:
    shown = times.shown(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), zone=LONDON, other=KOLKATA)
    assert shown.other == times.OtherSide(time="14:30", zone="Asia/Kolkata (IST)", note="")


def test_two_sides_on_the_same_clock_see_one_time() -> None:
    assert times.shown(AT, zone=LONDON, other=ZoneInfo("UTC")).other is None


def test_summer_separates_what_winter_joins() -> None:
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    shown = times.shown(summer, zone=LONDON, other=ZoneInfo("UTC"))
    assert (shown.time, shown.abbreviation) == ("13:00", "BST")
    assert shown.other == times.OtherSide(time="12:00", zone="UTC (UTC)", note="")


def test_a_range_over_midnight_says_so() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    shown = times.shown(late, until=late + timedelta(hours=1), zone=LONDON)
    assert shown.time == "23:30–00:30 (next day)"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (CHATHAM, "UTC+13:45"),
        (ZoneInfo("America/Sao_Paulo"), "UTC−3"),
        (ZoneInfo("UTC"), "UTC"),
        (NEW_YORK, "EST"),
    ],
    ids=str,
)
def test_a_zone_without_letters_is_named_by_its_distance(zone: ZoneInfo, name: str) -> None:
    assert times.abbreviation(AT, zone=zone) == name


def test_the_clock_change_is_in_the_name() -> None:
    before, after = (
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    )
    names = [times.abbreviation(at, zone=LONDON) for at in (before, after)]
    assert names == ["GMT", "BST"]


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(minutes=-5), "5 minutes ago"),
    ],
    ids=str,
)
def test_a_distance_is_told_in_words(later: timedelta, words: str) -> None:
    assert times.distance(AT + later, now=AT) == words
