"""What happened: one row per move, written in the transaction of the move itself."""

from datetime import datetime
from typing import Any

from openmentor.base.models import Event


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
    return Event.objects.create(
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


def history(subject: str, subject_id: int) -> list[Event]:
    """All that happened to one thing, oldest first."""
    return list(Event.objects.filter(subject=subject, subject_id=subject_id))
