"""Waiting lines: one engine for places in group sessions and for seats with mentors.

First come, first served. Who is first gets an offer that nobody else can have, until a moment;
then it is the next one's turn. The caller decides how many places are free and until when an
offer holds, and holds the lock of what is waited for: one line never has two writers. For
sessions the database counts an offer as a place taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from openmentor.base.errors import NotPossible, refusing
from openmentor.booking.lifecycle import WAITING
from openmentor.booking.models import WaitingEntry
from openmentor.booking.refusals import AlreadyJoined
from openmentor.people.models import Person

_WAITING, _OFFERED = WaitingEntry.IN_LINE
_LAWS = {"waiting_person_is_in_line_once": AlreadyJoined}


@dataclass(frozen=True, slots=True)
class Line:
    """Everybody who waits for one thing: the subject's kind, and its key."""

    subject: str
    subject_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is in a line: 1 is next. An offer has its end."""

    position: int
    offered_until: datetime | None


def for_session(session_id: int) -> Line:
    """The line for places in a group session."""
    return Line(WaitingEntry.Subject.SESSION, session_id)


def for_mentor(mentor_id: int) -> Line:
    """The line for seats with a mentor."""
    return Line(WaitingEntry.Subject.MENTOR, mentor_id)


def enter(line: Line, person: Person, *, now: datetime) -> WaitingEntry:
    """The person's place at the end of the line. Refuses `already_joined` who is in it."""
    entry = WaitingEntry(
        subject=line.subject, subject_id=line.subject_id, person=person, created_at=now
    )
    with refusing(_LAWS), transaction.atomic():
        entry.save()
    WAITING.begin(entry, by=person.pk, at=now)
    return entry


def leave(line: Line, person: Person, *, now: datetime) -> None:
    """The person waits no more, and gives back what was offered. Else `not_possible`."""
    entry = _entry_of(line, person)
    if entry is None:
        raise NotPossible("You are not in this waiting list.")
    _end(entry, WaitingEntry.Status.LEFT, by=person.pk, now=now)


def offer(line: Line, *, most: int, until: datetime, now: datetime) -> list[WaitingEntry]:
    """Offer so many places to those who have waited longest; those who got one, in order."""
    served = list(_in_line(line).filter(status=_WAITING).order_by("pk")[:most])
    for entry in served:
        entry.offered_until = until
        WAITING.move(
            entry, _OFFERED, by=None, at=now, also=["offered_until"], until=until.isoformat()
        )
    return served


def take(line: Line, person: Person, *, now: datetime) -> bool:
    """Use the person's offer, if there is one that still holds; whether there was."""
    entry = _entry_of(line, person)
    if entry is None or entry.offered_until is None or entry.offered_until <= now:
        return False
    _end(entry, WaitingEntry.Status.TAKEN, by=person.pk, now=now)
    return True


def forget(line: Line, person: Person, *, now: datetime) -> None:
    """Who got in by another way waits no more; nothing if the person did not wait."""
    entry = _entry_of(line, person)
    if entry is not None:
        _end(entry, WaitingEntry.Status.LEFT, by=person.pk, now=now)


def lapse(line: Line, *, now: datetime) -> int:
    """End the offers whose time is over; how many."""
    over = list(_in_line(line).filter(status=_OFFERED, offered_until__lte=now).order_by("pk"))
    for entry in over:
        _end(entry, WaitingEntry.Status.EXPIRED, by=None, now=now)
    return len(over)


def shorten(line: Line, *, until: datetime) -> None:
    """No offer in the line holds longer than this: what it is for begins earlier now."""
    _in_line(line).filter(status=_OFFERED, offered_until__gt=until).update(offered_until=until)


def close(line: Line, *, now: datetime) -> None:
    """There is nothing to wait for any more: the line is empty."""
    for entry in _in_line(line).order_by("pk"):
        _end(entry, WaitingEntry.Status.EXPIRED, by=None, now=now)


def standing(line: Line, person: Person) -> Standing | None:
    """Where the person is in the line; None if not in it."""
    return standings(line.subject, [line.subject_id], person).get(line.subject_id)


def standings(subject: str, subject_ids: Iterable[int], person: Person) -> dict[int, Standing]:
    """Where the person is in each of these lines; those they are not in are left out."""
    ahead = WaitingEntry.objects.filter(
        subject=OuterRef("subject"),
        subject_id=OuterRef("subject_id"),
        status=_WAITING,
        pk__lt=OuterRef("pk"),
    )
    counted = ahead.order_by().values("subject_id").values_list(Count("pk"))
    entries = WaitingEntry.objects.filter(
        subject=subject,
        subject_id__in=subject_ids,
        person=person,
        status__in=WaitingEntry.IN_LINE,
    ).annotate(ahead=Coalesce(Subquery(counted), 0))
    return {
        entry.subject_id: Standing(position=entry.ahead + 1, offered_until=entry.offered_until)
        for entry in entries
    }


def length(line: Line) -> int:
    """How many are in the line, those with an offer included."""
    return _in_line(line).count()


def lengths(lines_of: str, subject_ids: Iterable[int]) -> dict[int, int]:
    """How many wait for each of these; those that nobody waits for are left out."""
    waiting = WaitingEntry.objects.filter(
        subject=lines_of, subject_id__in=subject_ids, status__in=WaitingEntry.IN_LINE
    )
    return dict(waiting.values_list("subject_id").annotate(Count("pk")))


def with_offers_due(subject: str, *, now: datetime, most: int) -> list[Line]:
    """The lines in which the time of an offer is over, the longest over first."""
    due = WaitingEntry.objects.filter(subject=subject, status=_OFFERED, offered_until__lte=now)
    found = due.order_by("offered_until").values_list("subject_id", flat=True)[:most]
    return [Line(subject, subject_id) for subject_id in dict.fromkeys(found)]


def _in_line(line: Line) -> QuerySet[WaitingEntry]:
    return WaitingEntry.objects.filter(
        subject=line.subject, subject_id=line.subject_id, status__in=WaitingEntry.IN_LINE
    )


def _entry_of(line: Line, person: Person) -> WaitingEntry | None:
    return _in_line(line).filter(person=person).first()


def _end(entry: WaitingEntry, after: str, *, by: int | None, now: datetime) -> None:
    WAITING.move(entry, after, by=by, at=now)
