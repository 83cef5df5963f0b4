"""Many mentors want one open request: one has it. Nothing that happens to it is lost or doubled."""

import os
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from openmentor.base import events
from openmentor.booking import claims, open_permits, open_requests
from openmentor.booking.models import OpenRequest, Session
from openmentor.booking.visibility import OpenRequestQuerySet
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.races.arena import ROUNDS, Track, meet_after, tally
from tests.races.conftest import slot

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMANTS = 50
CLAIM_ROUNDS = 200 if os.environ.get("OPENMENTOR_ALL") else 10
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def tom(db: None) -> Person:
    return make.person("Tom")


@pytest.fixture
def claimants(db: None) -> list[Person]:
    return [make.mentor(minutes=0).person for _ in range(CLAIMANTS)]


def posted(mentee: Person, starts_at: datetime, now: datetime) -> OpenRequest:
    return open_requests.post(
        mentee,
        kind="other",
        title="Help",
        duration_minutes=30,
        windows=[(starts_at, starts_at + HOUR)],
        now=now,
    )


def claimed(mentee: Person, mentor: Mentor, starts_at: datetime, now: datetime) -> OpenRequest:
    request = posted(mentee, starts_at, now)
    return claims.claim(request.reference, by=mentor.person, now=now)


def states(request: OpenRequest) -> list[str]:
    """The states it went through; each move begins where the last one ended."""
    told = events.history("open_request", request.pk)
    assert all(before.to_state == after.from_state for before, after in pairwise(told))
    request.refresh_from_db()
    assert request.status == told[-1].to_state
    return [event.to_state for event in told]


def test_one_of_fifty_mentors_has_it(tom: Person, claimants: list[Person], now: datetime) -> None:
    with Track(CLAIMANTS) as track:
        for number in range(CLAIM_ROUNDS):
            request = posted(tom, slot(4 * number), now)
            outcomes = track.race(
                [partial(claims.claim, request.reference, by=each, now=now) for each in claimants]
            )
            assert tally(outcomes) == {"won": 1, "already_claimed": CLAIMANTS - 1}
            assert states(request) == ["open", "claimed"]


def test_without_the_lock_several_have_it(
    monkeypatch: pytest.MonkeyPatch, tom: Person, claimants: list[Person], now: datetime
) -> None:
    monkeypatch.setattr(OpenRequestQuerySet, "select_for_update", lambda rows: rows)
    meet_after(monkeypatch, open_permits, "demand_claimable", runners=4)
    request = posted(tom, slot(0), now)
    with Track(4) as track:
        outcomes = track.race(
            [partial(claims.claim, request.reference, by=each, now=now) for each in claimants[:4]]
        )
    happened = [event.to_state for event in events.history("open_request", request.pk)]
    assert happened.count("claimed") == 4, tally(outcomes)


def test_claim_against_cancel_against_expiry(tom: Person, mentor: Mentor, now: datetime) -> None:
    legal = (
        ["open", "claimed"],
        ["open", "cancelled"],
        ["open", "expired"],
        ["open", "claimed", "cancelled"],
    )
    with Track(3) as track:
        for number in range(ROUNDS):
            request = posted(tom, slot(4 * number), now)
            over, before = request.ends_at, request.ends_at - SECOND
            claim, cancel, expired = track.race(
                [
                    partial(claims.claim, request.reference, by=mentor.person, now=before),
                    partial(open_requests.cancel, request.reference, by=tom, now=before),
                    partial(open_requests.expire_due, now=over),
                ]
            )
            happened = states(request)
            assert happened in legal
            assert isinstance(claim, OpenRequest) == ("claimed" in happened)
            assert isinstance(cancel, OpenRequest) == ("cancelled" in happened)
            assert expired == happened.count("expired")
            OpenRequest.objects.all().delete()


def test_scheduling_against_the_end_of_the_lease(
    tom: Person, mentor: Mentor, now: datetime
) -> None:
    with Track(2) as track:
        for number in range(ROUNDS):
            request = claimed(tom, mentor, slot(4 * number + 200), now)
            assert request.lease_until is not None
            lease = request.lease_until
            scheduled, lapsed = track.race(
                [
                    partial(
                        claims.schedule,
                        request.reference,
                        by=mentor.person,
                        starts_at=slot(4 * number + 200),
                        now=lease - SECOND,
                    ),
                    partial(claims.lapse_due, now=lease),
                ]
            )
            won = isinstance(scheduled, OpenRequest)
            assert won or tally([scheduled]) == {"not_allowed": 1}
            assert lapsed == (0 if won else 1)
            assert states(request)[2:] == ["scheduled" if won else "open"]
            OpenRequest.objects.filter(session=None).delete()


def test_a_claim_given_back_while_it_lapses_is_back_once(
    tom: Person, mentor: Mentor, now: datetime
) -> None:
    with Track(2) as track:
        for number in range(ROUNDS):
            request = claimed(tom, mentor, slot(4 * number + 200), now)
            assert request.lease_until is not None
            then = request.lease_until
            track.race(
                [
                    partial(claims.release, request.reference, by=mentor.person, now=then),
                    partial(claims.lapse_due, now=then),
                ]
            )
            assert states(request) == ["open", "claimed", "open"]
            OpenRequest.objects.all().delete()


def test_a_double_click_schedules_once(
    track: Track, tom: Person, mentor: Mentor, now: datetime
) -> None:
    for number in range(ROUNDS // 4):
        request = claimed(tom, mentor, slot(4 * number), now)
        schedule = partial(
            claims.schedule,
            request.reference,
            by=mentor.person,
            starts_at=slot(4 * number),
            now=now,
        )
        outcomes = track.race([schedule] * track.runners)
        assert tally(outcomes) == {"won": 1, "not_possible": track.runners - 1}
    assert Session.objects.count() == ROUNDS // 4


def test_two_requests_cannot_be_given_one_time(
    tom: Person, mentees: list[Person], mentor: Mentor, now: datetime
) -> None:
    with Track(2) as track:
        for number in range(ROUNDS):
            at = slot(4 * number)
            two = [claimed(mentee, mentor, at, now) for mentee in (tom, mentees[0])]
            outcomes = track.race(
                [
                    partial(
                        claims.schedule, each.reference, by=mentor.person, starts_at=at, now=now
                    )
                    for each in two
                ]
            )
            assert tally(outcomes) == {"won": 1, "time_taken": 1}


def test_a_mentee_cannot_be_given_one_time_by_two_mentors(
    tom: Person, mentor: Mentor, other_mentor: Mentor, now: datetime
) -> None:
    with Track(2) as track:
        for number in range(ROUNDS):
            at = slot(4 * number)
            both = (mentor, other_mentor)
            two = [claimed(tom, each, at, now) for each in both]
            outcomes = track.race(
                [
                    partial(claims.schedule, request.reference, by=by.person, starts_at=at, now=now)
                    for request, by in zip(two, both, strict=True)
                ]
            )
            assert tally(outcomes) == {"won": 1, "you_are_busy": 1}
