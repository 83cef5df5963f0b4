"""Accounts: opening one, keeping it up to date, closing it."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from openmentor.base import events
from openmentor.base.errors import Invalid, refusing
from openmentor.people import limits, sign_ins, tokens, zones
from openmentor.people.models import Person
from openmentor.people.refusals import AddressTaken, EmailNotVerified

LONGEST_NAME = 100
LONGEST_ADDRESS = 254
LONGEST_PASSWORD = 128
LONGEST_GOALS = 1000


def register(*, name: str, email: str, password: str, timezone: str = "", now: datetime) -> Person:
    """A new account whose address is still to be verified.

    No `timezone` means the installation's. Refuses with a line per wrong field, and an address
    that already has an account.
    """
    name, email = name.strip(), email.strip().lower()
    zone = timezone or settings.DEFAULT_TIMEZONE
    applicant = Person(name=name, email=email, timezone=zone)
    _demand(
        name=name_fault(name),
        email=email_fault(email),
        password=password_fault(password, person=applicant),
        timezone=zone_fault(zone),
    )
    if EmailAddress.objects.filter(email=email, verified=True).exists():
        raise AddressTaken
    with refusing({"people_person_email_key": AddressTaken}), transaction.atomic():
        person = Person.objects.create_user(email, password)
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
        enrol(person, name=name, timezone=zone, now=now)
    return person


def enrol(person: Person, *, name: str, timezone: str, now: datetime) -> None:
    """Complete an account that was just made, here or by the sign-up page."""
    update_profile(person, name=name, timezone=timezone)
    _record("person.registered", person, by=person, at=now)


def update_profile(
    person: Person,
    *,
    name: str | None = None,
    timezone: str | None = None,
    language: str | None = None,
    goals: str | None = None,
) -> Person:
    """The person with what was given changed, and saved; None leaves a thing as it is."""
    given = {
        "name": name and name.strip(),
        "timezone": timezone,
        "language": language,
        "goals": goals and goals.strip(),
    }
    changes = {field: value for field, value in given.items() if value is not None}
    faults = {
        "name": name_fault,
        "timezone": zone_fault,
        "language": language_fault,
        "goals": goals_fault,
    }
    _demand(**{field: faults[field](value) for field, value in changes.items()})
    for field, value in changes.items():
        setattr(person, field, value)
    person.save(update_fields=list(changes))
    return person


@transaction.atomic
def deactivate(person: Person, *, by: Person, now: datetime) -> None:
    """Close the account: nobody can sign in to it, and every program is signed out at once."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    sign_ins.end_all(person, now=now)
    tokens.revoke_all(person, now=now)
    _record("person.deactivated", person, by=by, at=now)


def forget_old(*, now: datetime) -> None:
    """Forget sign-ins, browsers and counts of tries whose time is over."""
    sign_ins.forget_old(now=now)
    limits.forget_old(now=now)
    Session.objects.filter(expire_date__lte=now).delete()


def has_verified_address(person: Person) -> bool:
    """Whether the person has shown that mail to the account's address reaches them."""
    addresses = EmailAddress.objects.filter(user_id=person.pk, email=person.email)
    return bool(addresses.filter(verified=True).exists())


def demand_verified(person: Person) -> None:
    """Refuse people who must verify their address before they book (`email_not_verified`)."""
    if settings.VERIFY_EMAIL and not has_verified_address(person):
        raise EmailNotVerified


def name_fault(name: str) -> str:
    """What is wrong with a name, or nothing."""
    if not name:
        return "Please tell us your name."
    if len(name) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters."
    return "" if name.isprintable() else "A name has no line breaks or control characters."


def zone_fault(zone: str) -> str:
    """What is wrong with the name of a time zone, or nothing."""
    return "" if zones.exists(zone) else "We do not know that time zone."


def language_fault(language: str) -> str:
    """What is wrong with the code of a language, or nothing."""
    known = {code for code, _ in settings.LANGUAGES}
    return "" if language in known else "We do not speak that language yet."


def goals_fault(goals: str) -> str:
    """What is wrong with what somebody wants to reach, or nothing."""
    if "\x00" in goals:
        return "This has a character in it that cannot be kept."
    return "" if len(goals) <= LONGEST_GOALS else f"Use at most {LONGEST_GOALS} characters."


def email_fault(email: str) -> str:
    """What is wrong with an email address, or nothing."""
    try:
        validate_email(email)
    except ValidationError:
        return "This is not an email address."
    return "" if len(email) <= LONGEST_ADDRESS else "This email address is too long."


def password_fault(password: str, *, person: Person | None) -> str:
    """What is wrong with a new password of this person, or nothing."""
    if len(password) > LONGEST_PASSWORD:
        return f"A password has at most {LONGEST_PASSWORD} characters."
    try:
        validate_password(password, person)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _demand(**faults: str) -> None:
    """Refuse when any field has a fault, with a line for each."""
    errors = [{"field": field, "message": fault} for field, fault in faults.items() if fault]
    if errors:
        raise Invalid(errors=errors)


def _record(name: str, person: Person, *, by: Person, at: datetime) -> None:
    events.record(name, subject="person", subject_id=person.pk, actor_id=by.pk, at=at)
