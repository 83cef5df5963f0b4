"""What a person wants by mail, and the way out that is in each mail that is not essential."""

from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.db import transaction

from openmentor.base.errors import Invalid, NotFound
from openmentor.delivery.kinds import OPTIONAL, Topic
from openmentor.delivery.models import Muted
from openmentor.people.models import Person

_SALT = "openmentor.delivery.unsubscribe"


def wants(person: Person, topic: Topic) -> bool:
    """Whether mails on this topic may be sent to the person."""
    return topic not in OPTIONAL or not Muted.objects.filter(person=person, topic=topic).exists()


def wanted(person: Person) -> list[str]:
    """The optional topics that the person has by mail."""
    muted = set(Muted.objects.filter(person=person).values_list("topic", flat=True))
    return [topic.value for topic in OPTIONAL if topic.value not in muted]


@transaction.atomic
def choose(person: Person, topics: Iterable[str]) -> None:
    """Mails on these optional topics and no others. Refuses `invalid` topics."""
    chosen = set(topics)
    if not chosen <= {topic.value for topic in OPTIONAL}:
        raise Invalid.field("topics", "There is no such topic.")
    Muted.objects.filter(person=person, topic__in=chosen).delete()
    Muted.objects.bulk_create(
        (Muted(person=person, topic=topic) for topic in OPTIONAL if topic.value not in chosen),
        ignore_conflicts=True,
    )


def way_out(person: Person, topic: Topic) -> str:
    """The address behind "no more mails of this kind"; empty where there is no choice.

    It works without signing in, for this person and topic only, and for ever.
    """
    if topic not in OPTIONAL:
        return ""
    token = signing.dumps([person.reference, topic.value], salt=_SALT)
    return f"{settings.PUBLIC_URL}/unsubscribe/{token}"


def meant(token: str) -> tuple[Person, Topic]:
    """Whom and what a way out is for; a made-up one is `not_found`."""
    try:
        reference, topic = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise NotFound("This link is not one of ours.") from None
    person = Person.objects.filter(reference=reference).first()
    if person is None:
        raise NotFound("This account is gone.")
    return person, Topic(topic)


def mute(token: str) -> Topic:
    """Go the way out: no more mails on its topic."""
    person, topic = meant(token)
    Muted.objects.bulk_create([Muted(person=person, topic=topic)], ignore_conflicts=True)
    return topic
