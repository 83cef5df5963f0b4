"""New group sessions: once, or every week at the same wall time (SPEC §8)."""

from datetime import datetime, timedelta
from typing import Any, Unpack
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from openmentor.availability import hours
from openmentor.base import locks, money
from openmentor.base.errors import Invalid, refusing
from openmentor.booking import calendar, group_facts
from openmentor.booking.clashes import clashing
from openmentor.booking.diary import instant, moment
from openmentor.booking.group_facts import JUDGED_BEFORE, USUAL, Facts
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import SESSION
from openmentor.booking.models import Group, Session
from openmentor.booking.occupancy import occupied
from openmentor.booking.refusals import TimeTaken
from openmentor.booking.slots import stamp
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

MOST_WEEKS = 52
HOUR = 60
OF_GROUP = ("description", "instructions", "visibility", "tags", "names_shown")
"""The facts that are columns of `Group` by the same names."""
_WEEK = timedelta(days=7)


def weekly(starts_at: datetime, *, weeks: int, zone: ZoneInfo) -> list[datetime]:
    """The same wall time in so many weeks, the first at `starts_at` itself."""
    local = hours.local_time(zone, instant(starts_at))
    minute = local.hour * HOUR + local.minute
    later = (
        moment(hours.instant(zone, local.date() + week * _WEEK, minute)) for week in range(1, weeks)
    )
    return [starts_at, *later]


@transaction.atomic
def create(
    host: Person,
    *,
    repeat_weeks: int = 1,
    skip_clashes: bool = False,
    now: datetime,
    **given: Unpack[Facts],
) -> list[Session]:
    """New group sessions, open at once: one, or one in each of so many weeks at the same wall time.

    When the host has something else at one of the times, nothing is created (`time_taken`, with
    all `clashes`), unless `skip_clashes` says to leave those out and one at least is left. Refuses
    `not_allowed` (no approved profile) and `invalid`.
    """
    mentor = mentors.approved(host)
    facts = group_facts.cleaned({**USUAL, "currency": mentor.currency, **given})
    if not 1 <= repeat_weeks <= MOST_WEEKS:
        raise Invalid.field("repeat_weeks", f"Choose a number from 1 to {MOST_WEEKS}.")
    starts_at, minutes = facts["starts_at"], facts["duration_minutes"]
    group_facts.demand_coherent(
        facts, judges_minimum=facts["min_participants"] is not None, now=now
    )
    hold_calendar(mentor)
    starts = weekly(starts_at, weeks=repeat_weeks, zone=ZoneInfo(mentor.timezone))
    clashes = [start for start in starts if not is_free(mentor, start, minutes)]
    free = [start for start in starts if start not in clashes]
    if clashes and not (skip_clashes and free):
        raise TimeTaken(
            clashing_words(len(clashes)), clashes=[stamp(instant(at)) for at in clashes]
        )
    series = uuid4() if repeat_weeks > 1 else None
    return [
        _write(mentor, facts, start, start - starts_at, series=series, now=now) for start in free
    ]


def hold_calendar(mentor: Mentor) -> None:
    """Take both calendars of the host: of what they give, and of where they are themselves."""
    locks.hold(locks.MENTOR_CALENDAR, mentor.pk)
    locks.hold(locks.PERSON_CALENDAR, mentor.person_id)


def is_free(mentor: Mentor, starts_at: datetime, minutes: int) -> bool:
    """Whether the host has nothing else in this time, on either side."""
    ends_at = starts_at + timedelta(minutes=minutes)
    if clashing(mentor.person, starts_at=starts_at, ends_at=ends_at) is not None:
        return False
    try:
        calendar.demand_free(mentor, starts_at=starts_at, ends_at=ends_at)
    except TimeTaken:
        return False
    return True


def clashing_words(count: int) -> str:
    """That the host has something else at so many of the wanted times."""
    if count == 1:
        return "You have another session at that time."
    return f"You have other sessions at {count} of these times."


def _write(
    mentor: Mentor,
    facts: dict[str, Any],
    starts_at: datetime,
    later: timedelta,
    *,
    series: UUID | None,
    now: datetime,
) -> Session:
    """One session of what may be several; `later` is how long after the first it begins."""
    minutes, price = facts["duration_minutes"], facts["price_minor"]
    if price is None:
        price = usual_price(mentor, minutes)
    ends_at = starts_at + timedelta(minutes=minutes)
    before, after = mentor.buffer_before, mentor.buffer_after
    with refusing(LAWS):
        session = Session.objects.create(
            mode=Session.Mode.GROUP,
            origin=Session.Origin.GROUP,
            status=Session.Status.OPEN,
            mentor=mentor,
            title=facts["title"],
            starts_at=starts_at,
            ends_at=ends_at,
            buffer_before=before,
            buffer_after=after,
            occupies=occupied(starts_at, ends_at, before=before, after=after),
            timezone=mentor.timezone,
            capacity=facts["capacity"],
            price_minor=price,
            currency=facts["currency"],
            created_at=now,
        )
    _write_facts(session, facts, later, series=series)
    SESSION.begin(session, by=mentor.person_id, at=now)
    return session


def _write_facts(
    session: Session, facts: dict[str, Any], later: timedelta, *, series: UUID | None
) -> None:
    minimum, until = facts["min_participants"], facts["join_until"]
    session.group = Group.objects.create(
        session=session,
        min_participants=minimum,
        minimum_due_at=None if minimum is None else session.starts_at - JUDGED_BEFORE,
        join_until=until + later if until else None,
        series=series,
        **{name: facts[name] for name in OF_GROUP},
    )
    invite(session.group, facts["invitations"])


def usual_price(mentor: Mentor, minutes: int) -> int:
    """What a place costs where the host says nothing: the group price by the hour, half up."""
    return money.share(mentor.group_price_minor, minutes, HOUR)


def invite(group: Group, addresses: list[str]) -> None:
    """Exactly these addresses are invited."""
    group.invitations.exclude(email__in=addresses).delete()
    known = set(group.invitations.values_list("email", flat=True))
    group.invitations.bulk_create(
        group.invitations.model(group=group, email=address)
        for address in addresses
        if address not in known
    )
