"""What happened: one row per move, written in the transaction of the move itself."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from openmentor.base import locks, rows
from openmentor.base.models import Event

log = structlog.get_logger(__name__)


def record(
    name: str,
    *,
    subject: str,
    subject_id: int,
    actor_id: int | None,
    at: datetime,
    from_state: str = "",
    to_state: str = "",
    why: str = "",
    **data: Any,
) -> Event:
    """Write that `name` (past tense, such as `session.scheduled`) happened to the subject.

    `actor_id` is the person who did it, or None when OpenMentor did it by itself.
    """
    event = Event(
        name=name,
        subject=subject,
        subject_id=subject_id,
        actor_id=actor_id,
        at=at,
        from_state=from_state,
        to_state=to_state,
        why=why,
        data=data,
    )
    return rows.insert(event)


def record_all(happened: Sequence[Event]) -> None:
    """Write several things that happened, in their order, in one statement."""
    rows.insert_all(happened)


def history(subject: str, subject_id: int) -> list[Event]:
    """All that happened to one thing, oldest first."""
    return list(Event.objects.filter(subject=subject, subject_id=subject_id))


def hear(listen: Callable[[Event], None], *, most: int = 200) -> int:
    """Tell `listen` of the events that nobody has heard yet, oldest first; how many it took.

    What it writes and the mark that the event is heard are one transaction, and only one worker
    listens at a time, so each event is heard once and in order. An event that it cannot take
    (logged) stays for the next time and keeps no other waiting.
    """
    with transaction.atomic():
        if not locks.take(locks.LISTENING, 0):
            return 0
        fresh = Event.objects.filter(heard=False).order_by("pk")[:most]
        heard = [event.pk for event in fresh if _taken(listen, event)]
        return Event.objects.filter(pk__in=heard).update(heard=True)


def _taken(listen: Callable[[Event], None], event: Event) -> bool:
    try:
        with transaction.atomic():
            listen(event)
    except Exception:
        log.exception("event_not_heard", event_id=event.pk, name=event.name)
        return False
    return True
