"""The authenticator app and recovery codes, and the staff's sign-in, in a browser."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from openmentor.people.models import Person
from tests import make
from tests.web.browser import code_of, prove, reader, sign_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(tom: Person) -> str:
    """What Tom's authenticator app shares with us."""
    made = str(generate_totp_secret())
    TOTP.activate(tom, made)
    return made


def test_a_person_sets_up_the_app_with_a_code_of_it(tom: Person) -> None:
    browser = signed_in(tom)
    page = prove(browser, before="/account/2fa/totp/activate/")
    shown = page.context["form"].secret
    wrong = browser.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert list(wrong.context["form"].errors) == ["code"]
    browser.post("/account/2fa/totp/activate/", {"code": code_of(shown)})
    kinds = set(Authenticator.objects.filter(user=tom).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}


def test_the_app_needs_a_verified_address() -> None:
    person = make.person(verified=False)
    page = prove(signed_in(person), before="/account/2fa/totp/activate/")
    assert page.redirect_chain[-1][0] == "/account/2fa/"
    assert not Authenticator.objects.exists()


def test_signing_in_takes_the_code_too(tom: Person, secret: str) -> None:
    browser = Client()
    answer = sign_in(browser, tom)
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/authenticate/")
    assert reader(browser) is None
    wrong = browser.post("/account/2fa/authenticate/", {"code": "000000"})
    assert list(wrong.context["form"].errors) == ["code"]
    assert reader(browser) is None
    browser.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert reader(browser) == tom.pk


def test_a_recovery_code_opens_once(tom: Person, secret: str) -> None:
    [code, *_] = RecoveryCodes.activate(tom).get_unused_codes()
    for attempt, expected in ((Client(), tom.pk), (Client(), None)):
        sign_in(attempt, tom)
        attempt.post("/account/2fa/authenticate/", {"code": code})
        assert reader(attempt) == expected


def test_turning_the_app_off_takes_the_password_again(tom: Person, secret: str) -> None:
    browser = Client()
    browser.force_login(tom)
    address = "/account/2fa/totp/deactivate/"
    asked = browser.post(address)
    assert asked["Location"].startswith("/account/reauthenticate/")
    wrong = browser.post(asked["Location"], {"password": "another one"})
    assert list(wrong.context["form"].errors) == ["password"]
    assert Authenticator.objects.filter(type="totp").exists()
    prove(browser, before=address)
    assert not Authenticator.objects.exists()


def test_a_passkey_is_offered(tom: Person) -> None:
    asked = Client().get("/account/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert asked.json()["request_options"]["publicKey"]["userVerification"] == "required"
    page = prove(signed_in(tom), before="/account/2fa/webauthn/add/")
    assert page.context["js_data"]["creation_options"]["publicKey"]["user"]["name"] == tom.email


def test_staff_sign_in_where_everyone_does_second_factor_included(
    staff: Person, tom: Person
) -> None:
    browser = Client()
    asked = browser.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/account/login/?next=")
    made = str(generate_totp_secret())
    TOTP.activate(staff, made)
    sign_in(browser, staff)
    assert browser.get("/admin/").status_code == 302
    browser.post("/account/2fa/authenticate/", {"code": code_of(made)})
    assert browser.get("/admin/").status_code == 200
    assert signed_in(tom).get("/admin/", follow=True).status_code == 403


def test_the_admins_own_sign_in_form_takes_no_password(staff: Person) -> None:
    browser = Client()
    form = {"username": staff.email, "password": make.PASSWORD, "next": "/admin/"}
    browser.post("/admin/login/", form)
    assert reader(browser) is None
