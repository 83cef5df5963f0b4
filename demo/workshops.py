"""Group sessions of the demo: some to come, one full with people waiting, one that took place."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openmentor.availability import hours
from openmentor.booking import joining, planning, sessions
from openmentor.booking.diary import instant, moment
from openmentor.booking.models import Session
from openmentor.booking.refusals import SessionFull, YouAreBusy
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

HOUR = 60
_TRIES = 14
"""So many days are tried until the host is free."""


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """What a mentor plans so many days from now, at an hour of their own clock, and who joins.

    Days behind us are in the past. Who is busy then does not come, nor who finds it full.
    """

    mentor: str
    title: str
    description: str
    days: int
    hour: int
    minutes: int = 60
    capacity: int = 12
    price_minor: int | None = 0
    tags: tuple[str, ...] = ()
    weeks: int = 1
    joined: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    facts: dict[str, str | int | bool] = field(default_factory=dict)


WORKSHOPS = (
    Workshop(
        mentor="maya",
        title="System design out loud",
        description="We take one classic design and draw it together, **mistakes included**.",
        days=5,
        hour=17,
        minutes=60,
        capacity=3,
        tags=("System design", "Interviews"),
        joined=("arjun", "beatriz", "chidi", "elif", "tom"),
        waiting=("freya", "hana"),
        facts={"instructions": "Bring pen and paper. No preparation needed.", "names_shown": True},
    ),
    Workshop(
        mentor="maya",
        title="From senior to staff",
        description="What changes, what does not, and how to tell your manager.",
        days=11,
        hour=16,
        minutes=90,
        capacity=20,
        price_minor=None,
        tags=("Career growth",),
        facts={"min_participants": 3},
    ),
    Workshop(
        mentor="kiri",
        title="PostgreSQL office hours",
        description="Bring a slow query. We read its plan until it is fast.",
        days=8,
        hour=18,
        capacity=10,
        tags=("PostgreSQL", "Data engineering"),
        weeks=4,
        joined=("hana", "tom"),
    ),
    Workshop(
        mentor="kiri",
        title="Pipelines that people trust",
        description="How we test data, and what we stopped testing.",
        days=-12,
        hour=18,
        capacity=10,
        tags=("Data engineering",),
        joined=("hana", "lena", "arjun"),
    ),
)


def hold(workshop: Workshop, *, mentor: Mentor, people: dict[str, Person], now: datetime) -> None:
    """Plan it by the verbs, fill it, and let it take place if its day is behind us."""
    planned_at = now + timedelta(days=min(workshop.days, 0) - 7)
    made = _planned(workshop, mentor, planned_at, now)
    for key in workshop.joined:
        with suppress(YouAreBusy, SessionFull):
            joining.join(made.reference, by=people[key], now=planned_at)
    for key in workshop.waiting:
        joining.wait(made.reference, by=people[key], now=planned_at)
    if workshop.days < 0:
        sessions.complete(made.reference, by=mentor.person, now=made.ends_at)


def _planned(workshop: Workshop, mentor: Mentor, planned_at: datetime, now: datetime) -> Session:
    """On the first day from the wanted one on that the host is free."""
    zone = ZoneInfo(mentor.timezone)
    day = hours.local_date(zone, instant(now)) + timedelta(days=workshop.days)
    starts = (
        moment(hours.instant(zone, day + timedelta(days=more), workshop.hour * HOUR))
        for more in range(_TRIES)
    )
    starts_at = next(start for start in starts if planning.is_free(mentor, start, workshop.minutes))
    made = planning.create(
        mentor.person,
        repeat_weeks=workshop.weeks,
        skip_clashes=workshop.weeks > 1,
        now=planned_at,
        title=workshop.title,
        description=workshop.description,
        starts_at=starts_at,
        duration_minutes=workshop.minutes,
        capacity=workshop.capacity,
        price_minor=workshop.price_minor,
        tags=workshop.tags,
        **workshop.facts,  # type: ignore[arg-type]  # facts of a group session
    )
    return made[0]
