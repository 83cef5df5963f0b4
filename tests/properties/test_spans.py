"""Spans against `portion`, a library that knows intervals."""

import portion
from hypothesis import given
from hypothesis import strategies as st

from openmentor.availability import spans
from openmentor.availability.spans import Span

instants = st.integers(-30, 30)
any_span = st.tuples(instants, instants)
any_spans = st.lists(any_span, max_size=12)


def as_portion(some: list[Span]) -> portion.Interval:
    return portion.Interval(*(portion.closedopen(start, end) for start, end in some))


def as_spans(interval: portion.Interval) -> list[Span]:
    return [(each.lower, each.upper) for each in interval if not each.empty]


@given(any_spans)
def test_merging_keeps_the_same_time_in_as_few_spans_as_possible(some: list[Span]) -> None:
    assert spans.merge(some) == as_spans(as_portion(some))


@given(any_spans, any_spans)
def test_subtracting_leaves_what_is_in_no_hole(some: list[Span], holes: list[Span]) -> None:
    assert spans.subtract(some, holes) == as_spans(as_portion(some) - as_portion(holes))


@given(any_spans, any_span)
def test_clipping_keeps_what_is_inside(some: list[Span], within: Span) -> None:
    assert spans.clip(some, within) == as_spans(as_portion(some) & as_portion([within]))


@given(any_spans, any_span)
def test_spans_cover_a_span_if_no_moment_of_it_is_missing(some: list[Span], span: Span) -> None:
    assert spans.covers(some, span) == (as_portion([span]) in as_portion(some))


@given(any_span, any_span)
def test_two_spans_overlap_if_they_share_a_moment(one: Span, other: Span) -> None:
    assert spans.overlaps(one, other) == (not (as_portion([one]) & as_portion([other])).empty)


def test_spans_that_touch_merge_but_do_not_overlap() -> None:
    assert spans.merge([(5, 9), (1, 5)]) == [(1, 9)]
    assert not spans.overlaps((1, 5), (5, 9))
