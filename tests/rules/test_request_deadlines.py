"""Each deadline of requests, a second before, at the second, and a second after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openmentor.base.errors import Refusal
from openmentor.base.models import Event
from openmentor.booking import claims, open_requests, requests, sessions, settlement
from openmentor.booking.models import OpenRequest, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
FAR, NEAR = NOW + 10 * DAY, NOW + 12 * HOUR

around = pytest.mark.parametrize(
    ("moment", "is_over"),
    [(-SECOND, False), (0 * SECOND, True), (SECOND, True)],
    ids=["a second before", "at the second", "a second after"],
)


@pytest.fixture
def tom() -> Person:
    return make.person("Tom")


@pytest.fixture
def maya() -> Mentor:
    return make.mentor("Maya", one_on_one_price_minor=100_000)


def asked(tom: Person, maya: Mentor, *, at: datetime = FAR) -> Session:
    return requests.propose(tom, handle=maya.handle, minutes=30, starts_at=at, now=NOW)


def refused(call: Any, *args: Any, **facts: Any) -> str:
    """The code of the refusal, or nothing."""
    try:
        call(*args, **facts)
    except Refusal as refusal:
        return refusal.code
    return ""


@around
@pytest.mark.parametrize(
    ("at", "deadline"),
    [(FAR, NOW + 48 * HOUR), (NEAR, NEAR - 2 * HOUR)],
    ids=["after 48 hours", "2 hours before its time"],
)
def test_an_unanswered_request_expires(
    tom: Person, maya: Mentor, at: datetime, deadline: datetime, moment: timedelta, *, is_over: bool
) -> None:
    session = asked(tom, maya, at=at)
    then = deadline + moment
    assert requests.expire_due(now=then) == is_over
    late = "not_possible" if is_over else ""
    assert refused(requests.accept, session.reference, by=maya.person, now=then) == late


@around
def test_the_mentor_answers_until_the_deadline_even_if_the_clock_is_late(
    tom: Person, maya: Mentor, moment: timedelta, *, is_over: bool
) -> None:
    then = NOW + 48 * HOUR + moment
    late = "too_late" if is_over else ""
    answers: list[tuple[Any, dict[str, Any]]] = [
        (requests.accept, {}),
        (requests.reject, {"reason": "No"}),
        (requests.suggest, {"times": [FAR + DAY]}),
    ]
    for number, (answer, facts) in enumerate(answers):
        session = asked(make.person(), maya, at=FAR + number * HOUR)
        assert refused(answer, session.reference, by=maya.person, now=then, **facts) == late


@around
@pytest.mark.parametrize(
    ("others", "deadline"),
    [
        ([FAR + DAY], NOW + HOUR + 48 * HOUR),
        ([NEAR, NEAR + HOUR], NEAR - HOUR),
    ],
    ids=["after 48 hours", "2 hours before the last of them"],
)
def test_the_mentee_picks_until_the_deadline(
    tom: Person,
    maya: Mentor,
    others: list[datetime],
    deadline: datetime,
    moment: timedelta,
    *,
    is_over: bool,
) -> None:
    session = asked(tom, maya)
    requests.suggest(session.reference, by=maya.person, times=others, now=NOW + HOUR)
    pick = refused(
        requests.pick,
        session.reference,
        by=tom,
        starts_at=others[-1],
        now=deadline + moment,
    )
    assert pick == ("too_late" if is_over else "")
    assert requests.expire_due(now=deadline + moment) == is_over


@around
def test_the_mentor_is_reminded_after_a_day(
    tom: Person, maya: Mentor, moment: timedelta, *, is_over: bool
) -> None:
    asked(tom, maya)
    assert requests.remind_due(now=NOW + DAY + moment) == is_over
    assert Event.objects.filter(name="session.answer_reminded").count() == is_over


def test_nobody_is_reminded_of_what_is_answered_or_over(tom: Person, maya: Mentor) -> None:
    for number, end in enumerate(("answered", "proposed", "expired")):
        session = asked(make.person(), maya, at=FAR + number * HOUR)
        if end == "answered":
            requests.reject(session.reference, by=maya.person, reason="No", now=NOW)
        elif end == "proposed":
            requests.suggest(session.reference, by=maya.person, times=[FAR + DAY], now=NOW)
    assert requests.remind_due(now=NOW + 49 * HOUR) == 0


@around
def test_a_time_must_be_more_than_two_hours_ahead(
    tom: Person, maya: Mentor, moment: timedelta, *, is_over: bool
) -> None:
    now = NEAR - 2 * HOUR + moment
    said = refused(requests.propose, tom, handle=maya.handle, minutes=30, starts_at=NEAR, now=now)
    assert said == ("too_soon" if is_over else "")


@around
@pytest.mark.parametrize(
    ("at", "deadline"),
    [(FAR, NOW + DAY), (NEAR, NEAR)],
    ids=["after 24 hours", "when it begins"],
)
def test_an_accepted_one_is_to_be_paid(
    tom: Person, maya: Mentor, at: datetime, deadline: datetime, moment: timedelta, *, is_over: bool
) -> None:
    session = asked(tom, maya, at=at)
    requests.accept(session.reference, by=maya.person, now=NOW)
    assert settlement.expire_due(now=deadline + moment) == is_over
    session.refresh_from_db()
    assert session.status == ("cancelled" if is_over else "scheduled")
    assert session.takes_time is not is_over


def posted(tom: Person) -> OpenRequest:
    return open_requests.post(
        tom, kind="other", title="Help", duration_minutes=30, windows=[(FAR, FAR + HOUR)], now=NOW
    )


@around
def test_an_open_request_expires_with_its_last_window(
    tom: Person, maya: Mentor, moment: timedelta, *, is_over: bool
) -> None:
    request = posted(tom)
    then = FAR + HOUR + moment
    claim = refused(claims.claim, request.reference, by=maya.person, now=then)
    assert claim == ("too_late" if is_over else "")
    if not is_over:
        claims.release(request.reference, by=maya.person, now=then)
    assert open_requests.expire_due(now=then) == is_over


@around
def test_a_claim_lasts_48_hours(
    tom: Person, maya: Mentor, moment: timedelta, *, is_over: bool
) -> None:
    request = posted(tom)
    claims.claim(request.reference, by=maya.person, now=NOW)
    then = NOW + 48 * HOUR + moment
    if is_over:
        schedule = {"by": maya.person, "starts_at": FAR, "now": then}
        assert refused(claims.schedule, request.reference, **schedule) == "too_late"
    assert claims.lapse_due(now=then) == is_over
    request.refresh_from_db()
    assert request.status == ("open" if is_over else "claimed")


@around
def test_a_claim_lasts_no_longer_than_the_windows(
    tom: Person, maya: Mentor, moment: timedelta, *, is_over: bool
) -> None:
    request = posted(tom)
    claims.claim(request.reference, by=maya.person, now=FAR)
    then = FAR + HOUR + moment
    assert claims.lapse_due(now=then) == is_over
    assert open_requests.expire_due(now=then) == is_over


@around
def test_a_scheduled_one_completes_half_an_hour_after_its_end(
    tom: Person, maya: Mentor, moment: timedelta, *, is_over: bool
) -> None:
    request = posted(tom)
    claims.claim(request.reference, by=maya.person, now=NOW)
    claims.schedule(request.reference, by=maya.person, starts_at=FAR, now=NOW)
    assert sessions.complete_overdue(now=FAR + HOUR + moment) == is_over
    request.refresh_from_db()
    assert request.status == ("completed" if is_over else "scheduled")
