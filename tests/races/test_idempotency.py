"""A double click sends the same key twice at once: one effect, one answer for both."""

from datetime import datetime
from functools import partial
from threading import Barrier

import pytest

from openmentor.base import idempotency
from openmentor.base.models import IdempotentAnswer
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.races.arena import CLIENTS, ROUNDS, Track, tally, without_law
from tests.races.conftest import slot

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "an_idempotency_key_is_answered_once"


def booked_once(
    mentor: Mentor, mentee: Person, *, key: str, starts_at: datetime, now: datetime
) -> tuple[int, str]:
    """A booking under a key, as the API makes it."""

    def effect() -> tuple[int, str]:
        session = make.booked(mentor, mentee, starts_at=starts_at, now=now)
        return 201, session.reference

    return idempotency.once(
        key, person_id=mentee.pk, request=starts_at.isoformat().encode(), now=now, effect=effect
    )


def test_one_key_sent_eight_times_at_once_books_once_and_answers_eight_times(
    track: Track, mentor: Mentor, tom: Person, now: datetime
) -> None:
    for number in range(ROUNDS):
        call = partial(
            booked_once, mentor, tom, key=f"key {number}", starts_at=slot(number), now=now
        )
        answers = track.race([call] * CLIENTS)
        assert set(answers) == {(201, Session.objects.get(starts_at=slot(number)).reference)}
    assert Session.objects.count() == ROUNDS


def test_without_a_key_the_others_are_refused(
    track: Track, mentor: Mentor, tom: Person, now: datetime
) -> None:
    """The control: the same calls, each under a key of its own, are different wishes."""
    outcomes = track.race(
        [
            partial(booked_once, mentor, tom, key=f"key {number}", starts_at=slot(0), now=now)
            for number in range(CLIENTS)
        ]
    )
    assert tally(outcomes) == {"won": 1, "time_taken": CLIENTS - 1}


def test_a_key_whose_first_call_is_refused_is_free_for_the_next(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    tom, lena = mentees[:2]
    make.booked(mentor, lena, starts_at=slot(0), now=now)
    call = partial(booked_once, mentor, tom, key="key", starts_at=slot(0), now=now)
    assert tally(track.race([call] * CLIENTS)) == {"time_taken": CLIENTS}
    assert IdempotentAnswer.objects.count() == 0


def offered_once(mentor: Mentor, now: datetime) -> tuple[int, str]:
    """An effect that nothing but the key guards."""

    def effect() -> tuple[int, str]:
        return 201, make.session_type(mentor).reference

    return idempotency.once("key", person_id=mentor.person_id, request=b"", now=now, effect=effect)


def test_what_nothing_else_guards_happens_once(track: Track, mentor: Mentor, now: datetime) -> None:
    answers = track.race([partial(offered_once, mentor, now)] * CLIENTS)
    assert len(set(answers)) == 1
    assert mentor.session_types.count() == 2


def test_without_the_law_a_key_that_is_read_and_then_written_is_used_by_all(
    monkeypatch: pytest.MonkeyPatch, track: Track, mentor: Mentor, now: datetime
) -> None:
    meeting = Barrier(CLIENTS)

    def is_new(key: str, *, person_id: int, fingerprint: bytes, now: datetime) -> int | None:
        row = {"person_id": person_id, "key": key}
        if IdempotentAnswer.objects.filter(**row).exists():
            return None
        meeting.wait(10)
        return IdempotentAnswer.objects.create(fingerprint=fingerprint, created_at=now, **row).pk

    monkeypatch.setattr(idempotency, "_claim", is_new)
    with without_law(LAW):
        answers = track.race([partial(offered_once, mentor, now)] * CLIENTS)
        assert len(set(answers)) == CLIENTS
        assert mentor.session_types.count() == 1 + CLIENTS
