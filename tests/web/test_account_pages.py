"""The profile, access tokens and signed-in programs, in a browser."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from openmentor.base import clock
from openmentor.people import sign_ins, tokens
from openmentor.people.models import AccessToken, Person, SignIn
from tests import make
from tests.api.client import Api
from tests.web.browser import prove, signed_in

pytestmark = pytest.mark.django_db
PAGES = ["/account/profile", "/account/tokens"]


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_for_those_who_are_signed_in(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={path}")


def test_a_person_changes_name_and_zone(tom: Person) -> None:
    browser = signed_in(tom)
    answer = browser.post(
        "/account/profile", {"name": " Thomas ", "timezone": "Pacific/Chatham"}, follow=True
    )
    assert answer.status_code == 200
    assert "Your profile is saved." in answer.content.decode()
    tom.refresh_from_db()
    assert (tom.name, tom.timezone) == ("Thomas", "Pacific/Chatham")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": ""}, "name"), ({"name": "a\u202eb"}, "name"), ({"timezone": "Mars"}, "timezone")],
)
def test_the_profile_says_what_is_wrong(wrong: dict[str, str], field: str, tom: Person) -> None:
    answer = signed_in(tom).post("/account/profile", {"name": "T", "timezone": "UTC"} | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]


def test_the_zone_that_was_kept_stays_among_the_choices() -> None:
    person = make.person(timezone="US/Eastern")
    page = signed_in(person).get("/account/profile").content.decode()
    assert re.search(r'value="US/Eastern"\s+selected', page)


def test_a_person_makes_a_token_after_showing_the_password(tom: Person) -> None:
    browser = signed_in(tom)
    form = {"name": "Backup", "scopes": ["read"], "lifetime": "30"}
    asked = browser.post("/account/tokens/new", form)
    assert asked["Location"].startswith("/account/reauthenticate/")
    assert not AccessToken.objects.exists()
    page = prove(browser, before="/account/tokens/new")
    [secret] = re.findall(r"omp_[\w-]{43}", page.content.decode())
    assert Api(token=secret).get("/me").status_code == 200
    token = AccessToken.objects.get()
    assert (token.name, token.scopes, token.person) == ("Backup", ["read"], tom)
    assert token.expires_at is not None
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert secret not in browser.get("/account/tokens").content.decode()


def test_a_token_without_an_end_is_possible(tom: Person) -> None:
    browser = signed_in(tom)
    prove(browser, before="/account/tokens")
    browser.post(
        "/account/tokens/new", {"name": "Backup", "scopes": ["read", "write"], "lifetime": ""}
    )
    assert AccessToken.objects.get().expires_at is None


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["admin"]}])
def test_a_token_form_says_what_is_wrong(wrong: dict[str, object], tom: Person) -> None:
    browser = signed_in(tom)
    prove(browser, before="/account/tokens")
    form = {"name": "Backup", "scopes": ["read"], "lifetime": "30"} | wrong
    answer = browser.post("/account/tokens/new", form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)
    assert not AccessToken.objects.exists()


def test_a_person_revokes_a_token_of_their_own(tom: Person, zoe: Person) -> None:
    token, secret = tokens.create(tom, name="Backup", scopes=["read"], now=clock.now())
    address = f"/account/tokens/{token.reference}/revoke"
    assert signed_in(zoe).post(address).status_code == 404
    assert Api(token=secret).get("/me").status_code == 200
    assert signed_in(tom).post(address)["Location"] == "/account/tokens"
    assert Api(token=secret).get("/me").status_code == 401


def test_a_person_signs_out_a_program_of_their_own(tom: Person, zoe: Person) -> None:
    sign_ins.begin(tom, device="Phone <1>", now=clock.now())
    address = f"/account/sign-ins/{SignIn.objects.get().sid}/end"
    signed_in(zoe).post(address)
    browser = signed_in(tom)
    assert "Phone &lt;1&gt;" in browser.get("/account/tokens").content.decode()
    browser.post(address)
    assert "Phone" not in browser.get("/account/tokens").content.decode()


@pytest.mark.parametrize("path", ["new", "TOKEN-00000000/revoke"])
def test_changes_take_a_post(path: str, tom: Person) -> None:
    assert signed_in(tom).get(f"/account/tokens/{path}").status_code == 405
