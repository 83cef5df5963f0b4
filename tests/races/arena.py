"""Where races are run: threads that start at the same instant, and guards that can be taken away.

A race proves something only if it is lost without the guards. Taking them away happens here, in
the test's own database and process; production code knows no switch for it.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from types import ModuleType, TracebackType
from typing import Any, Self

import pytest
from django.db import connection

from openmentor.base import locks
from openmentor.base.errors import Refusal
from openmentor.mentors import calendars
from openmentor.mentors.models import Mentor

CLIENTS = 8
ROUNDS = 500 if os.environ.get("OPENMENTOR_ALL") else 40
PATIENCE = 20.0
"""Seconds that a runner waits for the others, on a machine however slow."""

type Call = Callable[[], Any]


class Track:
    """So many runners, each a thread that keeps a database connection of its own."""

    def __init__(self, runners: int = CLIENTS) -> None:
        self.runners = runners
        self._threads = ThreadPoolExecutor(runners)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.race([_hang_up] * self.runners)
        self._threads.shutdown()

    def race(self, calls: Sequence[Call]) -> list[Any]:
        """What each call gave, or the refusal it got; any other error is the test's failure."""
        start = Barrier(len(calls))
        running = [self._threads.submit(_run, call, start) for call in calls]
        return [runner.result(timeout=60) for runner in running]


def _run(call: Call, start: Barrier) -> Any:
    start.wait()
    try:
        return call()
    except Refusal as refusal:
        return refusal


def _hang_up() -> None:
    """Close the connection of the thread that calls, which `connection.close` itself is not."""
    connection.close()


def tally(outcomes: Sequence[Any]) -> Counter[str]:
    """How often each refusal came, by its code; what was no refusal counts as `won`."""
    return Counter(outcome.code if isinstance(outcome, Refusal) else "won" for outcome in outcomes)


def remove_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for anybody's calendar any more."""

    def only_read(handle: str, *, and_of: int) -> int:
        return Mentor.objects.get(handle=handle).pk

    monkeypatch.setattr(locks, "hold", lambda family, identity: None)
    monkeypatch.setattr(calendars, "hold", only_read)


def meet_after(
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    check: str,
    *,
    runners: int,
    patience: float = PATIENCE,
) -> None:
    """All runners pass this check before one of them writes.

    Where a lock keeps them apart they cannot meet; each goes on alone after `patience` seconds.
    """
    real = getattr(module, check)
    meeting = Barrier(runners)

    def checked(*given: Any, **facts: Any) -> Any:
        answer = real(*given, **facts)
        with suppress(BrokenBarrierError):
            meeting.wait(patience)
        if meeting.broken:
            meeting.reset()
        return answer

    monkeypatch.setattr(module, check, checked)


@contextmanager
def without_law(name: str) -> Iterator[None]:
    """A database without this constraint; its table is emptied before the constraint returns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = %s",
            [name],
        )
        [(table, definition)] = cursor.fetchall()
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
