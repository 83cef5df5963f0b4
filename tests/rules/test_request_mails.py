"""What is written to whom when a request ends without a meeting, or an open one moves on."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.booking import claims, open_requests, requests
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.telling import kinds, tell

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_no_answer_is_told_to_both_with_similar_mentors_to_the_mentee(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    Mentor.objects.update(specialisations=["React"])
    for name in ("Ann", "Ben", "Cid", "Dan"):
        make.mentor(name, specialisations=["React"])
    asked = requests.propose(tom, handle=maya.handle, starts_at=THURSDAY, minutes=30, now=now)
    tell(now)
    later = now + 48 * HOUR
    requests.expire_due(now=later)
    sent = tell(later)
    assert (kinds(sent, tom), kinds(sent, maya.person)) == (["unanswered"], ["unanswered"])
    [to_tom] = [each for each in sent if each.person == tom]
    assert to_tom.text.count("Similar mentors") == 1
    named = [name for name in ("Ann", "Ben", "Cid", "Dan") if name in to_tom.text]
    assert len(named) == 3
    assert f"/sessions/{asked.reference}" in to_tom.text


def test_who_lost_the_time_is_told_what_is_left(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    won, lost = (
        requests.propose(mentee, handle=maya.handle, starts_at=THURSDAY, minutes=30, now=now)
        for mentee in (tom, lena)
    )
    tell(now)
    requests.accept(won.reference, by=maya.person, now=now)
    [to_lena] = [each for each in tell(now) if each.person == lena]
    assert to_lena.kind == "turned_down"
    assert "the time was taken meanwhile" in to_lena.text
    assert to_lena.text.count("Thu 5 Mar, 00:") + to_lena.text.count("Wed 4 Mar, 23:") >= 1
    assert f"/sessions/{lost.reference}" in to_lena.text


def test_an_open_request_is_told_at_each_turn(maya: Mentor, tom: Person, now: datetime) -> None:
    reference = open_requests.post(
        tom,
        kind="other",
        title="Help",
        duration_minutes=30,
        windows=[(THURSDAY, THURSDAY + HOUR)],
        now=now,
    ).reference
    assert tell(now) == []
    claims.claim(reference, by=maya.person, now=now)
    assert kinds(tell(now), tom) == ["claimed"]
    claims.schedule(reference, by=maya.person, starts_at=THURSDAY, now=now)
    sent = tell(now)
    assert (kinds(sent, tom), kinds(sent, maya.person)) == (["booked"], ["booked_with_you"])
