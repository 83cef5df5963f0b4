"""Notifications: what a person finds inside OpenMentor, and what of it is new."""

from datetime import datetime

from django.db.models import QuerySet

from openmentor.base import references
from openmentor.base.errors import NotFound
from openmentor.delivery.letters.letter import Letter, one_line
from openmentor.delivery.models import Notification
from openmentor.people.models import Person


def write(letter: Letter, person: Person, *, kind: str, event_id: int, at: datetime) -> None:
    """Put the letter's first sentence where the person finds it; once for an event."""
    Notification.objects.bulk_create(
        [
            Notification(
                person=person,
                event_id=event_id,
                kind=kind,
                text=one_line(letter.news),
                path=letter.path,
                about_at=letter.about_at,
                at=at,
            )
        ],
        ignore_conflicts=True,
    )


def of(person: Person) -> QuerySet[Notification]:
    """The person's, newest first."""
    return Notification.objects.filter(person=person)


def unread(person: Person) -> int:
    """How many the person has not read."""
    return of(person).filter(read_at=None).count()


def opened(reference: str, *, by: Person, now: datetime) -> Notification:
    """One of the person's, which is read now; else `not_found`."""
    mine = of(by).filter(reference=references.normalised(reference, "NOTE"))
    note = mine.first()
    if note is None:
        raise NotFound("There is no such notification.")
    mine.filter(read_at=None).update(read_at=now)
    return note


def read(person: Person, *, only: list[str] | None = None, now: datetime) -> int:
    """Mark all, or only those of these public ids, as read; how many were not before."""
    new = of(person).filter(read_at=None)
    if only is not None:
        new = new.filter(reference__in=[references.normalised(each, "NOTE") for each in only])
    return new.update(read_at=now)
