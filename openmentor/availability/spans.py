"""Arithmetic of stretches of time: joining them, cutting holes into them, asking what lies where.

An instant is a whole number of seconds since the epoch, in UTC. A span is half-open: it holds its
start and not its end, so two spans that touch share nothing. A span whose end is not after its
start is empty: it holds nothing and overlaps nothing. Lists may come in any order; every list that
comes back is sorted and its spans neither touch nor overlap.
"""

from collections.abc import Iterable

type Instant = int
type Span = tuple[Instant, Instant]


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time as `spans`, as few spans as possible."""
    merged: list[Span] = []
    latest_end: Instant | None = None
    for start, end in sorted(spans):
        if start >= end:
            continue
        if latest_end is None or start > latest_end:
            merged.append((start, end))
            latest_end = end
        elif end > latest_end:
            merged[-1] = (merged[-1][0], end)
            latest_end = end
    return merged


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """The time of `spans` that is in none of the `holes`."""
    cuts = merge(holes)
    left: list[Span] = []
    first = 0
    for start, end in merge(spans):
        reached = start
        while first < len(cuts) and cuts[first][1] <= start:
            first += 1
        for position in range(first, len(cuts)):
            if cuts[position][0] >= end:
                break
            left.append((reached, cuts[position][0]))
            reached = cuts[position][1]
        left.append((reached, end))
    return [span for span in left if span[0] < span[1]]


def clip(spans: Iterable[Span], within: Span) -> list[Span]:
    """The time of `spans` that is inside `within`."""
    floor, ceiling = within
    return merge((max(start, floor), min(end, ceiling)) for start, end in spans)


def covers(spans: Iterable[Span], span: Span) -> bool:
    """Whether every moment of `span` is in `spans`. An empty span is covered by anything."""
    return not subtract([span], spans)


def overlaps(one: Span, other: Span) -> bool:
    """Whether the two share a moment."""
    return max(one[0], other[0]) < min(one[1], other[1])
