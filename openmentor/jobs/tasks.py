"""What runs by itself. Each task reads the clock, makes one call, and holds no rule."""

from procrastinate.contrib.django import app

from openmentor.base import clock, idempotency
from openmentor.booking import sessions


@app.task(name="complete_overdue_sessions", queueing_lock="complete_overdue_sessions")
def complete_overdue_sessions(timestamp: int) -> int:
    """Sessions that ended half an hour ago become completed; how many did."""
    return sessions.complete_overdue(now=clock.now())


@app.task(name="forget_old_answers", queueing_lock="forget_old_answers")
def forget_old_answers(timestamp: int) -> int:
    """Answers kept for idempotency keys are forgotten after a week; how many were."""
    return idempotency.forget_old(now=clock.now())


@app.task(name="tidy_the_queue", queueing_lock="tidy_the_queue", pass_context=False)
async def tidy_the_queue(timestamp: int) -> None:
    """Finished jobs are forgotten after three days; a dead worker's jobs are tried again."""
    manager = app.job_manager
    await manager.delete_old_jobs(nb_hours=72)
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
