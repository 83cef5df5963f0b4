"""Accounts: opening one, keeping it up to date, closing it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from openmentor.base import events
from openmentor.base.errors import Invalid, constraint_of
from openmentor.people import people, sign_ins
from openmentor.people.models import Person, SignIn
from openmentor.people.refusals import AddressTaken, EmailNotVerified
from tests import make

pytestmark = pytest.mark.django_db
NEW = {"name": "Nia Okoro", "email": "nia@example.com", "password": "a quiet harbour"}


def faults_of(refusal: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {line["field"]: line["message"] for line in refusal.value.data["errors"]}


def happened(person: Person) -> list[tuple[str, int | None]]:
    return [(event.name, event.actor_id) for event in events.history("person", person.pk)]


def test_register_makes_an_account_whose_address_is_to_be_verified(now: datetime) -> None:
    person = people.register(
        **NEW | {"name": " Nia Okoro ", "email": " Nia@Example.COM "},
        timezone="Africa/Lagos",
        now=now,
    )
    person.refresh_from_db()
    assert (person.name, person.email, person.timezone, person.language) == (
        "Nia Okoro",
        "nia@example.com",
        "Africa/Lagos",
        "en",
    )
    assert (person.is_active, person.is_staff, person.is_mentor) == (True, False, False)
    address = EmailAddress.objects.get()
    assert (address.user_id, address.email) == (person.pk, "nia@example.com")
    assert (address.primary, address.verified) == (True, False)
    assert authenticate(None, email="nia@example.com", password=NEW["password"]) == person
    assert happened(person) == [("person.registered", person.pk)]


def test_register_without_a_zone_takes_the_installations(now: datetime, settings: Any) -> None:
    settings.DEFAULT_TIMEZONE = "Asia/Kolkata"
    assert people.register(**NEW, now=now).timezone == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "x" * 101}, {"name"}),
        ({"name": "a\nb"}, {"name"}),
        ({"name": "a\u202eb"}, {"name"}),
        ({"email": ""}, {"email"}),
        ({"email": "nia@"}, {"email"}),
        ({"email": "a@b@example.com"}, {"email"}),
        ({"email": "nia@example.com\nBcc: x@example.com"}, {"email"}),
        ({"email": "nia@" + ".".join(["e" * 63] * 4) + ".com"}, {"email"}),
        ({"password": ""}, {"password"}),
        ({"password": "short"}, {"password"}),
        ({"password": "password123"}, {"password"}),
        ({"password": "nia@example.com"}, {"password"}),
        ({"password": "Nia Okoro1"}, {"password"}),
        ({"password": "x" * 129}, {"password"}),
        ({"timezone": "Mars/Base"}, {"timezone"}),
        ({"timezone": "localtime"}, {"timezone"}),
        ({"name": "", "email": "", "password": ""}, {"name", "email", "password"}),
    ],
)
def test_register_refuses_with_a_line_for_each_field(
    wrong: dict[str, str], fields: set[str], now: datetime
) -> None:
    with pytest.raises(Invalid) as refusal:
        people.register(**NEW | wrong, now=now)
    assert set(faults_of(refusal)) == fields
    assert not Person.objects.exists()


def test_register_refuses_the_address_of_an_account(now: datetime) -> None:
    make.person(email="nia@example.com")
    with pytest.raises(AddressTaken) as refusal:
        people.register(**NEW | {"email": "NIA@example.com"}, now=now)
    assert list(faults_of(refusal)) == ["email"]
    assert EmailAddress.objects.count() == 1


def test_register_refuses_a_second_address_that_somebody_verified(now: datetime) -> None:
    EmailAddress.objects.create(user=make.person(), email="nia@example.com", verified=True)
    with pytest.raises(AddressTaken):
        people.register(**NEW, now=now)


def test_two_accounts_never_share_an_address() -> None:
    make.person(email="nia@example.com")
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        Person.objects.create_user("nia@example.com")
    assert constraint_of(breach.value) == "people_person_email_key"


def test_an_address_is_in_lower_case_however_it_is_written() -> None:
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        Person.objects.create(email="Nia@example.com", name="Nia")
    assert constraint_of(breach.value) == "person_address_is_in_lower_case"


def test_a_password_is_kept_as_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[::-1]
    person = Person.objects.create_user("nia@example.com", "a quiet harbour")
    assert person.password.startswith("argon2$argon2id$")


def test_update_profile_changes_what_is_given(tom: Person) -> None:
    people.update_profile(tom, name=" Thomas Hale ", timezone="Pacific/Chatham")
    tom.refresh_from_db()
    assert (tom.name, tom.timezone, tom.language) == ("Thomas Hale", "Pacific/Chatham", "en")


def test_update_profile_with_nothing_changes_nothing(tom: Person) -> None:
    before = (tom.name, tom.timezone)
    people.update_profile(tom)
    tom.refresh_from_db()
    assert (tom.name, tom.timezone) == before


def test_update_profile_refuses_with_a_line_for_each_field(tom: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        people.update_profile(tom, name=" ", timezone="Mars/Base", language="tlh")
    assert faults_of(refusal) == {
        "name": "Please tell us your name.",
        "timezone": "We do not know that time zone.",
        "language": "We do not speak that language yet.",
    }


def test_deactivate_closes_the_account(tom: Person, staff: Person, now: datetime) -> None:
    people.deactivate(tom, by=staff, now=now)
    tom.refresh_from_db()
    assert not tom.is_active
    assert authenticate(None, email=tom.email, password=make.PASSWORD) is None
    assert happened(tom) == [("person.deactivated", staff.pk)]


def test_what_is_over_is_forgotten(tom: Person, now: datetime) -> None:
    for session_key, days in (("old", 0), ("running", 1)):
        expire_date = now + timedelta(days=days)
        Session.objects.create(session_key=session_key, session_data="", expire_date=expire_date)
    sign_ins.begin(tom, device="old", now=now - timedelta(days=31))
    sign_ins.begin(tom, device="running", now=now)
    people.forget_old(now=now)
    assert [session.session_key for session in Session.objects.all()] == ["running"]
    assert [sign_in.device for sign_in in SignIn.objects.all()] == ["running"]


def test_who_has_not_verified_the_address_may_not_book(settings: Any) -> None:
    settings.VERIFY_EMAIL = True
    with pytest.raises(EmailNotVerified) as refusal:
        people.demand_verified(make.person(verified=False))
    assert (refusal.value.code, refusal.value.kind.status) == ("email_not_verified", 403)
    people.demand_verified(make.person())


def test_a_verified_address_that_is_not_the_accounts_is_not_enough(settings: Any) -> None:
    settings.VERIFY_EMAIL = True
    person = make.person(verified=False)
    EmailAddress.objects.create(user=person, email="other@example.com", verified=True)
    with pytest.raises(EmailNotVerified):
        people.demand_verified(person)


def test_the_demo_asks_nobody_to_verify(settings: Any) -> None:
    settings.VERIFY_EMAIL = False
    people.demand_verified(make.person(verified=False))


@pytest.mark.parametrize(
    ("name", "first"), [("Nia Okoro", "Nia"), ("Nia", "Nia"), ("", ""), ("  ", "")]
)
def test_strangers_see_the_first_name(name: str, first: str) -> None:
    assert Person(name=name).first_name == first
