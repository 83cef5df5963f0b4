from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError

from openmentor.base import events
from openmentor.base.errors import Invalid, NotAllowed, NotFound, NotPossible
from openmentor.mentors import handles, mentors
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def person(name: str, **fields: Any) -> Person:
    address = f"{name.split(maxsplit=1)[0].lower()}@example.com"
    return Person.objects.create_user(address, name=name, **fields)


@pytest.fixture
def maya() -> Person:
    return person("Maya Rao", timezone="Asia/Kolkata")


@pytest.fixture
def staff() -> Person:
    return person("Sam", is_staff=True)


def errors_of(refusal: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {line["field"]: line["message"] for line in refusal.value.data["errors"]}


def names(mentor: Mentor) -> list[str]:
    return [event.name for event in events.history("mentor", mentor.pk)]


def test_a_person_applies_and_waits(maya: Person) -> None:
    mentor = mentors.apply(maya, now=NOW, headline=" Learn React ", one_on_one_price_minor=150000)
    mentor.refresh_from_db()
    assert (mentor.handle, mentor.status, mentor.approved_at) == ("maya-rao", "applied", None)
    assert (mentor.headline, mentor.one_on_one_price_minor) == ("Learn React", 150000)
    assert (mentor.timezone, mentor.currency) == ("Asia/Kolkata", "INR")
    assert names(mentor) == ["mentor.applied"]


def test_where_the_operator_wants_it_a_mentor_is_approved_at_once(
    maya: Person, settings: Any
) -> None:
    settings.AUTO_APPROVE_MENTORS = True
    mentor = mentors.apply(maya, now=NOW)
    assert (mentor.status, mentor.approved_at) == ("approved", NOW)
    assert names(mentor) == ["mentor.applied", "mentor.approved"]


def test_nobody_has_two_profiles(maya: Person) -> None:
    mentors.apply(maya, now=NOW)
    with pytest.raises(NotPossible):
        mentors.apply(maya, now=NOW)


def test_the_second_maya_rao_gets_a_number(maya: Person) -> None:
    mentors.apply(maya, now=NOW)
    second = Person.objects.create_user("rao@example.com", name="Maya Rao")
    assert mentors.apply(second, now=NOW).handle == "maya-rao-2"


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("José Ñandú", "jose-nandu"),
        ("माया राव", "a-mentor"),
        ("Me", "a-mentor"),
        ("O", "a-mentor"),
        ("__init__", "init"),
        ("a" * 80, "a" * 34),
    ],
)
def test_a_handle_is_made_from_any_name(name: str, handle: str) -> None:
    assert handles.made_from(name) == handle


def test_a_chosen_handle_is_kept_in_small_letters(maya: Person) -> None:
    assert mentors.apply(maya, now=NOW, handle="Maya-Codes").handle == "maya-codes"


@pytest.mark.parametrize("handle", ["me", "a", "maya rao", "maya--rao", "-maya", "x" * 41, "मा-या"])
def test_a_handle_that_makes_no_address_is_refused(maya: Person, handle: str) -> None:
    with pytest.raises(Invalid) as refusal:
        mentors.apply(maya, now=NOW, handle=handle)
    assert list(errors_of(refusal)) == ["handle"]


def test_a_handle_that_somebody_has_is_refused(maya: Person) -> None:
    mentors.apply(maya, now=NOW)
    with pytest.raises(mentors.HandleTaken) as refusal:
        mentors.apply(person("Zoe"), now=NOW, handle="maya-rao")
    assert list(errors_of(refusal)) == ["handle"]


def test_staff_approve_and_then_everyone_finds_the_mentor(maya: Person, staff: Person) -> None:
    mentor = mentors.apply(maya, now=NOW)
    with pytest.raises(NotFound):
        mentors.find("maya-rao", seen_by=None)
    mentors.approve(mentor.pk, by=staff, now=NOW)
    assert mentors.find("MAYA-Rao", seen_by=None).approved_at == NOW


def test_a_rejected_mentor_reads_why_and_applies_again(maya: Person, staff: Person) -> None:
    mentor = mentors.apply(maya, now=NOW, headline="Hi")
    mentors.reject(mentor.pk, by=staff, now=NOW, reason="Please say what you teach.")
    mentor.refresh_from_db()
    assert (mentor.status, mentor.status_reason) == ("rejected", "Please say what you teach.")
    again = mentors.apply(maya, now=NOW, headline="React")
    assert (again.pk, again.status, again.headline) == (mentor.pk, "applied", "React")
    assert again.status_reason == ""
    assert names(mentor) == ["mentor.applied", "mentor.rejected", "mentor.applied"]


def test_rejecting_needs_a_reason(maya: Person, staff: Person) -> None:
    mentor = mentors.apply(maya, now=NOW)
    with pytest.raises(Invalid) as refusal:
        mentors.reject(mentor.pk, by=staff, now=NOW, reason=" ")
    assert list(errors_of(refusal)) == ["reason"]


def test_only_staff_decide(maya: Person) -> None:
    mentor = mentors.apply(maya, now=NOW)
    with pytest.raises(NotAllowed):
        mentors.approve(mentor.pk, by=maya, now=NOW)
    with pytest.raises(NotAllowed):
        mentors.reject(mentor.pk, by=maya, now=NOW, reason="No")


def test_approving_twice_is_refused(maya: Person, staff: Person) -> None:
    mentor = mentors.apply(maya, now=NOW)
    mentors.approve(mentor.pk, by=staff, now=NOW)
    with pytest.raises(NotPossible):
        mentors.approve(mentor.pk, by=staff, now=NOW)


def test_who_finds_a_profile_that_is_not_approved(maya: Person, staff: Person) -> None:
    mentors.apply(maya, now=NOW)
    assert mentors.find("maya-rao", seen_by=maya).person == maya
    assert mentors.find("maya-rao", seen_by=staff).person == maya
    with pytest.raises(NotFound):
        mentors.find("maya-rao", seen_by=person("Zoe"))


def test_a_closed_account_is_found_by_nobody(maya: Person, staff: Person) -> None:
    mentors.approve(mentors.apply(maya, now=NOW).pk, by=staff, now=NOW)
    Person.objects.filter(pk=maya.pk).update(is_active=False)
    with pytest.raises(NotFound):
        mentors.find("maya-rao", seen_by=None)


def test_a_handle_with_a_nul_is_simply_not_found() -> None:
    with pytest.raises(NotFound):
        mentors.find("maya\x00", seen_by=None)


def test_the_own_profile_is_there_or_refused(maya: Person) -> None:
    with pytest.raises(NotAllowed):
        mentors.of(maya)
    made = mentors.apply(maya, now=NOW)
    assert mentors.of(Person.objects.get(pk=maya.pk)) == made


def test_changes_are_kept_and_told_and_the_rest_stays(maya: Person) -> None:
    mentor = mentors.apply(maya, now=NOW, headline="React", job_title="Engineer")
    mentors.update(
        mentor.pk,
        by=maya,
        now=NOW,
        headline="React",
        specialisations=["React", "  react ", "Node  JS", ""],
        currency="usd",
        buffer_after=10,
        max_per_day=None,
    )
    mentor.refresh_from_db()
    assert (mentor.headline, mentor.job_title) == ("React", "Engineer")
    assert (mentor.specialisations, mentor.currency) == (["React", "Node JS"], "USD")
    assert mentor.buffer_after == 10
    event = events.history("mentor", mentor.pk)[-1]
    assert (event.name, event.actor_id) == ("mentor.updated", maya.pk)
    assert event.data == {"fields": ["specialisations", "currency", "buffer_after"]}


def test_no_change_writes_no_event(maya: Person) -> None:
    mentor = mentors.apply(maya, now=NOW, headline="React")
    mentors.update(mentor.pk, by=maya, now=NOW, headline="React ")
    assert names(mentor) == ["mentor.applied"]


def test_every_wrong_field_has_its_line(maya: Person) -> None:
    mentor = mentors.apply(maya, now=NOW)
    with pytest.raises(Invalid) as refusal:
        mentors.update(
            mentor.pk,
            by=maya,
            now=NOW,
            headline="x" * 141,
            bio="a\x00b",
            specialisations=["x" * 41],
            languages=[str(number) for number in range(21)],
            timezone="Mars/Olympus",
            currency="XQQ",
            one_on_one_price_minor=-1,
            group_price_minor=10_000_000_001,
            max_active_mentees=10_001,
            refund_policy="generous",
            min_notice_minutes=86_401,
            horizon_days=0,
            step_minutes=4,
            buffer_before=241,
            max_per_week=0,
            confirmation="perhaps",
        )
    assert errors_of(refusal) == {
        "headline": "Use at most 140 characters; this has 141.",
        "bio": "This has a character in it that cannot be kept.",
        "specialisations": f"'{'x' * 40}': Use at most 40 characters; this has 41.",
        "languages": "List at most 20.",
        "timezone": "We do not know that time zone.",
        "currency": "Use the three letters of a currency, such as INR.",
        "one_on_one_price_minor": "Choose a number from 0 to 10,000,000,000.",
        "group_price_minor": "Choose a number from 0 to 10,000,000,000.",
        "max_active_mentees": "Choose a number from 0 to 10,000.",
        "refund_policy": "Choose one of flexible, moderate, strict.",
        "min_notice_minutes": "Choose a number from 0 to 86,400.",
        "horizon_days": "Choose a number from 1 to 365.",
        "step_minutes": "Choose a number from 5 to 480.",
        "buffer_before": "Choose a number from 0 to 240.",
        "max_per_week": "Choose a number from 1 to 500.",
        "confirmation": "Choose one of instant, approval.",
    }


def test_the_old_name_of_the_price_is_read(maya: Person) -> None:
    assert mentors.apply(maya, now=NOW, session_price_minor=900).one_on_one_price_minor == 900


def test_the_price_under_both_names_must_be_the_same(maya: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        mentors.apply(maya, now=NOW, session_price_minor=900, one_on_one_price_minor=901)
    assert list(errors_of(refusal)) == ["session_price_minor"]
    mentor = mentors.apply(maya, now=NOW, session_price_minor=900, one_on_one_price_minor=900)
    assert mentor.one_on_one_price_minor == 900


def test_a_stranger_changes_nothing_and_staff_may(maya: Person, staff: Person) -> None:
    mentor = mentors.apply(maya, now=NOW)
    with pytest.raises(NotFound):
        mentors.update(mentor.pk, by=person("Zoe"), now=NOW, headline="Mine")
    assert mentors.update(mentor.pk, by=staff, now=NOW, headline="Theirs").headline == "Theirs"


def test_a_paused_mentor_resumes(maya: Person) -> None:
    mentor = mentors.apply(maya, now=NOW)
    assert mentors.pause(mentor.pk, by=maya, now=NOW).is_paused
    assert mentors.pause(mentor.pk, by=maya, now=NOW).paused_at == NOW
    assert not mentors.resume(mentor.pk, by=maya, now=NOW).is_paused
    assert not mentors.resume(mentor.pk, by=maya, now=NOW).is_paused
    assert names(mentor) == ["mentor.applied", "mentor.paused", "mentor.resumed"]


def test_an_approved_mentor_has_the_time_of_it(maya: Person) -> None:
    mentors.apply(maya, now=NOW)
    with pytest.raises(IntegrityError, match="mentor_approved_has_its_time"):
        Mentor.objects.update(status="approved")


@pytest.mark.parametrize(
    ("law", "values"),
    [
        ("mentor_prices_are_in_range", {"one_on_one_price_minor": -1}),
        ("mentor_prices_are_in_range", {"group_price_minor": 10_000_000_001}),
        ("mentor_booking_settings_are_in_range", {"horizon_days": 0}),
        ("mentor_booking_settings_are_in_range", {"max_active_mentees": 10_001}),
        ("mentor_booking_settings_are_in_range", {"step_minutes": 4}),
    ],
)
def test_the_database_holds_the_limits_too(maya: Person, law: str, values: Any) -> None:
    mentors.apply(maya, now=NOW)
    with pytest.raises(IntegrityError, match=law):
        Mentor.objects.update(**values)
