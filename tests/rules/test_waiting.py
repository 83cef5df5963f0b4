"""Waiting for a place: in order, one offer at a time for each free place, nobody twice."""

from datetime import UTC, datetime, timedelta

import pytest

from openmentor.base.errors import NotPossible, Refusal
from openmentor.base.models import Event
from openmentor.booking import joining, places, waiting
from openmentor.booking.models import Session, WaitingEntry
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.rules.test_join import state

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
DAY = timedelta(hours=24)


@pytest.fixture
def people(db: None) -> list[Person]:
    return [make.person() for _ in range(6)]


@pytest.fixture
def full(maya: Mentor, people: list[Person], now: datetime) -> Session:
    """Two places, both taken by the first two."""
    session = make.group(maya, starts_at=START, capacity=2)
    for person in people[:2]:
        joining.join(session.reference, by=person, now=now)
    return session


def line(session: Session) -> list[str]:
    """The states of all entries, in the order in which they came."""
    entries = WaitingEntry.objects.filter(subject_id=session.pk).order_by("pk")
    return list(entries.values_list("status", flat=True))


def refusal_of(session: Session, by: Person, now: datetime) -> str:
    with pytest.raises(Refusal) as refusal:
        joining.join(session.reference, by=by, now=now)
    return refusal.value.code


def test_a_freed_place_is_offered_to_the_first_and_to_nobody_else(
    full: Session, people: list[Person], now: datetime
) -> None:
    for person in people[2:4]:
        joining.wait(full.reference, by=person, now=now)
    joining.leave(full.reference, by=people[0], now=now)
    assert line(full) == ["offered", "waiting"]
    assert state(full) == ("full", 2)
    assert refusal_of(full, people[3], now) == "session_full"
    assert refusal_of(full, people[4], now) == "session_full"
    assert joining.join(full.reference, by=people[2], now=now).status == "confirmed"
    assert (line(full), state(full)) == (["taken", "waiting"], ("full", 2))


def test_an_offer_not_taken_in_a_day_is_the_next_ones(
    full: Session, people: list[Person], now: datetime
) -> None:
    for person in people[2:4]:
        joining.wait(full.reference, by=person, now=now)
    joining.leave(full.reference, by=people[0], now=now)
    assert places.lapse_offers_due(now=now + DAY - timedelta(seconds=1)) == 0
    assert places.lapse_offers_due(now=now + DAY) == 1
    assert places.lapse_offers_due(now=now + DAY) == 0
    assert line(full) == ["expired", "offered"]
    assert refusal_of(full, people[2], now + DAY) == "session_full"
    assert joining.join(full.reference, by=people[3], now=now + DAY).status == "confirmed"


def test_an_offer_whose_time_is_over_cannot_be_taken_before_the_job_has_run(
    full: Session, people: list[Person], now: datetime
) -> None:
    joining.wait(full.reference, by=people[2], now=now)
    joining.leave(full.reference, by=people[0], now=now)
    assert refusal_of(full, people[2], now + DAY) == "session_full"


def test_two_places_that_get_free_are_two_offers_in_order(
    full: Session, people: list[Person], now: datetime
) -> None:
    for person in people[2:5]:
        joining.wait(full.reference, by=person, now=now)
    for person in people[:2]:
        joining.leave(full.reference, by=person, now=now)
    assert line(full) == ["offered", "offered", "waiting"]
    assert state(full) == ("full", 2)


def test_the_last_of_the_line_opens_the_door(
    full: Session, people: list[Person], now: datetime
) -> None:
    joining.wait(full.reference, by=people[2], now=now)
    joining.leave(full.reference, by=people[0], now=now)
    places.lapse_offers_due(now=now + DAY)
    assert (line(full), state(full)) == (["expired"], ("open", 1))
    assert joining.join(full.reference, by=people[5], now=now + DAY).status == "confirmed"


def test_who_declines_lets_the_next_one_in(
    full: Session, people: list[Person], now: datetime
) -> None:
    for person in people[2:4]:
        joining.wait(full.reference, by=person, now=now)
    joining.leave(full.reference, by=people[0], now=now)
    joining.leave(full.reference, by=people[2], now=now)
    assert line(full) == ["left", "offered"]


def test_who_left_the_line_comes_back_at_its_end(
    full: Session, people: list[Person], now: datetime
) -> None:
    for person in people[2:4]:
        joining.wait(full.reference, by=person, now=now)
    joining.leave(full.reference, by=people[2], now=now)
    joining.wait(full.reference, by=people[2], now=now)
    standing = waiting.standing(waiting.for_session(full.pk), people[2])
    assert standing is not None
    assert standing.position == 2


@pytest.mark.parametrize(
    ("before", "until"),
    [(timedelta(days=3), DAY), (timedelta(hours=10), timedelta(hours=8))],
)
def test_an_offer_ends_two_hours_before_the_start_at_the_latest(
    full: Session, people: list[Person], now: datetime, before: timedelta, until: timedelta
) -> None:
    joining.wait(full.reference, by=people[2], now=now)
    at = START - before
    joining.leave(full.reference, by=people[0], now=at)
    assert people[2].waiting.get().offered_until == at + until


def test_in_the_last_two_hours_a_free_place_is_anybodys(
    full: Session, people: list[Person], now: datetime
) -> None:
    for person in people[2:4]:
        joining.wait(full.reference, by=person, now=now)
    late = START - timedelta(hours=1)
    joining.leave(full.reference, by=people[0], now=late)
    assert (line(full), state(full)) == (["waiting", "waiting"], ("open", 1))
    joining.join(full.reference, by=people[3], now=late)
    assert (line(full), state(full)) == (["waiting", "left"], ("full", 2))


def test_nobody_waits_twice_nor_for_what_they_have_nor_for_what_is_free(
    full: Session, people: list[Person], now: datetime
) -> None:
    joining.wait(full.reference, by=people[2], now=now)
    for person, code in ((people[2], "already_joined"), (people[0], "already_joined")):
        with pytest.raises(Refusal) as refusal:
            joining.wait(full.reference, by=person, now=now)
        assert refusal.value.code == code
    joining.leave(full.reference, by=people[2], now=now)
    joining.leave(full.reference, by=people[0], now=now)
    with pytest.raises(NotPossible):
        joining.wait(full.reference, by=people[3], now=now)


def test_every_step_is_written_down(full: Session, people: list[Person], now: datetime) -> None:
    joining.wait(full.reference, by=people[2], now=now)
    joining.leave(full.reference, by=people[0], now=now)
    joining.join(full.reference, by=people[2], now=now)
    told = Event.objects.filter(subject="waiting")
    assert [(event.name, event.from_state, event.actor_id) for event in told] == [
        ("waiting.waiting", "", people[2].pk),
        ("waiting.offered", "waiting", None),
        ("waiting.taken", "offered", people[2].pk),
    ]


def test_lines_for_other_things_are_other_lines(maya: Mentor, tom: Person, now: datetime) -> None:
    session = make.group(maya, starts_at=START)
    for entered in (waiting.for_session(session.pk), waiting.for_mentor(session.pk)):
        waiting.enter(entered, tom, now=now)
    waiting.offer(waiting.for_mentor(session.pk), most=5, until=now + DAY, now=now)
    assert state(session) == ("open", 0)
    assert [entry.status for entry in tom.waiting.order_by("pk")] == ["waiting", "offered"]
