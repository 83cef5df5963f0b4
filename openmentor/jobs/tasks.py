"""What runs by itself. Each task reads the clock, makes one call, and holds no rule."""

from procrastinate.contrib.django import app

from openmentor.base import clock, idempotency, later
from openmentor.booking import (
    audit,
    checkout,
    claims,
    minimums,
    open_requests,
    places,
    requests,
    seat_line,
    sessions,
    settlement,
)
from openmentor.delivery import meetings, messages, wiring
from openmentor.delivery.post import Office
from openmentor.mentorships import renewals
from openmentor.payments import refunds
from openmentor.people import people

QUEUE_KEPT_HOURS = 72
ASKS_OUTSIDE = -10
"""The priority of what may have to wait for a provider: holds end on time all the same."""


@app.task(name="complete_overdue_sessions", queueing_lock="complete_overdue_sessions")
def complete_overdue_sessions(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Sessions that ended half an hour ago become completed."""
    sessions.complete_overdue(now=clock.now())


@app.task(name="forget_old_answers", queueing_lock="forget_old_answers")
def forget_old_answers(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Answers kept for idempotency keys are forgotten after a week."""
    idempotency.forget_old(now=clock.now())


@app.task(name="forget_old_sign_ins", queueing_lock="forget_old_sign_ins")
def forget_old_sign_ins(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Sign-ins and counts of tries are forgotten when their time is over."""
    people.forget_old(now=clock.now())


@app.task(name="tidy_the_queue", queueing_lock="tidy_the_queue")
async def tidy_the_queue(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Finished jobs are forgotten; those of a worker that died are tried again."""
    await app.job_manager.delete_old_jobs(nb_hours=QUEUE_KEPT_HOURS)
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.task(name="expire_holds", queueing_lock="expire_holds")
def expire_holds(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Times that were held and not paid are free again."""
    settlement.expire_due(now=clock.now())


@app.task(name="offers_expire_due", queueing_lock="offers_expire_due")
def offers_expire_due(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Places that were offered and not taken are offered to the next in line."""
    places.lapse_offers_due(now=clock.now())


@app.task(name="judge_minimums", queueing_lock="judge_minimums")
def judge_minimums(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Group sessions that too few joined are cancelled a day before."""
    minimums.judge_due(now=clock.now())


@app.task(name="expire_requests", queueing_lock="expire_requests")
def expire_requests(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Requests that the mentor did not answer in time are over."""
    requests.expire_due(now=clock.now())


@app.task(name="remind_of_requests", queueing_lock="remind_of_requests")
def remind_of_requests(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Mentors are reminded of requests that wait for a day already."""
    requests.remind_due(now=clock.now())


@app.task(name="tend_the_board", queueing_lock="tend_the_board")
def tend_the_board(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Claims that ran out are open again; what nobody can schedule any more expires."""
    claims.lapse_due(now=clock.now())
    open_requests.expire_due(now=clock.now())


@app.task(name="tend_mentorships", queueing_lock="tend_mentorships")
def tend_mentorships(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Packs expire, seats end their grace and go to who waits, renewals are reminded of."""
    now = clock.now()
    renewals.tend(now=now)
    seat_line.tend_due(now=now)


@app.task(name="reconcile_orders", queueing_lock="reconcile_orders", priority=ASKS_OUTSIDE)
def reconcile_orders(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """The providers are asked about orders whose end we have not heard."""
    checkout.reconcile_due(now=clock.now())


@app.task(
    name="carry_out_due_refunds", queueing_lock="carry_out_due_refunds", priority=ASKS_OUTSIDE
)
def carry_out_due_refunds(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Refunds whose outcome is not final are read, or tried again."""
    refunds.carry_out_due(now=clock.now())


@app.task(name="check_the_books", queueing_lock="check_the_books")
def check_the_books(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Ledger, orders, payments, refunds and bookings are held against each other."""
    audit.check(now=clock.now())


@app.task(name=refunds.TASK, priority=ASKS_OUTSIDE)
def carry_out_refund(refund_id: int) -> None:
    """A refund that was just promised is paid back."""
    refunds.carry_out(refund_id, now=clock.now())


@app.task(name=settlement.CLOSE, priority=ASKS_OUTSIDE)
def close_order(order_id: int) -> None:
    """The provider takes no more money for an order that is over."""
    checkout.close(order_id)


@app.task(name="react_to_events", queueing_lock="react_to_events")
def react_to_events(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """What follows from what happened: messages, notifications, reminders, rooms."""
    if wiring.react(now=clock.now()):
        later.do(messages.TASK, once=messages.TASK)


@app.task(name=messages.TASK, queueing_lock=messages.TASK)
def send_messages(timestamp: int = 0) -> None:  # noqa: ARG001 - when the timetable meant it
    """Messages that are due are sent, reminders among them."""
    with Office() as office:
        while messages.send_next(office, now=clock.now()):
            pass


@app.task(name=meetings.TASK)
def make_meeting(session_id: int) -> None:
    """The room of a session that was just confirmed or moved is made."""
    meetings.make(session_id, now=clock.now())


@app.task(name="make_due_meetings", queueing_lock="make_due_meetings")
def make_due_meetings(timestamp: int) -> None:  # noqa: ARG001 - when the timetable meant it
    """Rooms that could not be made are tried again."""
    meetings.make_due(now=clock.now())
