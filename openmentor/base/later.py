"""Work for afterwards: a job written in the transaction that causes it, void if that fails."""

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
