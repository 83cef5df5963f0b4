"""Sessions that need some participants: a day before the start it is decided whether they are."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from openmentor.base import locks
from openmentor.booking import places, sessions
from openmentor.booking.models import Booking, Group, Session
from openmentor.booking.permits import Side

TOO_FEW = "There were not enough participants."


def judge_due(*, now: datetime, most: int = 100) -> int:
    """Cancel every session whose minimum is due and not reached; how many.

    Everybody is refunded. Each is judged once, unless a place that may still be paid decides:
    then when its hold has ended.
    """
    due = Group.objects.filter(minimum_due_at__lte=now).order_by("minimum_due_at")
    return sum(_judge(key, now=now) for key in due.values_list("pk", flat=True)[:most])


@transaction.atomic
def _judge(session_id: int, *, now: datetime) -> bool:
    mentor_id = Session.objects.values_list("mentor_id", flat=True).get(pk=session_id)
    locks.hold(locks.MENTOR_CALENDAR, mentor_id)
    session = places.locked(session_id)
    group = Group.objects.get(pk=session_id)
    if group.minimum_due_at is None or group.minimum_due_at > now:
        return False
    live = session.bookings.filter(status__in=Booking.LIVE)
    confirmed = live.filter(status=Booking.Status.CONFIRMED).count()
    minimum = group.min_participants or 0
    is_enough = confirmed >= minimum or session.status not in Session.TAKING_TIME
    group.minimum_due_at = None
    if not is_enough and live.count() >= minimum:
        group.minimum_due_at = live.aggregate(last=Max("hold_until"))["last"]
    group.save(update_fields=["minimum_due_at"])
    if is_enough or group.minimum_due_at is not None or now >= session.starts_at:
        return False
    sessions.call_off(session, Side.SYSTEM, by=None, why=TOO_FEW, now=now)
    return True
