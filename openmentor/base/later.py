"""Work for afterwards: a job written in the transaction that causes it, void if that fails."""

from collections.abc import Callable, Iterable

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def do(task: str, *, once: str | None = None, **arguments: int | str) -> None:
    """Have a worker carry out the task of this name soon.

    With `once`, a job of the same key that still waits is enough.
    """
    job = app.configure_task(task, queueing_lock=once)
    try:
        job.defer(**arguments)
    except AlreadyEnqueued:
        return


def each[Due, Done](dues: Iterable[Due], act: Callable[[Due], Done]) -> list[Done]:
    """What acting on each gave. One that breaks keeps no other waiting; the errors come last."""
    done, errors = [], []
    for due in dues:
        try:
            done.append(act(due))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one has its turn
            errors.append(error)
    if errors:
        raise ExceptionGroup("Some of what was due broke.", errors)
    return done
