"""What is offered is what is accepted, and neither runs into anything."""

from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmentor.availability import hours
from openmentor.availability.hours import OpenRange, WeeklyRange
from openmentor.availability.spans import Span, overlaps
from openmentor.availability.starts import free_starts, nearest

MINUTE, HOUR = 60, 3600
NINE, TEN, NOON = 9 * HOUR, 10 * HOUR, 12 * HOUR
MORNING = [OpenRange(NINE, NOON, (NINE,))]


def offered(  # noqa: PLR0917 - a table of one question reads best in a row
    busy: list[Span] | None = None,
    duration: int = HOUR,
    step: int = HOUR,
    before: int = 0,
    after: int = 0,
    earliest: int = 0,
    latest: int = 24 * HOUR,
    shut: list[Span] | None = None,
) -> list[float]:
    """The free starts of a morning from nine to noon, in hours."""
    starts = free_starts(
        MORNING,
        busy=busy or [],
        duration=duration,
        step=step,
        before=before,
        after=after,
        earliest=earliest,
        latest=latest,
        shut=shut or [],
    )
    return [start / HOUR for start in starts]


def test_starts_align_to_the_beginning_of_the_range_and_sessions_end_inside_it() -> None:
    assert offered() == [9, 10, 11]
    assert offered(duration=90 * MINUTE, step=HOUR) == [9, 10]
    assert offered(duration=4 * HOUR) == []


def test_a_session_may_touch_what_is_busy() -> None:
    assert offered([(TEN, 11 * HOUR)]) == [9, 11]
    assert offered([(TEN, TEN + 1)]) == [9, 11]
    assert offered([(TEN - 1, TEN)]) == [10, 11]


def test_a_busy_time_of_no_length_is_in_nobodys_way() -> None:
    assert offered([(TEN + 1, TEN + 1)]) == [9, 10, 11]


def test_buffers_must_not_touch_what_is_busy_and_need_not_be_inside_the_range() -> None:
    assert offered([(TEN, 11 * HOUR)], before=1, after=1) == []
    assert offered(before=HOUR, after=HOUR) == [9, 10, 11]
    assert offered([(TEN, 11 * HOUR)], before=1) == [9]
    assert offered([(TEN, 11 * HOUR)], after=1) == [11]


def test_earliest_and_latest_are_both_bookable() -> None:
    assert offered(earliest=TEN, latest=TEN) == [10]
    assert offered(earliest=TEN + 1, latest=11 * HOUR - 1) == []


def test_no_session_starts_on_a_day_that_is_full() -> None:
    assert offered(shut=[(TEN, 11 * HOUR)]) == [9, 11]


def test_a_grid_goes_on_after_a_busy_time_where_it_was() -> None:
    assert offered([(NINE, NINE + 1)], duration=HOUR, step=30 * MINUTE) == [9.5, 10, 10.5, 11]


def test_each_grid_ends_where_the_next_begins() -> None:
    two_grids = [OpenRange(NINE, NOON, (NINE, TEN + 600))]
    starts = free_starts(
        two_grids, busy=[], duration=HOUR, step=40 * MINUTE, earliest=0, latest=NOON
    )
    assert starts == [NINE, NINE + 2400, TEN + 600, TEN + 3000]


@pytest.mark.parametrize("wrong", [{"duration": 0}, {"step": 0}, {"before": -1}, {"after": -1}])
def test_lengths_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        offered(**wrong)


small = st.integers(0, 200)
some_spans = st.lists(st.tuples(small, small), max_size=8)


@st.composite
def some_openings(draw: st.DrawFn) -> list[OpenRange]:
    ends = sorted(draw(st.sets(small, min_size=2, max_size=8)))
    inner = draw(st.sets(small, max_size=4))
    return [
        OpenRange(start, end, (start, *sorted(each for each in inner if start < each < end)))
        for start, end in list(pairwise(ends))[::2]
    ]


@given(
    some_openings(), some_spans, some_spans,
    st.integers(1, 40), st.integers(1, 40), st.integers(0, 20), st.integers(0, 20), small, small,
)  # fmt: skip
def test_offered_is_accepted_and_nothing_else_is(  # noqa: PLR0917 - given by position
    openings: list[OpenRange], busy: list[Span], shut: list[Span],
    duration: int, step: int, before: int, after: int, earliest: int, latest: int,
) -> None:  # fmt: skip
    def free(earliest: int, latest: int) -> list[int]:
        return free_starts(
            openings, busy=busy, duration=duration, step=step,
            before=before, after=after, earliest=earliest, latest=latest, shut=shut,
        )  # fmt: skip

    def accepted(start: int) -> bool:
        return free(max(start, earliest), min(start, latest)) == [start]

    def right(start: int) -> bool:
        wide = start - before, start + duration + after
        return (
            any(_is_on_grid(each, start, duration, step) for each in openings)
            and not any(overlaps(each, wide) for each in busy)
            and not any(first <= start < last for first, last in shut)
            and earliest <= start <= latest
        )

    starts = free(earliest, latest)
    moments = range(-20, 221)
    assert starts == [moment for moment in moments if accepted(moment)]
    assert starts == [moment for moment in moments if right(moment)]


def _is_on_grid(opening: OpenRange, start: int, duration: int, step: int) -> bool:
    if not opening.start <= start <= start + duration <= opening.end:
        return False
    return (start - max(each for each in opening.anchors if each <= start)) % step == 0


@given(st.sets(small, max_size=12), small, st.integers(0, 5))
def test_the_nearest_starts_are_those_with_the_least_distance(
    some: set[int], wanted: int, count: int
) -> None:
    starts = sorted(some)
    by_distance = sorted(starts, key=lambda start: (abs(start - wanted), start))
    assert nearest(starts, wanted, count=count) == sorted(by_distance[:count])


@given(st.integers(0, 14 * 86400), st.sampled_from(["Europe/London", "Australia/Lord_Howe"]))
def test_a_check_with_a_narrow_window_agrees_with_the_list(offset: int, name: str) -> None:
    zone = ZoneInfo(name)
    weekly = [WeeklyRange(day, 20 * 60, 3 * 60) for day in range(7)]
    weekly += [WeeklyRange(2, 0, 24 * 60)]
    facts: dict[str, Any] = {"duration": 50 * MINUTE, "step": 25 * MINUTE, "busy": []}
    begin, end = 1774224000, 1774224000 + 14 * 86400  # 23 March 2026, two weeks
    openings = hours.open_ranges(zone, weekly, start=begin, end=end + HOUR)
    listed = free_starts(openings, earliest=begin, latest=end, **facts)
    wanted = begin + offset // 300 * 300
    narrow = hours.open_ranges(zone, weekly, start=wanted, end=wanted + 50 * MINUTE)
    answer = free_starts(narrow, earliest=wanted, latest=wanted, **facts)
    assert answer == [start for start in listed if start == wanted]
