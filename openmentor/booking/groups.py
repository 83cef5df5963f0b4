"""Finding group sessions: public ones by anybody, the others by those they are meant for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Prefetch, prefetch_related_objects

from openmentor.base import references
from openmentor.base.errors import NotAllowed, NotFound
from openmentor.booking import group_rows, waiting
from openmentor.booking.models import Booking, Group, Session
from openmentor.booking.visibility import SessionQuerySet
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person


def find(reference: str, *, for_: Person | None) -> Session:
    """The group session of this public id with its facts, its host, and places.

    The host and staff get everybody's places, anybody else their own. None is a visitor. Refuses
    `not_found` what is not theirs to see.
    """
    session = glimpse(reference, for_=for_)
    load_places([session], for_=for_)
    return session


def glimpse(reference: str, *, for_: Person | None) -> Session:
    """The same without places."""
    session = group_rows.read(references.normalised(reference, "SESSION"))
    if session is None or not _is_for(session, for_):
        raise NotFound("There is no such group session.")
    return session


def coming(*, now: datetime) -> SessionQuerySet:
    """What everybody may find: public, still to begin, soonest first."""
    return (
        Session.objects.filter(
            mode=Session.Mode.GROUP,
            status__in=(Session.Status.OPEN, Session.Status.FULL),
            starts_at__gt=now,
            group__visibility=Group.Visibility.PUBLIC,
            mentor__status=Mentor.Status.APPROVED,
            mentor__person__is_active=True,
        )
        .select_related("mentor__person", "group")
        .order_by("starts_at", "id")
    )


def load_places(sessions: Sequence[Session], *, for_: Person | None) -> None:
    """Load the bookings that the reader may know of into these sessions: one query."""
    known = Booking.objects.visible_to(for_) if for_ else Booking.objects.none()
    prefetch_related_objects(
        sessions, Prefetch("bookings", known.select_related("mentee").order_by("pk"))
    )


def load(session: Session, places: list[Booking]) -> None:
    """Let the session know these bookings without asking, as if they had been prefetched."""
    known: Any = session.bookings.all()
    known._result_cache = places  # noqa: SLF001 - what Django's own prefetching does
    vars(session)["_prefetched_objects_cache"] = {"bookings": known}


def participants(session: Session) -> list[Person]:
    """Everybody who has a place, in the order in which they joined."""
    places = Booking.objects.filter(session=session, status__in=Booking.HAVING_A_PLACE)
    return [place.mentee for place in places.select_related("mentee").order_by("pk")]


def demand_run_by(reference: str, person: Person) -> None:
    """Refuse (`not_found`, `not_allowed`) who is not the host of this group session, nor staff."""
    if not is_run_by(glimpse(reference, for_=person), person):
        raise NotAllowed("Only the host can do that.")


def is_run_by(session: Session, person: Person | None) -> bool:
    """Whether this person sees it from the host's side: its mentor, or staff."""
    return person is not None and (session.mentor.person_id == person.pk or person.is_staff)


def _is_for(session: Session, person: Person | None) -> bool:
    if is_run_by(session, person):
        return True
    listed = session.mentor.status == Mentor.Status.APPROVED
    if listed and session.group.visibility != Group.Visibility.PRIVATE:
        return True
    return person is not None and (
        session.bookings.filter(mentee=person).exists()
        or waiting.standing(waiting.for_session(session.pk), person) is not None
        or (listed and _is_invited(session, person))
    )


def _is_invited(session: Session, person: Person) -> bool:
    """Whether an address that the person has shown to be theirs was invited."""
    theirs = EmailAddress.objects.filter(user_id=person.pk, verified=True).values("email")
    return session.group.invitations.filter(email__in=theirs).exists()
