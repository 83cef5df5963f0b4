from datetime import UTC, datetime

import pytest
from psycopg.types.range import TimestamptzRange

from openmentor.base import events
from openmentor.base.errors import Invalid, NotFound
from openmentor.booking.models import Session
from openmentor.mentors import mentors, session_types
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def mentor() -> Mentor:
    maya = Person.objects.create_user("maya@example.com", name="Maya Rao")
    return mentors.apply(maya, now=NOW)


@pytest.fixture
def stranger() -> Person:
    return Person.objects.create_user("zoe@example.com", name="Zoe")


def offered(mentor: Mentor) -> SessionType:
    return session_types.create(
        mentor.pk, title="Review", duration_minutes=30, price_minor=900, by=mentor.person, now=NOW
    )


def errors_of(refusal: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {line["field"]: line["message"] for line in refusal.value.data["errors"]}


def test_a_session_type_takes_the_mentors_currency(mentor: Mentor) -> None:
    made = offered(mentor)
    made.refresh_from_db()
    assert (made.title, made.duration_minutes, made.price_minor) == ("Review", 30, 900)
    assert (made.currency, made.is_active, made.mentor) == ("INR", True, mentor)
    assert [event.name for event in events.history("session_type", made.pk)] == [
        "session_type.created"
    ]


def test_every_wrong_field_has_its_line(mentor: Mentor) -> None:
    with pytest.raises(Invalid) as refusal:
        session_types.create(
            mentor.pk,
            title=" ",
            description="x" * 2001,
            duration_minutes=4,
            price_minor=-1,
            currency="??",
            by=mentor.person,
            now=NOW,
        )
    assert errors_of(refusal) == {
        "title": "Give it a title.",
        "description": "Use at most 2000 characters; this has 2001.",
        "duration_minutes": "Choose a number from 5 to 480.",
        "price_minor": "Choose a number from 0 to 10,000,000,000.",
        "currency": "Use the three letters of a currency, such as INR.",
    }


def test_there_is_an_end_to_how_many(mentor: Mentor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_types, "MOST", 1)
    offered(mentor)
    with pytest.raises(Invalid):
        offered(mentor)


def test_changes_are_kept_and_told(mentor: Mentor) -> None:
    made = offered(mentor)
    session_types.update(made.pk, by=mentor.person, now=NOW, price_minor=0, is_active=False)
    made.refresh_from_db()
    assert (made.title, made.is_free, made.is_active) == ("Review", True, False)
    event = events.history("session_type", made.pk)[-1]
    assert event.data == {"title": "Review", "fields": ["price_minor", "is_active"]}


def test_an_unused_one_is_deleted(mentor: Mentor) -> None:
    made = offered(mentor)
    assert session_types.delete(made.pk, by=mentor.person, now=NOW)
    assert not SessionType.objects.exists()
    assert events.history("session_type", made.pk)[-1].name == "session_type.deleted"


def test_a_used_one_is_only_switched_off(mentor: Mentor) -> None:
    made = offered(mentor)
    Session.objects.create(
        mentor=mentor,
        session_type=made,
        origin="slot",
        status="cancelled",
        title="Review",
        starts_at=NOW,
        ends_at=LATER,
        occupies=TimestamptzRange(NOW, LATER),
        timezone="UTC",
        currency="INR",
    )
    assert not session_types.delete(made.pk, by=mentor.person, now=NOW)
    made.refresh_from_db()
    assert made.is_active is False


def test_a_stranger_finds_changes_and_deletes_nothing(mentor: Mentor, stranger: Person) -> None:
    made = offered(mentor)
    with pytest.raises(NotFound):
        session_types.update(made.pk, by=stranger, now=NOW, title="Mine")
    with pytest.raises(NotFound):
        session_types.delete(made.pk, by=stranger, now=NOW)
    with pytest.raises(NotFound):
        session_types.find(made.reference, mentor=mentors.apply(stranger, now=NOW))
    with pytest.raises(NotFound):
        session_types.update(made.pk + 1, by=mentor.person, now=NOW, title="None")


def test_a_reference_is_found_in_any_case(mentor: Mentor) -> None:
    made = offered(mentor)
    assert session_types.find(made.reference.lower(), mentor=mentor) == made
