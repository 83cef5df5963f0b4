"""No page of the sign-in family is unstyled, whoever asks."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from openmentor.people.models import Person

SCRIPT = re.compile(r"<script(?![^>]*(?: src=|application/json))")
GUEST = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_inactive",
]
MEMBER = [
    "account_email",
    "account_change_password",
    "account_logout",
    "account_email_verification_sent",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
]
SHIPPED = Path(allauth.__file__).parent / "templates"


def is_ours(html: str) -> bool:
    """Whether a page stands on our base and would work under the strict content policy."""
    return 'id="main"' in html and " style=" not in html and not SCRIPT.search(html)


@pytest.mark.parametrize("name", GUEST)
def test_a_guests_page_is_ours(client: Client, db: None, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert is_ours(answer.content.decode())


@pytest.mark.parametrize("name", MEMBER)
def test_a_members_page_is_ours(client: Client, tom: Person, name: str) -> None:
    client.force_login(tom)
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert is_ours(answer.content.decode())


@pytest.mark.parametrize("folder", ["layouts", "elements"])
def test_each_piece_that_allauth_builds_pages_from_is_ours(folder: str) -> None:
    shipped = SHIPPED / "allauth" / folder
    ours = Path(settings.ROOT) / "openmentor" / "web" / "templates" / "allauth" / folder
    names = {path.name for path in shipped.glob("*.html")}
    assert names - {path.name for path in ours.glob("*.html")} == set()
