"""A mentor's yes against everything else that may happen to a request in the same instant."""

import os
from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest

from openmentor.booking import acceptance, calendar, requests, sessions
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.races.arena import ROUNDS, Track, meet_after, remove_locks, tally, without_law
from tests.races.conftest import slot

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "session_mentor_is_in_one_place"
MOST = 10
WIDE_ROUNDS = ROUNDS if os.environ.get("OPENMENTOR_ALL") else 2 * (MOST - 1)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def many(db: None) -> list[Person]:
    """As many mentees as ask for one time at most."""
    return [make.person() for _ in range(MOST)]


def asked(mentor: Mentor, mentee: Person, starts_at: datetime, now: datetime) -> Session:
    return requests.propose(mentee, handle=mentor.handle, minutes=60, starts_at=starts_at, now=now)


def overlapping(
    mentor: Mentor, mentees: list[Person], starts_at: datetime, now: datetime
) -> list[Session]:
    """A request of each mentee, each five minutes later than the last."""
    return [
        asked(mentor, mentee, starts_at + 5 * number * MINUTE, now)
        for number, mentee in enumerate(mentees)
    ]


def statuses(sessions_: list[Session]) -> Counter[str]:
    keys = [session.pk for session in sessions_]
    return Counter(Session.objects.filter(pk__in=keys).values_list("status", flat=True))


def test_of_overlapping_requests_accepted_at_once_one_is_scheduled(
    mentor: Mentor, many: list[Person], now: datetime
) -> None:
    with Track(MOST) as track:
        for number in range(WIDE_ROUNDS):
            several = 2 + number % (MOST - 1)
            wanted = overlapping(mentor, many[:several], slot(4 * number), now)
            outcomes = track.race(
                [
                    partial(requests.accept, each.reference, by=mentor.person, now=now)
                    for each in wanted
                ]
            )
            assert tally(outcomes) == {"won": 1, "not_possible": several - 1}
            assert statuses(wanted) == {"scheduled": 1, "rejected": several - 1}
            lost = [Session.objects.get(pk=each.pk) for each in wanted]
            told = [each for each in lost if each.status == Session.Status.REJECTED]
            assert {each.cancel_reason for each in told} == {acceptance.TAKEN_MEANWHILE}
            assert {len(each.request.alternatives) for each in told} == {3}
    assert Booking.objects.count() == WIDE_ROUNDS


def test_without_lock_and_law_all_of_them_are(
    monkeypatch: pytest.MonkeyPatch, mentor: Mentor, many: list[Person], now: datetime
) -> None:
    with without_law(LAW), Track(4) as track:
        wanted = overlapping(mentor, many[:4], slot(0), now)
        remove_locks(monkeypatch)
        monkeypatch.setattr(acceptance, "_turn_down_the_others", lambda session, now: None)
        meet_after(monkeypatch, calendar, "demand_free", runners=4)
        yes = partial(requests.accept, by=mentor.person, now=now)
        outcomes = track.race([partial(yes, each.reference) for each in wanted])
        assert tally(outcomes) == {"won": 4}
        assert statuses(wanted) == {"scheduled": 4}


def test_yes_against_an_instant_booking(
    mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    with Track(2) as track:
        for number in range(ROUNDS):
            session = asked(mentor, mentees[0], slot(4 * number) + 10 * MINUTE, now)
            outcomes = track.race(
                [
                    partial(requests.accept, session.reference, by=mentor.person, now=now),
                    partial(make.booked, mentor, mentees[1], starts_at=slot(4 * number), now=now),
                ]
            )
            assert tally(outcomes) == {"won": 1, "time_taken": 1}
            session.refresh_from_db()
            lost = session.status == Session.Status.PENDING
            assert session.status in {Session.Status.PENDING, Session.Status.SCHEDULED}
            if lost:
                sessions.cancel(session.reference, by=mentees[0], now=now)


def test_yes_against_a_withdrawal_ends_withdrawn(
    mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    mentee, accepted = mentees[0], 0
    with Track(2) as track:
        for number in range(ROUNDS):
            session = asked(mentor, mentee, slot(4 * number), now)
            yes, withdrawn = track.race(
                [
                    partial(requests.accept, session.reference, by=mentor.person, now=now),
                    partial(sessions.cancel, session.reference, by=mentee, now=now),
                ]
            )
            assert isinstance(withdrawn, Session)
            assert tally([yes]) in ({"won": 1}, {"not_possible": 1})
            accepted += isinstance(yes, Session)
            assert statuses([session]) == {"cancelled": 1}
    places = Booking.objects.filter(mentee=mentee).values_list("status", flat=True)
    assert Counter(places) == Counter({"cancelled": accepted})


def test_yes_against_the_deadline(mentor: Mentor, mentees: list[Person], now: datetime) -> None:
    with Track(2) as track:
        for number in range(ROUNDS):
            session = asked(mentor, mentees[0], slot(4 * number), now)
            deadline = session.request.answer_by
            in_time = deadline - SECOND
            yes, expired = track.race(
                [
                    partial(requests.accept, session.reference, by=mentor.person, now=in_time),
                    partial(requests.expire_due, now=deadline),
                ]
            )
            won = isinstance(yes, Session)
            assert won or tally([yes]) == {"not_possible": 1}
            assert expired == (0 if won else 1)
            assert statuses([session]) == {("scheduled" if won else "expired"): 1}


def test_three_requests_at_most_of_eight_sent_at_once(
    track: Track, mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    calls = [
        partial(asked, mentor, mentees[0], slot(4 * number), now) for number in range(track.runners)
    ]
    outcomes = track.race(calls)
    assert tally(outcomes) == {"won": 3, "too_many_requests_pending": track.runners - 3}


def test_a_picked_time_against_an_instant_booking_of_it(
    mentor: Mentor, mentees: list[Person], now: datetime
) -> None:
    with Track(2) as track:
        for number in range(ROUNDS // 4):
            session = asked(mentor, mentees[0], slot(8 * number), now)
            other = slot(8 * number + 4)
            requests.suggest(session.reference, by=mentor.person, times=[other], now=now)
            outcomes = track.race(
                [
                    partial(
                        requests.pick, session.reference, by=mentees[0], starts_at=other, now=now
                    ),
                    partial(make.booked, mentor, mentees[1], starts_at=other, now=now),
                ]
            )
            assert tally(outcomes) == {"won": 1, "time_taken": 1}
            if not isinstance(outcomes[0], Session):
                sessions.cancel(session.reference, by=mentees[0], now=now)
