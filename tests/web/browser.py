"""A browser without a screen: Django's client, and what tests of pages ask it for."""

import re
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from openmentor.people.models import Person
from tests import make


def signed_in(person: Person) -> Client:
    """A browser in which this person has just signed in with the password."""
    browser = Client()
    sign_in(browser, person)
    assert reader(browser) == person.pk
    return browser


def sign_in(browser: Client, person: Person, password: str = make.PASSWORD, **more: str) -> Any:
    """Send the sign-in form."""
    form = {"login": person.email, "password": password, **more}
    return browser.post("/account/login/", form)


def reader(browser: Client) -> int | None:
    """The key of whoever is signed in."""
    key = browser.session.get("_auth_user_id")
    return int(key) if key else None


def link(letter: int = -1) -> str:
    """The path of the first link in a mail that was sent."""
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[letter].body))
    assert found, mail.outbox[letter].body
    return found[1]


def code_of(secret: str) -> str:
    """What the authenticator app shows now."""
    [counter] = totp.yield_hotp_counters_from_time()
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def prove(browser: Client, *, before: str) -> Any:
    """The page at `before`, which asks for the password once more."""
    address = f"/account/reauthenticate/?next={before}"
    return browser.post(address, {"password": make.PASSWORD}, follow=True)
