"""Staff sends a message once more."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from openmentor.base import events
from openmentor.base.errors import NotFound, NotPossible, Refusal
from openmentor.delivery.models import Message
from openmentor.people.models import Person


def send_all_again(references: Iterable[str], *, by: Person, now: datetime) -> dict[str, str]:
    """Send each again that can be; the others, with the reason why not."""
    refused = {}
    for reference in references:
        try:
            send_again(reference, by=by, now=now)
        except Refusal as refusal:
            refused[reference] = refusal.detail
    return refused


@transaction.atomic
def send_again(reference: str, *, by: Person, now: datetime) -> Message:
    """The same words once more, as a message of its own; what failed is written anew.

    Refuses `not_found`, and `not_possible` for what is queued, is not true any more, or reminds
    of a session that has begun.
    """
    message = Message.objects.select_for_update().filter(reference=reference).first()
    if message is None:
        raise NotFound("There is no such message.")
    if message.state == Message.State.QUEUED:
        raise NotPossible("This message is still to be sent.")
    if message.state == Message.State.DROPPED:
        raise NotPossible(f"This message was not sent on purpose: {message.trouble}")
    if message.starts_at and message.starts_at <= now:
        raise NotPossible("The session has begun.")
    if message.state == Message.State.SENT:
        message = _copy(message)
    message.state, message.tries, message.trouble = Message.State.QUEUED, 0, ""
    message.due_at = message.try_at = now
    message.save()
    events.record(
        "message.sent_again", subject="message", subject_id=message.pk, actor_id=by.pk, at=now
    )
    return message


def _copy(message: Message) -> Message:
    """The same words with a Message-ID of their own; not yet saved."""
    of_what = {name: getattr(message, name) for name in ("kind", "person", "event", "session")}
    of_what["starts_at"] = message.starts_at
    words = {name: getattr(message, name) for name in ("subject", "text", "html", "calendar")}
    return Message(copy=Message.objects.filter(**of_what).count(), **of_what, **words)
