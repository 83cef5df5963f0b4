"""Joining group sessions: eight clients at one session, and at many.

Nobody joins a session twice, and a session ends: so "one" is one session after another, each
filled to its last place by all clients together.
"""

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bench import load
from bench.bare import DESKS

SESSIONS = 40
"""For each of the two measurements; with a place for every guest in each."""
JOINS_A_SECOND = 500
PRETIX_A_SECOND = 37
"""What pretix's own load test reached on a machine of this kind, in orders."""
AHEAD = timedelta(days=200)


def planned(host: str, *, midnight: datetime, now: datetime) -> list[str]:
    """The references of twice so many new group sessions of this mentor, free of charge."""
    from openmentor.booking import planning  # noqa: PLC0415 - Django is set up by now
    from openmentor.mentors.models import Mentor  # noqa: PLC0415

    mentor = Mentor.objects.select_related("person").get(handle=host)
    return [
        planning.create(
            mentor.person,
            title="A workshop",
            starts_at=midnight + AHEAD + timedelta(hours=hour),
            duration_minutes=60,
            capacity=DESKS,
            price_minor=0,
            now=now,
        )[0].reference
        for hour in range(2 * SESSIONS)
    ]


def at_one(sessions: Sequence[str], tokens: Sequence[str]) -> Iterator[bytes]:
    """Everybody joins the first, then everybody the second, and so on."""
    for session, token in itertools.product(sessions[:SESSIONS], tokens):
        yield _join(session, token)


def at_many(sessions: Sequence[str], tokens: Sequence[str]) -> Iterator[bytes]:
    """Everybody joins another one than the person before."""
    many = sessions[SESSIONS:]
    for turn in range(SESSIONS):
        for number, token in enumerate(tokens):
            yield _join(many[(number + turn) % SESSIONS], token)


def _join(session: str, token: str) -> bytes:
    return load.request("POST", f"/api/sessions/group/{session}/join", token=token)
