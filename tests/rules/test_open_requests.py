"""Open requests: a mentee posts a need, changes it, takes it back; the clock ends it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openmentor.base import events
from openmentor.base.errors import Invalid, NotAllowed, NotFound, NotPossible, constraint_of
from openmentor.booking import claims, open_requests, sessions
from openmentor.booking.models import OpenRequest, OpenRequestWindow
from openmentor.booking.needs import ranges, windows_of
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from openmentor.people.refusals import EmailNotVerified
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FROM = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
UNTIL = FROM + timedelta(hours=3)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def mentee() -> Person:
    return make.person("Tom")


@pytest.fixture
def mentor() -> Mentor:
    return make.mentor("Maya")


def posted(mentee: Person, **need: Any) -> OpenRequest:
    facts = {
        "kind": "interview_prep",
        "title": "A mock interview",
        "duration_minutes": 30,
        "windows": [(FROM, UNTIL)],
    }
    return open_requests.post(mentee, now=NOW, **(facts | need))  # type: ignore[arg-type]


def faults(**need: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        posted(make.person(), **need)
    return {line["field"]: line["message"] for line in refusal.value.data["errors"]}


def states(request: OpenRequest) -> list[str]:
    return [event.name for event in events.history("open_request", request.pk)]


def test_a_posted_request_is_open_with_what_was_said(mentee: Person) -> None:
    request = posted(mentee, title="  Mock ", tags=["React", " react", "CSS"], urgency="high")
    assert (request.status, request.title, request.tags) == ("open", "Mock", ["React", "CSS"])
    assert (request.format, request.language, request.urgency_rank) == ("video", "", 2)
    assert windows_of(request) == [(FROM, UNTIL)]
    assert request.ends_at == UNTIL
    assert states(request) == ["open_request.open"]


def test_windows_that_touch_or_overlap_become_one(mentee: Person) -> None:
    parts = [(UNTIL, UNTIL + HOUR), (FROM, UNTIL), (FROM + HOUR, UNTIL)]
    assert windows_of(posted(mentee, windows=parts)) == [(FROM, UNTIL + HOUR)]


@pytest.mark.parametrize(
    ("need", "wrong"),
    [
        ({"kind": "gossip"}, "kind"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"description": "x" * 2001}, "description"),
        ({"format": "fax"}, "format"),
        ({"urgency": "now"}, "urgency"),
        ({"duration_minutes": 31}, "duration_minutes"),
        ({"tags": ["x"] * 11 + [f"{n}" for n in range(11)]}, "tags"),
        ({"tags": ["x" * 41]}, "tags"),
        ({"language": "x" * 41}, "language"),
        ({"windows": []}, "windows"),
        ({"windows": [(FROM, UNTIL)] * 101}, "windows"),
        ({"windows": [(FROM, UNTIL), (UNTIL, FROM)]}, "windows[1]"),
        ({"windows": [(FROM, FROM + timedelta(minutes=29))]}, "windows[0]"),
        ({"windows": [(FROM, UNTIL + SECOND)]}, "windows[0]"),
        ({"windows": [(FROM, NOW + timedelta(days=367))]}, "windows[0]"),
        ({"windows": [(NOW - HOUR, NOW + timedelta(minutes=30))]}, "windows[0]"),
    ],
)
def test_a_need_that_cannot_be_kept_names_its_field(need: dict[str, Any], wrong: str) -> None:
    assert list(faults(**need)) == [wrong]


def test_a_window_that_began_may_be_offered_while_there_is_time_in_it(mentee: Person) -> None:
    window = (NOW - HOUR, NOW + timedelta(minutes=31))
    assert windows_of(posted(mentee, windows=[window])) == [window]


def test_the_address_must_be_verified_first(settings: Any) -> None:
    settings.VERIFY_EMAIL = True
    with pytest.raises(EmailNotVerified):
        posted(make.person(verified=False))


def test_it_can_be_changed_while_it_is_open(mentee: Person) -> None:
    request = posted(mentee)
    later = [(FROM + 24 * HOUR, UNTIL + 24 * HOUR)]
    changed = open_requests.edit(
        request.reference, by=mentee, title="Another", windows=later, now=NOW
    )
    assert (changed.title, changed.duration_minutes) == ("Another", 30)
    assert (windows_of(changed), changed.ends_at) == (later, later[0][1])
    assert states(request) == ["open_request.open", "open_request.edited"]


def test_a_longer_duration_must_fit_the_windows_that_stay(mentee: Person) -> None:
    request = posted(mentee, windows=[(FROM, FROM + timedelta(minutes=45))])
    with pytest.raises(Invalid):
        open_requests.edit(request.reference, by=mentee, duration_minutes=60, now=NOW)
    changed = open_requests.edit(request.reference, by=mentee, duration_minutes=45, now=NOW)
    assert changed.duration_minutes == 45


def test_it_cannot_be_changed_once_it_is_claimed(mentee: Person, mentor: Mentor) -> None:
    request = posted(mentee)
    claims.claim(request.reference, by=mentor.person, now=NOW)
    with pytest.raises(NotPossible):
        open_requests.edit(request.reference, by=mentee, title="Too late", now=NOW)


def test_it_can_be_cancelled_open_or_claimed_and_only_once(mentee: Person, mentor: Mentor) -> None:
    for claimed in (False, True):
        request = posted(mentee)
        if claimed:
            claims.claim(request.reference, by=mentor.person, now=NOW)
        open_requests.cancel(request.reference, by=mentee, reason="Found one", now=NOW)
        request.refresh_from_db()
        assert (request.status, request.lease_until) == ("cancelled", None)
        with pytest.raises(NotPossible):
            open_requests.cancel(request.reference, by=mentee, now=NOW)
    [*_, cancelled] = events.history("open_request", request.pk)
    assert (cancelled.why, cancelled.from_state) == ("Found one", "claimed")


def test_only_its_mentee_changes_and_cancels_it(mentee: Person, mentor: Mentor) -> None:
    request = posted(mentee)
    for act in (open_requests.edit, open_requests.cancel):
        with pytest.raises(NotAllowed):
            act(request.reference, by=mentor.person, now=NOW)
        with pytest.raises(NotFound):
            act(request.reference, by=make.person("Zoe"), now=NOW)


def test_it_is_seen_by_its_mentee_approved_mentors_and_staff(
    mentee: Person, mentor: Mentor
) -> None:
    request = posted(mentee)
    applicant = make.mentor("Ann", status="applied", approved_at=None)
    seen = {
        "mentee": mentee,
        "mentor": mentor.person,
        "staff": make.person(is_staff=True),
        "stranger": make.person("Zoe"),
        "applicant": applicant.person,
    }
    found = {
        who: OpenRequest.objects.visible_to(person).filter(pk=request.pk).exists()
        for who, person in seen.items()
    }
    assert [who for who, does in found.items() if does] == ["mentee", "mentor", "staff"]


def test_a_claimed_one_is_hidden_from_other_mentors(mentee: Person, mentor: Mentor) -> None:
    request = posted(mentee)
    claims.claim(request.reference, by=mentor.person, now=NOW)
    with pytest.raises(NotFound):
        open_requests.find(request.reference, for_=make.mentor("Kiri").person)
    assert open_requests.find(request.reference, for_=mentor.person).status == "claimed"


@pytest.mark.parametrize(("moment", "expired"), [(-SECOND, 0), (0 * SECOND, 1), (SECOND, 1)])
def test_it_expires_when_its_last_window_is_over(
    mentee: Person, moment: timedelta, expired: int
) -> None:
    request = posted(mentee)
    assert open_requests.expire_due(now=UNTIL + moment) == expired
    request.refresh_from_db()
    assert request.status == ("expired" if expired else "open")
    assert open_requests.expire_due(now=UNTIL + HOUR) == 1 - expired


def scheduled(mentee: Person, mentor: Mentor) -> OpenRequest:
    reference = posted(mentee).reference
    claims.claim(reference, by=mentor.person, now=NOW)
    return claims.schedule(reference, by=mentor.person, starts_at=FROM, now=NOW)


def test_it_is_completed_with_its_session(mentee: Person, mentor: Mentor) -> None:
    request = scheduled(mentee, mentor)
    assert request.session is not None
    assert sessions.complete_overdue(now=FROM + 2 * HOUR) == 1
    request.refresh_from_db()
    assert request.status == "completed"
    assert states(request)[-2:] == ["open_request.scheduled", "open_request.completed"]


def test_it_is_cancelled_with_its_session(mentee: Person, mentor: Mentor) -> None:
    request = scheduled(mentee, mentor)
    assert request.session is not None
    with pytest.raises(NotPossible):
        open_requests.cancel(request.reference, by=mentee, now=NOW)
    sessions.cancel(request.session.reference, by=mentor.person, reason="Ill", now=NOW)
    request.refresh_from_db()
    assert (request.status, request.claimed_by) == ("cancelled", mentor)


def test_what_completed_stays_so_when_a_no_show_is_marked_later(
    mentee: Person, mentor: Mentor
) -> None:
    request = scheduled(mentee, mentor)
    assert request.session is not None
    sessions.complete_overdue(now=FROM + 2 * HOUR)
    sessions.mark_no_show(request.session.reference, by=mentee, now=FROM + 3 * HOUR)
    request.refresh_from_db()
    assert request.status == "completed"


@pytest.mark.parametrize(
    ("wrong", "law"),
    [
        ({"duration_minutes": 31}, "open_request_has_a_duration_on_offer"),
        ({"status": "claimed", "lease_until": NOW}, "open_request_claimed_has_a_mentor"),
        ({"lease_until": NOW}, "open_request_has_a_lease_while_claimed"),
        ({"claimed": True}, "open_request_on_the_board_is_nobodys"),
        ({"status": "scheduled", "claimed": True}, "open_request_scheduled_has_a_session"),
        ({"session": True}, "open_request_has_no_session_before"),
    ],
)
def test_the_database_itself_keeps_its_laws(
    mentee: Person, mentor: Mentor, wrong: dict[str, Any], law: str
) -> None:
    request = posted(mentee)
    facts = dict(wrong)
    if facts.pop("claimed", False):
        facts["claimed_by"] = mentor
    if facts.pop("session", False):
        facts["session"] = make.session(mentor, mentee, starts_at=FROM)
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        OpenRequest.objects.filter(pk=request.pk).update(**facts)
    assert constraint_of(breach.value) == law


def test_a_session_is_of_one_request_only(mentee: Person, mentor: Mentor) -> None:
    request, other = scheduled(mentee, mentor), posted(mentee)
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        OpenRequest.objects.filter(pk=other.pk).update(
            status="scheduled", claimed_by=mentor, session=request.session
        )
    assert constraint_of(breach.value) == "booking_openrequest_session_id_key"


@pytest.mark.parametrize(
    ("window", "law"),
    [
        ((FROM + HOUR, UNTIL), "open_request_windows_do_not_overlap"),
        ((FROM, FROM), "open_request_window_is_a_stretch_of_time"),
        ((UNTIL, None), "open_request_window_is_a_stretch_of_time"),
    ],
)
def test_the_database_itself_keeps_windows_apart(
    mentee: Person, window: tuple[datetime, datetime], law: str
) -> None:
    request = posted(mentee)
    [during] = ranges([window])
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        OpenRequestWindow.objects.create(request=request, during=during)
    assert constraint_of(breach.value) == law
