"""The board: what a mentor finds there, in which order, and what fits the mentor's hours."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmentor.availability import request_hours
from openmentor.availability.entries import Day, Hours
from openmentor.base.errors import Invalid, NotFound
from openmentor.booking import board, claims, open_requests
from openmentor.booking.board import Filters
from openmentor.booking.diary import moment
from openmentor.booking.models import OpenRequest
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # A Monday.
MORNING = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 4, 19, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def tom() -> Person:
    return make.person("Tom")


@pytest.fixture
def maya() -> Mentor:
    return make.mentor("Maya")


def posted(
    mentee: Person, title: str, *, at: datetime = MORNING, now: datetime = NOW, **need: Any
) -> OpenRequest:
    facts = {
        "kind": "other",
        "title": title,
        "duration_minutes": 60,
        "windows": [(at, at + HOUR)],
    }
    return open_requests.post(mentee, now=now, **(facts | need))  # type: ignore[arg-type]


def titles(mentor: Mentor, *, now: datetime = NOW, **filters: Any) -> list[str]:
    return [request.title for request in board.listed(mentor, Filters(**filters), now=now)]


def test_the_most_urgent_come_first_then_the_oldest(tom: Person, maya: Mentor) -> None:
    posted(tom, "low", urgency="low")
    posted(tom, "newer", now=NOW + MINUTE)
    posted(tom, "older")
    posted(tom, "high", urgency="high", now=NOW + HOUR)
    assert titles(maya) == ["high", "older", "newer", "low"]


def test_only_what_can_be_claimed_is_there(tom: Person, maya: Mentor) -> None:
    posted(maya.person, "her own")
    claims.claim(posted(tom, "claimed").reference, by=maya.person, now=NOW)
    open_requests.cancel(posted(tom, "cancelled").reference, by=tom, now=NOW)
    posted(tom, "over")
    posted(tom, "open", at=EVENING)
    assert titles(maya, now=MORNING + HOUR) == ["open"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["React", "Interview"]),
        ({"kind": "interview_prep"}, ["Interview"]),
        ({"duration_minutes": 30}, ["Interview"]),
        ({"urgency": "high"}, ["React"]),
        ({"tag": "réact"}, ["React"]),
        ({"tag": "rea"}, []),
        ({"language": "hindi"}, ["React", "Interview"]),
        ({"language": "Deutsch"}, ["React"]),
        ({"fits": True}, ["Interview"]),
        ({"fits": True, "urgency": "high"}, []),
    ],
)
def test_each_filter_narrows(
    tom: Person, maya: Mentor, filters: dict[str, Any], found: list[str]
) -> None:
    posted(tom, "React", at=EVENING, urgency="high", tags=["React", "CSS"])
    posted(tom, "Interview", kind="interview_prep", duration_minutes=30, language="Hindi")
    assert titles(maya, **filters) == found


def fits(mentor: Mentor, request: OpenRequest) -> bool:
    [found] = board.listed(mentor, Filters(), now=NOW)
    assert found == request
    return bool(found.fits)  # type: ignore[attr-defined]  # the board's own annotation


def test_it_fits_when_a_window_has_enough_of_the_mentors_free_time(tom: Person) -> None:
    mentor = make.mentor("Ines", hours=["Wed 09:30-17:00"])
    request = posted(tom, "Half an hour too early", windows=[(MORNING, MORNING + 90 * MINUTE)])
    assert fits(mentor, request)
    make.session(mentor, make.person(), starts_at=MORNING + 80 * MINUTE)
    assert not fits(mentor, request)


def test_the_mentors_buffers_count(tom: Person) -> None:
    mentor = make.mentor("Ines", buffer_after=15)
    request = posted(tom, "Just before")
    make.session(mentor, make.person(), starts_at=MORNING + HOUR)
    assert not fits(mentor, request)


def test_hours_of_its_own_count_instead_of_the_weekly_ones(tom: Person, maya: Mentor) -> None:
    request = posted(tom, "In the evening", at=EVENING)
    assert not fits(maya, request)
    evenings = [Day(2, [Hours("18:00", "22:00")])]
    kept = request_hours.replace(maya.pk, weekly=evenings, by=maya.person, now=NOW)
    assert (kept.is_own, kept.weekly) == (True, evenings)
    assert fits(maya, request)
    request_hours.replace(maya.pk, weekly=[], by=maya.person, now=NOW)
    assert not fits(maya, request)
    kept = request_hours.replace(maya.pk, weekly=None, by=maya.person, now=NOW)
    assert (kept.is_own, len(kept.weekly)) == (False, 5)


def test_hours_that_make_no_sense_are_refused_line_by_line(maya: Mentor) -> None:
    wrong = [Day(0, [Hours("9", "10:00"), Hours("11:00", "11:00")]), Day(7, [])]
    with pytest.raises(Invalid) as refusal:
        request_hours.replace(maya.pk, weekly=wrong, by=maya.person, now=NOW)
    places = [line["field"] for line in refusal.value.data["errors"]]
    assert places == ["weekly[0].slots[0].start", "weekly[1].day", "weekly[0].slots[1]"]
    with pytest.raises(NotFound):
        request_hours.replace(maya.pk, weekly=None, by=make.person(), now=NOW)


def test_good_times_are_the_parts_of_windows_in_which_the_session_fits(
    tom: Person, maya: Mentor
) -> None:
    early = MORNING - HOUR
    request = posted(tom, "Long", windows=[(early, early + 4 * HOUR), (EVENING, EVENING + HOUR)])
    make.session(maya, make.person(), starts_at=MORNING + HOUR, minutes=30)
    good = board.good_times(request, board.free_time(maya, now=NOW))
    assert [(moment(start), moment(end)) for start, end in good] == [
        (MORNING, MORNING + HOUR),
        (MORNING + 90 * MINUTE, MORNING + 3 * HOUR),
    ]


def test_a_place_on_the_board_has_everything_that_comes_after_it(tom: Person, maya: Mentor) -> None:
    for number in range(4):
        posted(tom, f"{number}", urgency="high" if number == 3 else "low", now=NOW)
    found = board.listed(maya, Filters(), now=NOW)
    seen = []
    rest = found
    while first := rest.first():
        seen.append(first)
        rest = board.beyond(
            found,
            rank=first.urgency_rank,
            created_at=first.created_at,
            reference=first.reference,
        )
    assert seen == list(found)
    assert len(seen) == 4


@pytest.mark.parametrize("several", [1, 3])
def test_the_board_costs_four_queries_whatever_its_length(
    tom: Person, maya: Mentor, several: int
) -> None:
    for number in range(several):
        posted(tom, f"{number}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = list(board.listed(maya, Filters(), now=NOW))
    assert [len(rows), len(rows[0].windows.all())] == [several, 1]
    assert len(queries) == 4
