"""What participants of a group session learn of each other: nothing, unless the host shows names.

Every page, JSON answer, mail and calendar file that a participant, a visitor or somebody in line
can get is searched for everybody else's address and name.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from openmentor.base import clock
from openmentor.booking import announcements, joining, sessions
from openmentor.booking.models import Session
from openmentor.delivery import invites
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api
from tests.api.stage import browser

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def others(db: None) -> list[Person]:
    """Names and addresses that stand nowhere else."""
    return [
        make.person(f"Xenia Quux{number}", email=f"quux{number}@secret.example")
        for number in range(3)
    ]


@pytest.fixture
def session(maya: Mentor, tom: Person, others: list[Person], now: datetime) -> Session:
    """Two have a place, Tom has one, and a third waits; the host has written, one has left."""
    made = make.group(maya, starts_at=START, capacity=3, description="About us.")
    for person in (others[0], others[1], tom):
        joining.join(made.reference, by=person, now=now)
    joining.wait(made.reference, by=others[2], now=now)
    announcements.send(made.reference, text="Hello", by=maya.person, now=now)
    joining.leave(made.reference, by=others[1], now=now)
    return made


def payloads(session: Session, reader: Person | None, now: datetime) -> Iterator[tuple[str, str]]:
    """All that the reader can get about the session: where, and what."""
    reference, handle = session.reference, session.mentor.handle
    pages = browser(reader)
    for address in (
        "/",
        "/group-sessions",
        f"/group-sessions/{reference}",
        f"/group-sessions/{reference}/leave",
        f"/group-sessions/{reference}/participants",
        f"/group-sessions/{reference}/participants.csv",
        f"/group-sessions/{reference}/cancel",
        f"/mentors/{handle}",
        "/my-sessions?tab=all",
        f"/sessions/{reference}",
        f"/sessions/{reference}/confirmation",
        f"/sessions/{reference}/cancel",
        f"/sessions/{reference}.ics",
        "/notifications",
    ):
        yield address, pages.get(address, follow=True).content.decode()
    program = Api(reader)
    for address in (
        "/sessions/group",
        f"/sessions/group/{reference}",
        f"/sessions/{reference}",
        f"/sessions/{reference}/cancel-quote",
        "/sessions/me",
        "/sessions/my-bookings",
        f"/session-payments/session/{reference}",
        f"/mentors/{handle}/availability?from=2026-03-06&to=2026-03-07",
    ):
        yield f"/api{address}", program.get(address).content.decode()
    for verb in ("join", "waitlist", "cancel", "message", "leave"):
        answer = program.post(f"/sessions/group/{reference}/{verb}", {"message": "x"})
        yield f"POST /api/…/{verb}", answer.content.decode()
    if reader is not None and session.bookings.filter(mentee=reader).exists():
        theirs = sessions.find(reference, for_=reader)
        yield "calendar file", invites.published(theirs, reader=reader, now=now).decode()


@pytest.mark.parametrize("who", ["tom", "zoe", "visitor", "in line"])
def test_nobody_learns_of_another_participant(
    *, session: Session, tom: Person, zoe: Person, others: list[Person], now: datetime, who: str
) -> None:
    reader = {"tom": tom, "zoe": zoe, "visitor": None, "in line": others[2]}[who]
    assert (
        session.title
        in browser(reader).get(f"/group-sessions/{session.reference}").content.decode()
    )
    secret = [person for person in (*others, tom) if person != reader]
    for where, payload in payloads(session, reader, now):
        for person in secret:
            assert person.email not in payload, (where, person.email)
            assert person.name not in payload, (where, person.name)
            assert person.reference not in payload, (where, person.reference)


def test_names_and_never_addresses_are_shown_where_the_host_wants_it(
    session: Session, tom: Person, others: list[Person], now: datetime
) -> None:
    session.group.names_shown = True
    session.group.save()
    shown = dict(payloads(session, tom, now))
    assert "Xenia Quux0" in shown[f"/group-sessions/{session.reference}"]
    assert "Xenia Quux1" not in "".join(shown.values())
    for person in others:
        assert all(person.email not in payload for payload in shown.values())


def test_not_even_the_host_gets_addresses(
    session: Session, maya: Mentor, others: list[Person], now: datetime
) -> None:
    shown = dict(payloads(session, maya.person, now))
    assert "Xenia Quux0" in shown[f"/group-sessions/{session.reference}/participants.csv"]
    for where, payload in shown.items():
        for person in others:
            assert person.email not in payload, where
