"""Messages as their reader sees them: the mails that went out."""

from django.db.models import QuerySet

from openmentor.base import references
from openmentor.base.errors import NotFound
from openmentor.delivery.models import Message
from openmentor.people.models import Person


def of(person: Person) -> QuerySet[Message]:
    """The mails to this person, newest first; staff: all."""
    sent = Message.objects.filter(state=Message.State.SENT).order_by("-sent_at", "-pk")
    return sent if person.is_staff else sent.filter(person=person)


def find(reference: str, *, for_: Person) -> Message:
    """The mail of this public id; else `not_found`."""
    found = of(for_).filter(reference=references.normalised(reference, "MAIL")).first()
    if found is None:
        raise NotFound("There is no such mail.")
    return found
