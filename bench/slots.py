"""How long it takes to work out sixty days of free starts for a busy mentor, without a database."""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from openmentor.availability import hours, spans, starts

BUDGET_MS = 0.4
MINUTE, DAY = 60, 86400

LONDON = ZoneInfo("Europe/London")
WEEKLY = [hours.WeeklyRange(weekday, 9 * 60, 17 * 60) for weekday in range(5)]
FIRST = int(datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp())
LAST = FIRST + 60 * DAY


def sessions() -> list[spans.Span]:
    """150 half-hour sessions, five or so a weekday, each widened by ten minutes on either side."""
    booked = []
    for opening in hours.open_ranges(LONDON, WEEKLY, start=FIRST, end=LAST):
        for position in (1, 4, 7, 11):
            start = opening.start + position * 30 * MINUTE
            booked.append((start - 10 * MINUTE, start + 40 * MINUTE))
    return booked[:150]


def free(busy: list[spans.Span], *, earliest: int, latest: int) -> list[int]:
    """From weekly rules to free starts, nothing remembered."""
    return starts.free_starts(
        hours.open_ranges(LONDON, WEEKLY, start=earliest, end=latest + 30 * MINUTE),
        busy=busy,
        duration=30 * MINUTE,
        step=30 * MINUTE,
        before=10 * MINUTE,
        after=10 * MINUTE,
        earliest=earliest,
        latest=latest,
    )


def main() -> int:
    """Print the figures; 1 if the list of slots is over its budget."""
    busy = sessions()
    offered = free(busy, earliest=FIRST, latest=LAST)
    around = [span for span in busy if abs(span[0] - offered[0]) < DAY]
    listing = _milliseconds(lambda: free(busy, earliest=FIRST, latest=LAST))
    checking = _milliseconds(lambda: free(around, earliest=offered[0], latest=offered[0]))
    print(f"60 days, {len(busy)} sessions, {len(offered)} free starts: {listing:.3f} ms "
          f"(budget {BUDGET_MS} ms)")  # fmt: skip
    print(f"one start checked, {len(around)} sessions near it: {checking:.3f} ms")
    return int(listing > BUDGET_MS)


def _milliseconds(work: Callable[[], object], *, rounds: int = 2000) -> float:
    """The median of many rounds."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


if __name__ == "__main__":
    sys.exit(main())
