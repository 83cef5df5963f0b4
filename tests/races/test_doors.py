"""The same race through the API: one 201, seven 409 with a way on, and never a 500."""

import json
from collections import Counter
from functools import partial
from typing import Any

import pytest
from pytest_django import Settings

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests.api.client import Api
from tests.races.arena import CLIENTS, ROUNDS, Call, Track, tally

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def offered(mentor: Mentor) -> SessionType:
    return SessionType.objects.get(mentor=mentor)


@pytest.fixture
def apis(mentees: list[Person], settings: Settings) -> list[Api]:
    """A program for each mentee; nobody minds how often they call."""
    settings.RATE_LIMITS = False
    return [Api(mentee) for mentee in mentees]


def free_starts(api: Api, mentor: Mentor, offered: SessionType) -> list[str]:
    """What the API offers, which is what it must accept."""
    answer = api.get(f"/mentors/{mentor.handle}/availability?sessionTypeId={offered.reference}")
    return [slot["start"] for slot in answer.json()["slots"]]


def bookings(
    apis: list[Api], mentor: Mentor, offered: SessionType, start: str, **headers: str
) -> list[Call]:
    body = {
        "mentorId": mentor.handle,
        "sessionTypeId": offered.reference,
        "scheduledAt": start,
    }
    return [partial(api.post, "/sessions/book", body, **headers) for api in apis]


def test_eight_programs_want_one_time(
    track: Track, mentor: Mentor, offered: SessionType, apis: list[Api]
) -> None:
    for start in free_starts(apis[0], mentor, offered)[: ROUNDS // 4]:
        answers = track.race(bookings(apis, mentor, offered, start))
        assert statuses(answers) == {201: 1, 409: CLIENTS - 1}
        lost = [json.loads(answer.content) for answer in answers if answer.status_code == 409]
        assert {problem["code"] for problem in lost} == {"time_taken"}
        assert {len(problem["alternatives"]) for problem in lost} == {3}


def test_one_program_that_sends_a_booking_eight_times_under_one_key_has_one_session(
    track: Track, mentor: Mentor, offered: SessionType, apis: list[Api]
) -> None:
    start = free_starts(apis[0], mentor, offered)[0]
    answers = track.race(
        bookings([apis[0]] * CLIENTS, mentor, offered, start, Idempotency_Key="a double click")
    )
    assert statuses(answers) == {201: CLIENTS}
    assert len({answer.content for answer in answers}) == 1
    assert Session.objects.count() == 1


def statuses(answers: list[Any]) -> Counter[int]:
    assert tally(answers) == {"won": len(answers)}, "a refusal came past the door"
    return Counter(answer.status_code for answer in answers)
