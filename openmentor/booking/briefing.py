"""What a mentor wants to know before answering a request: who asks, and what that day holds."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q

from openmentor.availability import hours
from openmentor.booking.diary import instant, moment
from openmentor.booking.models import Session
from openmentor.booking.visibility import SessionQuerySet
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

_TOLD: Final = 3
_OVER: Final = (Session.Status.COMPLETED, Session.Status.NO_SHOW, Session.Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A session of the same day; `is_asked` is the one that the request is for."""

    session: Session
    is_asked: bool
    is_in_the_way: bool


@dataclass(frozen=True, slots=True)
class Briefing:
    """What is known of the mentee and of the day; `rivals` requests would lose their time."""

    held: int
    past: list[Session]
    day: list[Neighbour]
    rivals: int

    @property
    def is_taken(self) -> bool:
        """Whether something is in the way by now."""
        return any(neighbour.is_in_the_way for neighbour in self.day)


def of(session: Session, *, zone: ZoneInfo) -> Briefing:
    """The briefing for a pending session; its day is the one in `zone`, the mentor's own."""
    mentee = session.requested_by
    assert mentee is not None  # noqa: S101 - a pending session was proposed by somebody
    met = between(session.mentor, mentee)
    return Briefing(
        held=met.filter(status=Session.Status.COMPLETED).count(),
        past=list(met.filter(status__in=_OVER).order_by("-starts_at")[:_TOLD]),
        day=_day(session, zone),
        rivals=_rivals(session),
    )


def between(mentor: Mentor, mentee: Person) -> SessionQuerySet:
    """All one-on-one sessions that the two have or had."""
    theirs = Session.objects.filter(mentor=mentor, mode=Session.Mode.ONE_ON_ONE)
    return theirs.taken_by(mentee)


def _day(session: Session, zone: ZoneInfo) -> list[Neighbour]:
    on = hours.local_date(zone, instant(session.starts_at))
    since, until = (moment(at) for at in hours.day_span(zone, on))
    others = (
        Session.objects.filter(mentor=session.mentor_id, takes_time=True)
        .filter(Q(starts_at__lt=until, ends_at__gt=since) | Q(occupies__overlap=session.occupies))
        .exclude(pk=session.pk)
        .with_both_sides()
    )
    day = [
        Neighbour(other, is_asked=False, is_in_the_way=_overlap(session, other)) for other in others
    ]
    day.append(Neighbour(session, is_asked=True, is_in_the_way=False))
    return sorted(day, key=lambda neighbour: neighbour.session.starts_at)


def _overlap(session: Session, other: Session) -> bool:
    return bool(
        session.occupies.lower < other.occupies.upper
        and other.occupies.lower < session.occupies.upper
    )


def _rivals(session: Session) -> int:
    pending = Session.objects.filter(mentor=session.mentor_id, status=Session.Status.PENDING)
    return pending.filter(occupies__overlap=session.occupies).exclude(pk=session.pk).count()
