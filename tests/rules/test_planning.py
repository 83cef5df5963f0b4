"""Creating group sessions and changing them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openmentor.base.errors import Refusal
from openmentor.base.models import Event
from openmentor.booking import joining, places, planning, replanning, waiting
from openmentor.booking.models import Group, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.rules.test_join import state

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)


def created(host: Mentor, now: datetime, **facts: Any) -> list[Session]:
    usual: dict[str, Any] = {
        "title": "Reading code",
        "starts_at": START,
        "duration_minutes": 90,
        "capacity": 5,
    }
    return planning.create(host.person, now=now, **usual | facts)


def refusal_of(host: Mentor, now: datetime, **facts: Any) -> Refusal:
    before = Session.objects.count()
    with pytest.raises(Refusal) as refusal:
        created(host, now, **facts)
    assert Session.objects.count() == before
    return refusal.value


def test_a_session_is_open_at_once(maya: Mentor, now: datetime) -> None:
    [session] = created(maya, now, title="  Reading code ", tags=["rust", "Rust", " "])
    session.refresh_from_db()
    assert (session.mode, session.origin, session.status) == ("group", "group", "open")
    assert (session.title, session.capacity, session.group.tags) == ("Reading code", 5, ["Rust"])
    assert session.ends_at - session.starts_at == timedelta(minutes=90)
    assert [event.name for event in Event.objects.all()] == ["session.open"]


@pytest.mark.parametrize(
    ("hourly", "minutes", "given", "price"),
    [(1001, 90, None, 1502), (999, 30, None, 500), (1000, 60, 7, 7), (1000, 60, 0, 0)],
)
def test_the_price_is_the_group_price_by_the_hour_unless_said(
    *, maya: Mentor, now: datetime, hourly: int, minutes: int, given: int | None, price: int
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(group_price_minor=hourly)
    maya.person.refresh_from_db()
    host = Mentor.objects.get(pk=maya.pk)
    [session] = created(host, now, duration_minutes=minutes, price_minor=given)
    assert session.price_minor == price


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"capacity": 1}, "capacity"),
        ({"capacity": 1001}, "capacity"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"price_minor": -1}, "price_minor"),
        ({"visibility": "secret"}, "visibility"),
        ({"tags": [str(number) for number in range(11)]}, "tags"),
        ({"starts_at": START - timedelta(days=30)}, "starts_at"),
        ({"starts_at": START + timedelta(seconds=1)}, "starts_at"),
        ({"min_participants": 6}, "min_participants"),
        ({"join_until": START + timedelta(minutes=1)}, "join_until"),
        ({"repeat_weeks": 0}, "repeat_weeks"),
        ({"invitations": ["nobody"]}, "invitations"),
        ({"currency": "XXY"}, "currency"),
    ],
)
def test_what_is_wrong_is_said_by_field(
    maya: Mentor, now: datetime, facts: dict[str, Any], field: str
) -> None:
    refusal = refusal_of(maya, now, **facts)
    assert (refusal.code, refusal.data["errors"][0]["field"]) == ("invalid", field)


def test_a_minimum_is_for_what_is_more_than_a_day_ahead(maya: Mentor, now: datetime) -> None:
    soon = now + timedelta(hours=23, minutes=30)
    assert refusal_of(maya, now, starts_at=soon, min_participants=2).code == "invalid"
    [session] = created(maya, now, min_participants=2)
    assert session.group.minimum_due_at == START - timedelta(hours=24)


def test_only_approved_mentors_create(maya: Mentor, tom: Person, now: datetime) -> None:
    with pytest.raises(Refusal) as refusal:
        planning.create(tom, title="x", starts_at=START, duration_minutes=60, capacity=2, now=now)
    assert refusal.value.code == "not_allowed"
    maya.status = Mentor.Status.REJECTED
    maya.save()
    assert refusal_of(maya, now).code == "not_allowed"


@pytest.mark.parametrize("side", ["given", "taken"])
def test_the_host_is_in_one_place(maya: Mentor, kiri: Mentor, now: datetime, side: str) -> None:
    with_, mentee = (maya, None) if side == "given" else (kiri, maya.person)
    make.session(with_, mentee, starts_at=START + timedelta(minutes=30))
    refusal = refusal_of(maya, now)
    assert (refusal.code, refusal.data["clashes"]) == ("time_taken", ["2026-03-06T10:00:00Z"])


def test_one_on_one_slots_give_way_to_the_group(maya: Mentor, tom: Person, now: datetime) -> None:
    at = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    created(maya, now, starts_at=at)
    with pytest.raises(Refusal) as refusal:
        make.booked(maya, tom, starts_at=at, now=now)
    assert refusal.value.code == "time_taken"


def test_every_week_keeps_the_wall_time_when_the_clocks_change(now: datetime) -> None:
    host = make.mentor("Anna", timezone="Europe/Berlin")
    first = datetime(2026, 3, 17, 17, 0, tzinfo=UTC)
    sessions = created(
        host, now, starts_at=first, repeat_weeks=4, join_until=first - timedelta(hours=2)
    )
    assert [f"{session.starts_at:%m-%d %H:%M}" for session in sessions] == [
        "03-17 17:00",
        "03-24 17:00",
        "03-31 16:00",
        "04-07 16:00",
    ]
    groups = Group.objects.order_by("session__starts_at")
    assert len({group.series for group in groups}) == 1
    assert [group.join_until for group in groups] == [
        session.starts_at - timedelta(hours=2) for session in sessions
    ]


def test_days_that_clash_are_listed_and_skipped_with_a_yes(maya: Mentor, now: datetime) -> None:
    second = START + timedelta(weeks=1)
    make.session(maya, None, starts_at=second)
    refusal = refusal_of(maya, now, repeat_weeks=3)
    assert (refusal.code, refusal.data["clashes"]) == ("time_taken", ["2026-03-13T10:00:00Z"])
    sessions = created(maya, now, repeat_weeks=3, skip_clashes=True)
    assert [session.starts_at for session in sessions] == [START, START + timedelta(weeks=2)]


def test_a_yes_is_no_help_where_nothing_is_left(maya: Mentor, now: datetime) -> None:
    make.session(maya, None, starts_at=START)
    assert refusal_of(maya, now, skip_clashes=True).code == "time_taken"


def changed(session: Session, host: Mentor, now: datetime, **facts: Any) -> Session:
    return replanning.update(session.reference, by=host.person, now=now, **facts)


def test_words_and_places_are_changed(maya: Mentor, now: datetime) -> None:
    [session] = created(maya, now)
    changed(
        session,
        maya,
        now,
        title="Writing code",
        capacity=9,
        visibility="private",
        invitations=["Tom@example.com"],
        instructions="Bring paper.",
    )
    session = Session.objects.get()
    group = session.group
    assert (session.title, session.capacity, group.visibility) == ("Writing code", 9, "private")
    assert [each.email for each in group.invitations.all()] == ["tom@example.com"]
    event = Event.objects.get(name="session.changed")
    assert event.data["fields"] == [
        "capacity",
        "instructions",
        "invitations",
        "title",
        "visibility",
    ]


def test_what_stays_the_same_is_no_change(maya: Mentor, now: datetime) -> None:
    [session] = created(maya, now)
    changed(session, maya, now, title="Reading code", capacity=5)
    assert not Event.objects.filter(name="session.changed").exists()


def test_the_price_is_fixed_once_a_place_is_taken(maya: Mentor, tom: Person, now: datetime) -> None:
    [session] = created(maya, now)
    changed(session, maya, now, price_minor=0)
    joining.join(session.reference, by=tom, now=now)
    with pytest.raises(Refusal) as refusal:
        changed(session, maya, now, price_minor=100)
    assert refusal.value.code == "not_possible"


def test_capacity_stays_above_what_is_taken_or_offered(maya: Mentor, now: datetime) -> None:
    [session] = created(maya, now, capacity=3)
    for _ in range(3):
        joining.join(session.reference, by=make.person(), now=now)
    joining.wait(session.reference, by=make.person(), now=now)
    joining.leave(session.reference, by=session.bookings.order_by("pk")[0].mentee, now=now)
    with pytest.raises(Refusal) as refusal:
        changed(session, maya, now, capacity=2)
    assert (refusal.value.code, *state(session)) == ("invalid", "full", 3)


def test_more_places_are_offered_to_who_waits(maya: Mentor, now: datetime) -> None:
    [session] = created(maya, now, capacity=2)
    for _ in range(2):
        joining.join(session.reference, by=make.person(), now=now)
    joining.wait(session.reference, by=make.person(), now=now)
    changed(session, maya, now, capacity=4)
    assert state(session) == ("open", 3)
    changed(session, maya, now, capacity=3)
    assert state(session) == ("full", 3)


def test_another_time_takes_the_places_with_it(maya: Mentor, tom: Person, now: datetime) -> None:
    [session] = created(maya, now, capacity=2, min_participants=2)
    joining.join(session.reference, by=tom, now=now)
    later = START + timedelta(days=1)
    changed(session, maya, now, starts_at=later, duration_minutes=60)
    session = Session.objects.get()
    booking = session.bookings.get()
    assert (booking.starts_at, booking.ends_at) == (later, later + timedelta(hours=1))
    assert (session.revision, session.reschedules) == (1, 0)
    assert session.group.minimum_due_at == later - timedelta(hours=24)


def test_an_earlier_start_ends_offers_earlier(maya: Mentor, now: datetime) -> None:
    [session] = created(maya, now, capacity=2)
    first, *_ = people = [make.person() for _ in range(3)]
    for person in people[:2]:
        joining.join(session.reference, by=person, now=now)
    joining.wait(session.reference, by=people[2], now=now)
    joining.leave(session.reference, by=first, now=now)
    earlier = now + timedelta(hours=12)
    earlier = earlier.replace(minute=0)
    changed(session, maya, now, starts_at=earlier)
    standing = waiting.standing(waiting.for_session(session.pk), people[2])
    assert standing is not None
    assert standing.offered_until == earlier - places.OFFERS_END


def test_another_time_is_refused_where_somebody_is_busy(
    *, maya: Mentor, kiri: Mentor, tom: Person, now: datetime
) -> None:
    [session] = created(maya, now)
    joining.join(session.reference, by=tom, now=now)
    later = START + timedelta(days=1)
    make.session(kiri, tom, starts_at=later)
    make.session(maya, None, starts_at=later + timedelta(days=1))
    for at, code in ((later, "you_are_busy"), (later + timedelta(days=1), "time_taken")):
        with pytest.raises(Refusal) as refusal:
            changed(session, maya, now, starts_at=at)
        assert refusal.value.code == code


@pytest.mark.parametrize(
    ("who", "at", "code"),
    [("tom", 0, "not_allowed"), ("kiri", 0, "not_allowed"), ("maya", 5, "too_late")],
)
def test_changing_is_refused(
    *, maya: Mentor, kiri: Mentor, tom: Person, now: datetime, who: str, at: int, code: str
) -> None:
    [session] = created(maya, now)
    by = {"tom": tom, "kiri": kiri.person, "maya": maya.person}[who]
    with pytest.raises(Refusal) as refusal:
        replanning.update(session.reference, by=by, title="x", now=now + timedelta(days=at))
    assert refusal.value.code == code
