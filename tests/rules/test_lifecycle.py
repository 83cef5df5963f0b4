"""Which state may follow which: every illegal move is refused and changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from openmentor.base.errors import NotPossible, Refusal
from openmentor.base.models import Event
from openmentor.booking import sessions
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

STARTS = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
BEFORE, AFTER = STARTS - timedelta(days=1), STARTS + timedelta(hours=1)

SESSION_MOVES = {
    ("pending", "scheduled"),
    ("pending", "rejected"),
    ("pending", "cancelled"),
    ("pending", "expired"),
    ("scheduled", "completed"),
    ("scheduled", "no_show"),
    ("scheduled", "cancelled"),
    ("open", "full"),
    ("open", "completed"),
    ("open", "cancelled"),
    ("full", "open"),
    ("full", "completed"),
    ("full", "cancelled"),
    ("completed", "no_show"),
    ("cancelled", "scheduled"),  # Late money for a time that is still free (SPEC §10).
}
BOOKING_MOVES = {
    ("held", "confirmed"),
    ("held", "expired"),
    ("held", "cancelled"),
    ("confirmed", "attended"),
    ("confirmed", "no_show"),
    ("confirmed", "cancelled"),
    ("attended", "no_show"),
    ("no_show", "attended"),  # Attendance of a group is marked by hand, and hands slip.
    ("expired", "confirmed"),  # The same.
}


def test_the_tables_hold_exactly_the_moves_of_the_contract() -> None:
    statuses = (Session.Status.values, Booking.Status.values)
    for lifecycle, moves, known in zip(
        (SESSION, BOOKING), (SESSION_MOVES, BOOKING_MOVES), statuses, strict=True
    ):
        allowed = {pair for pair in product(known, known) if lifecycle.allows(*pair)}
        assert allowed == moves


def test_every_state_but_the_births_can_be_reached() -> None:
    for lifecycle, known in ((SESSION, Session.Status), (BOOKING, Booking.Status)):
        reached = {after for states in lifecycle.moves.values() for after in states}
        assert reached | lifecycle.births == set(known.values)


@pytest.mark.parametrize("before", Session.Status.values)
def test_a_session_refuses_every_other_move_and_nothing_changes(
    maya: Mentor, now: datetime, before: str
) -> None:
    session = make.session(maya, None, starts_at=STARTS, status=before)
    for after in Session.Status.values:
        if (before, after) in SESSION_MOVES:
            continue
        with pytest.raises(NotPossible):
            SESSION.move(session, after, by=None, at=now)
        session.refresh_from_db()
        assert (session.status, Event.objects.count()) == (before, 0)


def test_nothing_is_born_grown_up(maya: Mentor, now: datetime) -> None:
    session = make.session(maya, None, starts_at=STARTS, status="completed")
    with pytest.raises(NotPossible):
        SESSION.begin(session, by=None, at=now)
    assert Event.objects.count() == 0


def test_a_refused_move_says_so_in_a_sentence(maya: Mentor, now: datetime) -> None:
    session = make.session(maya, None, starts_at=STARTS, status="cancelled")
    with pytest.raises(NotPossible) as refusal:
        SESSION.move(session, "no_show", by=None, at=now)
    assert refusal.value.detail == "This session is cancelled, so it cannot become no-show."


def reschedule(reference: str, *, by: Person, now: datetime) -> Session:
    return sessions.reschedule(reference, by=by, starts_at=STARTS + timedelta(days=1), now=now)


VERBS: dict[str, tuple[Callable[..., Session], datetime, set[str]]] = {
    "cancel": (sessions.cancel, BEFORE, {"pending", "scheduled", "open", "full"}),
    "reschedule": (reschedule, BEFORE, {"scheduled"}),
    "complete": (sessions.complete, AFTER, {"scheduled", "open", "full"}),
    "no-show": (sessions.mark_no_show, AFTER, {"scheduled"}),
}
"""Each verb, a time at which it is allowed, and the states from which it is possible."""


@pytest.mark.parametrize("status", Session.Status.values)
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_works_from_its_states_and_is_refused_from_all_others(
    maya: Mentor, verb: str, status: str
) -> None:
    call, now, possible = VERBS[verb]
    session = make.session(maya, None, starts_at=STARTS, status=status)
    before = facts(session)
    if status in possible:
        assert call(session.reference, by=maya.person, now=now).pk == session.pk
        assert facts(session) != before
        return
    with pytest.raises(Refusal) as refusal:
        call(session.reference, by=maya.person, now=now)
    assert (refusal.value.code, facts(session)) == ("not_possible", before)


def facts(session: Session) -> dict[str, Any]:
    """All that the database knows of a session, and how much has happened."""
    row = Session.objects.filter(pk=session.pk).values().get()
    return row | {"events": Event.objects.count()}
