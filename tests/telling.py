"""The worker's rounds, run by hand at a moment that a test chooses, and the mails they sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core import mail

from openmentor.delivery import messages, wiring
from openmentor.delivery.models import Message
from openmentor.delivery.post import Office
from openmentor.people.models import Person


def tell(now: datetime) -> list[Message]:
    """React to what happened and send what is due; the messages that were sent, in order."""
    while wiring.react(now=now):
        pass
    return send(now)


def send(now: datetime) -> list[Message]:
    """Send what is due; the messages that were sent, in order."""
    before = set(Message.objects.filter(state="sent").values_list("pk", flat=True))
    with Office() as office:
        while messages.send_next(office, now=now):
            pass
    return list(Message.objects.filter(state="sent").exclude(pk__in=before).order_by("pk"))


def kinds(sent: Sequence[Message], person: Person) -> list[str]:
    """What kinds of messages this person got."""
    return [message.kind for message in sent if message.person_id == person.pk]


def last_mail() -> Any:
    """The mail that went out last, as a mail program reads it."""
    return mail.outbox[-1].message()
