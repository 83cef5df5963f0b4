"""What the demo's people ask for: a time of one mentor, or help from whoever claims it first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from openmentor.availability import hours
from openmentor.booking import claims, open_requests, requests, sessions
from openmentor.booking.diary import instant, moment
from openmentor.booking.models import OpenRequest
from openmentor.booking.needs import Need, Window
from openmentor.booking.refusals import TimeTaken, YouAreBusy
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

HOUR: Final = timedelta(hours=1)
DAY: Final = 24 * HOUR


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request to one mentor, so many days ahead at an hour of the mentee's evening.

    What the mentor does with it: nothing yet, `other` times by as many days, or `no` with words.
    """

    mentee: str
    mentor: str
    day: int
    hour: int
    minutes: int = 45
    message: str
    other: tuple[int, ...] = ()
    no: str = ""


@dataclass(frozen=True, kw_only=True)
class Call:
    """An open request; each of `times` is a day ahead and the hours from and to.

    `ending` is one of open, claimed, scheduled, completed, cancelled and expired; `mentor` is who
    claims it.
    """

    mentee: str
    need: Need
    times: tuple[tuple[int, int, int], ...]
    ending: str = "open"
    mentor: str = ""


GOALS: Final = {
    "tom": "Become a senior backend engineer this year, and get better at **system design**.",
    "lena": "Choose between two offers, and lead my first design team.",
    "arjun": "Move from support into data analysis.",
    "beatriz": "Find a first job abroad as a frontend developer.",
}

ASKS: Final = (
    Ask(
        mentee="lena",
        mentor="maya",
        day=6,
        hour=9,
        message="Could we go through an offer together? Your mornings are my late evenings, so"
        " anything before ten would help me most.",
    ),
    Ask(
        mentee="beatriz",
        mentor="maya",
        day=3,
        hour=10,
        minutes=30,
        message="I have an interview next week and would love a mock one before it.",
    ),
    Ask(
        mentee="tom",
        mentor="kiri",
        day=5,
        hour=20,
        message="I would like to show you how I split our monolith.",
        other=(6, 7),
    ),
    Ask(
        mentee="tom",
        mentor="daniel",
        day=4,
        hour=19,
        message="Would you have a look at my talk?",
        no="I am at a conference that week. Please ask me again after it.",
    ),
)

CALLS: Final = (
    Call(
        mentee="beatriz",
        need={
            "kind": "resume_review",
            "title": "Is my résumé ready for companies abroad?",
            "description": "Two pages, mostly **React** and TypeScript. What would you leave out?",
            "duration_minutes": 30,
            "urgency": "high",
            "tags": ["React", "First job"],
            "language": "English",
        },
        times=((2, 18, 21), (3, 18, 21), (5, 9, 12)),
    ),
    Call(
        mentee="arjun",
        need={
            "kind": "career_advice",
            "title": "From support to data analysis",
            "description": "I know SQL and a little Python. Which step comes next?",
            "duration_minutes": 45,
            "tags": ["SQL", "Career change"],
            "language": "Hindi",
            "format": "phone",
        },
        times=((2, 19, 22), (4, 19, 22), (6, 10, 13)),
    ),
    Call(
        mentee="hana",
        need={
            "kind": "portfolio_review",
            "title": "Three case studies before I apply",
            "duration_minutes": 60,
            "urgency": "low",
            "tags": ["Design", "Portfolio"],
        },
        times=((4, 8, 12), (9, 8, 12)),
    ),
    Call(
        mentee="chidi",
        need={
            "kind": "technical_help",
            "title": "A query that got slow over night",
            "description": "PostgreSQL, forty million rows, and an index that is not used.",
            "duration_minutes": 30,
            "urgency": "high",
            "tags": ["PostgreSQL"],
        },
        times=((2, 14, 19), (3, 14, 19)),
        ending="claimed",
        mentor="maya",
    ),
    Call(
        mentee="tom",
        need={
            "kind": "interview_prep",
            "title": "Mock interview: system design",
            "description": "For a senior role; I always run out of time.",
            "duration_minutes": 60,
            "tags": ["System design", "Interviews"],
        },
        times=((3, 18, 21), (7, 18, 21)),
    ),
    Call(
        mentee="tom",
        need={
            "kind": "skill_learning",
            "title": "First steps with Kafka",
            "duration_minutes": 45,
            "tags": ["Kafka"],
        },
        times=((5, 8, 12),),
        ending="scheduled",
        mentor="jonas",
    ),
    Call(
        mentee="tom",
        need={
            "kind": "career_advice",
            "title": "Should I become a manager?",
            "duration_minutes": 30,
        },
        times=((-16, 18, 20),),
        ending="completed",
        mentor="michael",
    ),
    Call(
        mentee="tom",
        need={
            "kind": "other",
            "title": "Practise a talk with me",
            "duration_minutes": 30,
        },
        times=((-9, 18, 20),),
        ending="expired",
    ),
    Call(
        mentee="elif",
        need={
            "kind": "skill_learning",
            "title": "Accessible forms, hands on",
            "duration_minutes": 60,
            "tags": ["Accessibility"],
        },
        times=((4, 17, 20),),
        ending="cancelled",
    ),
)


def ask(act: Ask, *, mentee: Person, mentor: Mentor, now: datetime) -> None:
    """Play a request to one mentor."""
    starts_at = _local(mentee, act.day, act.hour, now=now)
    session = _first_free(
        lambda at: requests.propose(
            mentee,
            handle=mentor.handle,
            starts_at=at,
            minutes=act.minutes,
            message=act.message,
            now=now - 5 * HOUR,
        ),
        starts_at,
    )
    if act.other:
        times = [session.starts_at + (day - act.day) * DAY for day in act.other]
        requests.suggest(session.reference, by=mentor.person, times=times, now=now - HOUR)
    elif act.no:
        requests.reject(session.reference, by=mentor.person, reason=act.no, now=now - HOUR)


def call(act: Call, *, mentee: Person, mentor: Mentor | None, now: datetime) -> None:
    """Play an open request, from posting it to its end."""
    windows = [_window(mentee, *time, now=now) for time in act.times]
    start = min(windows[0][0] - 3 * DAY, now - 20 * HOUR)
    need: Need = {**act.need, "windows": windows}
    request = open_requests.post(mentee, now=start, **need)
    if mentor is not None:
        claimed = start + 2 * HOUR if act.ending == "completed" else now - 3 * HOUR
        claims.claim(request.reference, by=mentor.person, now=claimed)
        if act.ending in {"scheduled", "completed"}:
            _schedule(request, mentor, windows, now=claimed + HOUR)
    if act.ending == "completed":
        request.refresh_from_db()
        assert request.session is not None  # noqa: S101 - it was scheduled just now
        reference, over = request.session.reference, request.session.ends_at
        sessions.complete(reference, by=_person(mentor), now=over + HOUR / 6)
    elif act.ending == "cancelled":
        open_requests.cancel(request.reference, by=mentee, reason="Solved it myself!", now=now)


def _schedule(
    request: OpenRequest, mentor: Mentor, windows: list[Window], *, now: datetime
) -> None:
    _first_free(
        lambda at: claims.schedule(request.reference, by=mentor.person, starts_at=at, now=now),
        windows[0][0],
    )


def _first_free[Made](make: Callable[[datetime], Made], starts_at: datetime) -> Made:
    """What is made at this time or, if somebody has something else then, a little later."""
    for later in range(8):
        try:
            return make(starts_at + later * HOUR / 4)
        except (TimeTaken, YouAreBusy):
            continue
    raise LookupError(f"Nobody has time at {starts_at}.")


def _person(mentor: Mentor | None) -> Person:
    assert mentor is not None  # noqa: S101 - somebody claimed it
    return mentor.person


def _window(mentee: Person, day: int, since: int, until: int, *, now: datetime) -> Window:
    return _local(mentee, day, since, now=now), _local(mentee, day, until, now=now)


def _local(person: Person, day: int, hour: int, *, now: datetime) -> datetime:
    """An hour on the person's own clock, so many days from today."""
    zone = ZoneInfo(person.timezone)
    on = hours.local_date(zone, instant(now)) + timedelta(days=day)
    return moment(hours.instant(zone, on, hour * 60))
