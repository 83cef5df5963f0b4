"""Claims: a mentor takes an open request, schedules it inside a window, or gives it back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openmentor.base import events
from openmentor.base.errors import Invalid, NotAllowed, NotFound, NotPossible
from openmentor.booking import claims, open_requests
from openmentor.booking.models import OpenRequest
from openmentor.booking.refusals import (
    AlreadyClaimed,
    OutsideWindows,
    TimeTaken,
    TooLate,
    TooSoon,
    YouAreBusy,
)
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FROM = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
UNTIL = FROM + timedelta(hours=2)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LEASE = timedelta(hours=48)


@pytest.fixture
def mentee() -> Person:
    return make.person("Tom")


@pytest.fixture
def mentor() -> Mentor:
    return make.mentor("Maya")


def posted(mentee: Person, **need: Any) -> str:
    facts = {
        "kind": "technical_help",
        "title": "A slow query",
        "duration_minutes": 45,
        "windows": [(FROM, UNTIL)],
    }
    return open_requests.post(mentee, now=NOW, **(facts | need)).reference  # type: ignore[arg-type]


def claimed(mentee: Person, mentor: Mentor, **need: Any) -> str:
    reference = posted(mentee, **need)
    claims.claim(reference, by=mentor.person, now=NOW)
    return reference


def kept(reference: str) -> OpenRequest:
    return OpenRequest.objects.get(reference=reference)


def history(reference: str) -> list[str]:
    told = events.history("open_request", kept(reference).pk)
    return [f"{event.from_state}>{event.to_state} {event.why}".strip() for event in told]


def test_the_first_mentor_to_claim_has_it_for_48_hours(mentee: Person, mentor: Mentor) -> None:
    request = claims.claim(posted(mentee), by=mentor.person, now=NOW)
    assert (request.status, request.claimed_by) == ("claimed", mentor)
    assert request.lease_until == NOW + LEASE


def test_a_claim_ends_with_the_last_window(mentee: Person, mentor: Mentor) -> None:
    reference = posted(mentee)
    request = claims.claim(reference, by=mentor.person, now=UNTIL - HOUR)
    assert request.lease_until == UNTIL


def test_the_next_mentor_is_told_that_it_is_claimed(mentee: Person, mentor: Mentor) -> None:
    reference = claimed(mentee, mentor)
    with pytest.raises(AlreadyClaimed):
        claims.claim(reference, by=make.mentor("Kiri").person, now=NOW)
    assert kept(reference).claimed_by == mentor


def test_claiming_what_one_has_claimed_changes_nothing(mentee: Person, mentor: Mentor) -> None:
    reference = claimed(mentee, mentor)
    again = claims.claim(reference, by=mentor.person, now=NOW + HOUR)
    assert again.lease_until == NOW + LEASE
    assert len(history(reference)) == 2


def test_who_is_no_approved_mentor_cannot_claim(mentee: Person) -> None:
    reference = posted(mentee)
    applicant = make.mentor("Ann", status="applied", approved_at=None)
    for person in (make.person("Zoe"), applicant.person):
        with pytest.raises(NotAllowed):
            claims.claim(reference, by=person, now=NOW)


def test_mentors_cannot_claim_their_own_request(mentor: Mentor) -> None:
    with pytest.raises(NotAllowed):
        claims.claim(posted(mentor.person), by=mentor.person, now=NOW)


def test_what_is_not_there_cannot_be_claimed(mentor: Mentor) -> None:
    for reference in ("REQUEST-00000000", "nonsense", ""):
        with pytest.raises(NotFound):
            claims.claim(reference, by=mentor.person, now=NOW)


def test_what_is_over_cannot_be_claimed(mentee: Person, mentor: Mentor) -> None:
    reference = posted(mentee)
    with pytest.raises(TooLate):
        claims.claim(reference, by=mentor.person, now=UNTIL)
    open_requests.cancel(reference, by=mentee, now=NOW)
    with pytest.raises(NotPossible):
        claims.claim(reference, by=mentor.person, now=NOW)


def test_a_released_claim_is_back_on_the_board_with_its_history(
    mentee: Person, mentor: Mentor
) -> None:
    reference = claimed(mentee, mentor)
    claims.release(reference, by=mentor.person, now=NOW)
    request = kept(reference)
    assert (request.status, request.claimed_by, request.lease_until) == ("open", None, None)
    with pytest.raises(NotAllowed):
        claims.release(reference, by=mentor.person, now=NOW)
    claims.claim(reference, by=make.mentor("Kiri").person, now=NOW)
    assert history(reference) == [
        ">open",
        "open>claimed",
        "claimed>open given back",
        "open>claimed",
    ]


@pytest.mark.parametrize(("moment", "lapsed"), [(-SECOND, 0), (0 * SECOND, 1), (SECOND, 1)])
def test_a_claim_lapses_at_the_end_of_its_lease_once(
    mentee: Person, mentor: Mentor, moment: timedelta, lapsed: int
) -> None:
    reference = claimed(mentee, mentor)
    assert claims.lapse_due(now=NOW + LEASE + moment) == lapsed
    assert claims.lapse_due(now=NOW + LEASE + moment) == 0
    assert kept(reference).status == ("open" if lapsed else "claimed")
    assert history(reference)[2:] == ["claimed>open not scheduled in time"] * lapsed


@pytest.mark.parametrize(("moment", "in_time"), [(-SECOND, True), (0 * SECOND, False)])
def test_it_can_be_scheduled_until_the_lease_ends(
    mentee: Person, mentor: Mentor, moment: timedelta, in_time: bool
) -> None:
    reference, then = claimed(mentee, mentor), NOW + LEASE + moment
    if in_time:
        claims.schedule(reference, by=mentor.person, starts_at=FROM, now=then)
    else:
        with pytest.raises(TooLate):
            claims.schedule(reference, by=mentor.person, starts_at=FROM, now=then)
    assert kept(reference).status == ("scheduled" if in_time else "claimed")


def test_scheduling_makes_a_free_session_of_both(mentee: Person, mentor: Mentor) -> None:
    reference = claimed(mentee, mentor, description="It scans.")
    request = claims.schedule(reference, by=mentor.person, starts_at=FROM, now=NOW)
    session = request.session
    assert session is not None
    assert (session.origin, session.status, session.title) == (
        "open_request",
        "scheduled",
        "A slow query",
    )
    assert (session.starts_at, session.ends_at) == (FROM, FROM + 45 * MINUTE)
    booking = session.bookings.get()
    assert (booking.mentee, booking.status, booking.payment_status) == (
        mentee,
        "confirmed",
        "free",
    )
    assert (request.status, request.lease_until) == ("scheduled", None)
    assert booking.notes == "It scans."


def test_every_minute_of_a_window_may_be_chosen_and_no_other(
    mentee: Person, mentor: Mentor
) -> None:
    last = UNTIL - 45 * MINUTE
    for starts_at, inside in [
        (FROM - MINUTE, False),
        (FROM, True),
        (FROM + MINUTE, True),
        (last, True),
        (last + MINUTE, False),
    ]:
        reference = claimed(make.person(), make.mentor())
        by = kept(reference).claimed_by
        assert by is not None
        if inside:
            claims.schedule(reference, by=by.person, starts_at=starts_at, now=NOW)
        else:
            with pytest.raises(OutsideWindows) as refusal:
                claims.schedule(reference, by=by.person, starts_at=starts_at, now=NOW)
            assert len(refusal.value.data["windows"]) == 1


def test_a_time_between_two_windows_is_outside(mentee: Person, mentor: Mentor) -> None:
    apart = [(FROM, FROM + HOUR), (FROM + HOUR + MINUTE, UNTIL)]
    reference = claimed(mentee, mentor, windows=apart)
    with pytest.raises(OutsideWindows):
        claims.schedule(reference, by=mentor.person, starts_at=FROM + 30 * MINUTE, now=NOW)


def test_it_must_be_to_come_and_at_a_full_minute(mentee: Person, mentor: Mentor) -> None:
    reference = claimed(mentee, mentor, windows=[(NOW - HOUR, UNTIL)])
    with pytest.raises(TooSoon):
        claims.schedule(reference, by=mentor.person, starts_at=NOW, now=NOW)
    with pytest.raises(Invalid):
        claims.schedule(reference, by=mentor.person, starts_at=FROM + SECOND, now=NOW)


def test_a_time_that_the_mentor_has_taken_is_refused_buffers_included(
    mentee: Person,
) -> None:
    mentor = make.mentor("Ines", buffer_before=10)
    reference = claimed(mentee, mentor)
    make.session(mentor, make.person(), starts_at=FROM - 35 * MINUTE)
    with pytest.raises(TimeTaken):
        claims.schedule(reference, by=mentor.person, starts_at=FROM, now=NOW)
    at = FROM + 5 * MINUTE
    assert claims.schedule(reference, by=mentor.person, starts_at=at, now=NOW).session


def test_a_time_at_which_the_mentee_is_busy_is_refused(mentee: Person, mentor: Mentor) -> None:
    reference = claimed(mentee, mentor)
    make.session(make.mentor("Kiri"), mentee, starts_at=FROM + 30 * MINUTE)
    with pytest.raises(YouAreBusy):
        claims.schedule(reference, by=mentor.person, starts_at=FROM, now=NOW)
    assert kept(reference).status == "claimed"


def test_nobody_but_who_claimed_it_schedules_or_releases(mentee: Person, mentor: Mentor) -> None:
    reference = claimed(mentee, mentor)
    with pytest.raises(NotAllowed):
        claims.schedule(reference, by=mentee, starts_at=FROM, now=NOW)
    with pytest.raises(NotAllowed):
        claims.release(reference, by=mentee, now=NOW)
    for person in (make.mentor("Kiri").person, make.person("Zoe")):
        with pytest.raises(NotFound):
            claims.schedule(reference, by=person, starts_at=FROM, now=NOW)
        with pytest.raises(NotFound):
            claims.release(reference, by=person, now=NOW)


def test_what_is_scheduled_can_be_neither_released_nor_scheduled_again(
    mentee: Person, mentor: Mentor
) -> None:
    reference = claimed(mentee, mentor)
    claims.schedule(reference, by=mentor.person, starts_at=FROM, now=NOW)
    with pytest.raises(NotPossible):
        claims.release(reference, by=mentor.person, now=NOW)
    with pytest.raises(NotPossible):
        claims.schedule(reference, by=mentor.person, starts_at=FROM + HOUR, now=NOW)
    with pytest.raises(AlreadyClaimed):
        claims.claim(reference, by=make.mentor("Kiri").person, now=NOW)
