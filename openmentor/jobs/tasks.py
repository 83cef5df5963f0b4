"""What runs by itself. Each task reads the clock, makes one call, and holds no rule."""

from procrastinate.contrib.django import app

from openmentor.base import clock, idempotency
from openmentor.booking import sessions

QUEUE_KEPT_HOURS = 72


@app.task(name="complete_overdue_sessions", queueing_lock="complete_overdue_sessions")
def complete_overdue_sessions(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Sessions that ended half an hour ago become completed."""
    sessions.complete_overdue(now=clock.now())


@app.task(name="forget_old_answers", queueing_lock="forget_old_answers")
def forget_old_answers(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Answers kept for idempotency keys are forgotten after a week."""
    idempotency.forget_old(now=clock.now())


@app.task(name="tidy_the_queue", queueing_lock="tidy_the_queue")
async def tidy_the_queue(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Finished jobs are forgotten; those of a worker that died are tried again."""
    await app.job_manager.delete_old_jobs(nb_hours=QUEUE_KEPT_HOURS)
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
