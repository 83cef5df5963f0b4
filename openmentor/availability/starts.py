"""The moments at which a session can begin: what is offered, and so what is accepted.

The list of slots and the check of a single booking are this one function. To check a start, make
it both `earliest` and `latest`: the answer is that start alone, or nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from openmentor.availability.hours import OpenRange
from openmentor.availability.spans import Instant, Span, merge


def free_starts(
    open_ranges: Iterable[OpenRange],
    *,
    busy: Iterable[Span],
    duration: int,
    step: int,
    before: int = 0,
    after: int = 0,
    earliest: Instant,
    latest: Instant,
    shut: Iterable[Span] = (),
) -> list[Instant]:
    """Every start on the grid whose session fits, in order.

    Lengths are seconds. The session `[start, start + duration)` lies inside one open range; with
    its buffers, `[start - before, start + duration + after)`, it overlaps no busy span (spans of
    other sessions come already widened by their own buffers); it starts at or after `earliest`,
    at or before `latest`, and in none of the `shut` spans (days that are full).

    `open_ranges` are as `hours.open_ranges` gives them, for a window that reaches from `earliest`
    to `latest + duration`. ValueError if `duration` or `step` is not positive or a buffer is
    negative.
    """
    if duration <= 0 or step <= 0 or before < 0 or after < 0:
        raise ValueError("duration and step must be positive, buffers must not be negative")
    taken = _forbidden(busy, shut, ahead=duration + after, behind=before)
    starts: list[Instant] = []
    position = 0
    for anchor, until in _grids(open_ranges, duration, latest):
        start = anchor if anchor >= earliest else _at_or_after(earliest, anchor, step)
        while start < until:
            while position < len(taken) and taken[position][1] <= start:
                position += 1
            if position == len(taken) or taken[position][0] >= until:
                starts.extend(range(start, until, step))
                break
            starts.extend(range(start, taken[position][0], step))
            start = _at_or_after(taken[position][1], anchor, step)
    return starts


def nearest(starts: list[Instant], wanted: Instant, *, count: int = 3) -> list[Instant]:
    """The `count` starts nearest to `wanted`, in order of time; of two as near, the earlier.

    `starts` are sorted, as `free_starts` gives them.
    """
    low = high = bisect_left(starts, wanted)
    while high - low < count and (low > 0 or high < len(starts)):
        if high == len(starts) or (low > 0 and wanted - starts[low - 1] <= starts[high] - wanted):
            low -= 1
        else:
            high += 1
    return starts[low:high]


def _forbidden(
    busy: Iterable[Span], shut: Iterable[Span], *, ahead: int, behind: int
) -> list[Span]:
    """The spans in which no session may start, because it would run into something or is shut.

    A start exactly `ahead` seconds before a busy span only touches it, hence the one second.
    """
    ruled_out = [(start - ahead + 1, end + behind) for start, end in busy if start < end]
    ruled_out.extend(shut)
    return merge(ruled_out)


def _grids(
    open_ranges: Iterable[OpenRange], duration: int, latest: Instant
) -> Iterator[tuple[Instant, Instant]]:
    """Each grid as its first start and the moment from which nothing may start on it any more."""
    for opening in open_ranges:
        last = min(opening.end - duration, latest)
        if last < opening.start:
            continue
        anchors = opening.anchors
        for anchor, following in zip(anchors, (*anchors[1:], last + 1), strict=True):
            yield anchor, min(following, last + 1)


def _at_or_after(instant: Instant, anchor: Instant, step: int) -> Instant:
    """The first moment of the grid from `anchor` that is not before `instant`."""
    return anchor - (anchor - instant) // step * step
