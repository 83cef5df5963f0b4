"""Requests: a mentee proposes, the mentor decides, the clock decides when nobody does."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base.errors import NotAllowed, NotPossible
from openmentor.base.models import Event
from openmentor.booking import requests, sessions
from openmentor.booking.models import Session
from openmentor.booking.refusals import (
    OwnProfile,
    TimeTaken,
    TooLate,
    TooManyRequestsPending,
    TooSoon,
    YouAreBusy,
)
from openmentor.mentors.models import Mentor
from openmentor.payments.models import Order
from openmentor.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
AT = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)  # A Saturday evening: no office hours.
SECOND = timedelta(seconds=1)


@pytest.fixture
def mentor() -> Mentor:
    return make.mentor("Maya", one_on_one_price_minor=10_001)


@pytest.fixture
def mentee() -> Person:
    return make.person("Tom")


def asked(mentor: Mentor, mentee: Person, *, at: datetime = AT, free: bool = True) -> Session:
    kind = mentor.session_types.get().reference if free else ""
    return requests.propose(
        mentee,
        handle=mentor.handle,
        session_type=kind,
        minutes=None if free else 45,
        starts_at=at,
        message="May I?",
        now=NOW,
    )


def status(session: Session) -> str:
    return Session.objects.values_list("status", flat=True).get(pk=session.pk)


def test_a_request_may_be_for_any_time_to_come(mentor: Mentor, mentee: Person) -> None:
    session = asked(mentor, mentee)
    assert (session.status, session.takes_time) == ("pending", False)
    assert session.request.answer_by == NOW + timedelta(hours=48)


def test_its_price_is_the_hourly_price_by_the_minute_half_up(
    mentor: Mentor, mentee: Person
) -> None:
    assert asked(mentor, mentee, free=False).price_minor == 7501


def test_an_accepted_free_request_is_scheduled_and_confirmed(
    mentor: Mentor, mentee: Person
) -> None:
    session = asked(mentor, mentee)
    accepted = requests.accept(session.reference, by=mentor.person, now=NOW)
    assert (accepted.status, accepted.accepted_at) == ("scheduled", NOW)
    assert accepted.bookings.get().status == "confirmed"


def test_an_accepted_priced_request_is_held_for_a_day(mentor: Mentor, mentee: Person) -> None:
    session = asked(mentor, mentee, free=False)
    requests.accept(session.reference, by=mentor.person, now=NOW)
    order = Order.objects.get()
    assert (order.amount_minor, order.expires_at) == (7501, NOW + timedelta(hours=24))
    assert session.bookings.get().status == "held"


def test_accepting_turns_down_the_others_with_alternatives(mentor: Mentor, mentee: Person) -> None:
    won = asked(mentor, mentee)
    lost = asked(mentor, make.person("Lena"), at=AT + timedelta(minutes=15))
    beside = asked(mentor, make.person("Zoe"), at=AT + timedelta(minutes=30))
    requests.accept(won.reference, by=mentor.person, now=NOW)
    lost.refresh_from_db()
    assert (lost.status, lost.cancel_reason) == ("rejected", "taken meanwhile")
    assert len(lost.request.alternatives) == 3
    assert status(beside) == "pending"


def test_a_time_that_is_taken_meanwhile_cannot_be_accepted(mentor: Mentor, mentee: Person) -> None:
    session = asked(mentor, mentee)
    make.session(mentor, make.person("Lena"), starts_at=AT)
    with pytest.raises(TimeTaken):
        requests.accept(session.reference, by=mentor.person, now=NOW)
    assert status(session) == "pending"


def test_a_mentee_who_is_busy_by_now_cannot_be_accepted(mentor: Mentor, mentee: Person) -> None:
    session = asked(mentor, mentee)
    make.session(make.mentor("Kiri"), mentee, starts_at=AT)
    with pytest.raises(YouAreBusy):
        requests.accept(session.reference, by=mentor.person, now=NOW)


def test_only_the_mentor_answers(mentor: Mentor, mentee: Person) -> None:
    session = asked(mentor, mentee)
    with pytest.raises(NotAllowed):
        requests.accept(session.reference, by=mentee, now=NOW)
    with pytest.raises(NotAllowed):
        requests.reject(session.reference, by=mentee, reason="no", now=NOW)


def test_a_rejection_says_why(mentor: Mentor, mentee: Person) -> None:
    session = asked(mentor, mentee)
    requests.reject(session.reference, by=mentor.person, reason=" Not my field. ", now=NOW)
    session.refresh_from_db()
    assert (session.status, session.cancel_reason) == ("rejected", "Not my field.")
    with pytest.raises(NotPossible):
        requests.accept(session.reference, by=mentor.person, now=NOW)


def test_the_mentee_picks_one_of_the_times_the_mentor_proposed(
    mentor: Mentor, mentee: Person
) -> None:
    session = asked(mentor, mentee)
    other = AT + timedelta(days=1)
    requests.suggest(session.reference, by=mentor.person, times=[other], now=NOW)
    picked = requests.pick(session.reference, by=mentee, starts_at=other, now=NOW)
    assert (picked.status, picked.starts_at) == ("scheduled", other)
    assert picked.bookings.get().starts_at == other


def test_a_mentee_withdraws(mentor: Mentor, mentee: Person) -> None:
    session = asked(mentor, mentee)
    sessions.cancel(session.reference, by=mentee, now=NOW)
    assert status(session) == "cancelled"


def test_three_requests_to_one_mentor_are_enough(mentor: Mentor, mentee: Person) -> None:
    for day in range(3):
        asked(mentor, mentee, at=AT + timedelta(days=day))
    with pytest.raises(TooManyRequestsPending):
        asked(mentor, mentee, at=AT + timedelta(days=3))
    assert asked(make.mentor("Kiri"), mentee).status == "pending"


def test_nobody_asks_himself(mentor: Mentor) -> None:
    with pytest.raises(OwnProfile):
        asked(mentor, mentor.person)


def test_a_request_within_two_hours_is_too_soon(mentor: Mentor, mentee: Person) -> None:
    with pytest.raises(TooSoon):
        asked(mentor, mentee, at=NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    ("at", "deadline"),
    [
        (AT, NOW + timedelta(hours=48)),
        (NOW + timedelta(hours=12), NOW + timedelta(hours=10)),
    ],
)
def test_a_request_expires_at_its_deadline(
    mentor: Mentor, mentee: Person, at: datetime, deadline: datetime
) -> None:
    session = asked(mentor, mentee, at=at)
    assert requests.expire_due(now=deadline - SECOND) == 0
    with pytest.raises(TooLate):
        requests.accept(session.reference, by=mentor.person, now=deadline)
    assert requests.expire_due(now=deadline) == 1
    assert status(session) == "expired"


def test_the_mentor_is_reminded_once_after_a_day(mentor: Mentor, mentee: Person) -> None:
    asked(mentor, mentee)
    due = NOW + timedelta(hours=24)
    assert [requests.remind_due(now=due - SECOND), requests.remind_due(now=due)] == [0, 1]
    assert requests.remind_due(now=due + SECOND) == 0
    assert Event.objects.filter(name="session.answer_reminded").count() == 1


def test_pending_requests_hold_the_time_where_the_mentor_says_so(mentee: Person) -> None:
    mentor = make.mentor("Maya", pending_requests_hold_time=True)
    session = asked(mentor, mentee)
    assert session.takes_time
    with pytest.raises(TimeTaken):
        asked(mentor, make.person("Lena"))
    assert requests.accept(session.reference, by=mentor.person, now=NOW).status == "scheduled"
