"""Signing in to the API: register, login, refresh, logout, and what ends a sign-in."""

import uuid
from datetime import timedelta

import jwt
import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail

from openmentor.base import clock
from openmentor.people import people, sign_ins
from openmentor.people.models import Person, SignIn
from tests import make
from tests.api.client import Api, faults, problem

pytestmark = pytest.mark.django_db
NEW = {"name": "Nia Okoro", "email": "Nia@Example.com", "password": "a quiet harbour"}


def credentials(person: Person, **more: str) -> dict[str, str]:
    return {"email": person.email, "password": make.PASSWORD, **more}


def code_of(secret: str) -> str:
    """What the app shows now."""
    [counter] = totp.yield_hotp_counters_from_time()
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_register_answers_with_tokens_and_the_person() -> None:
    answer = Api().post("/auth/register", {**NEW, "timezone": "Africa/Lagos"})
    assert answer.status_code == 201
    said = answer.json()
    person = Person.objects.get()
    assert said["person"] == {
        "id": person.reference,
        "name": "Nia Okoro",
        "email": "nia@example.com",
        "timezone": "Africa/Lagos",
        "isMentor": False,
    }
    assert said["expiresIn"] == 900
    assert set(said) == {"accessToken", "refreshToken", "expiresIn", "person"}
    assert Api(token=said["accessToken"]).get("/me").status_code == 200


def test_register_asks_by_mail_to_verify_the_address() -> None:
    Api().post("/auth/register", NEW)
    assert [message.to for message in mail.outbox] == [["nia@example.com"]]
    assert EmailAddress.objects.get().verified is False


def test_register_says_what_is_wrong_with_each_field() -> None:
    answer = Api().post(
        "/auth/register",
        {"name": " ", "email": "nia", "password": "short", "timezone": "Mars/Base"},
    )
    assert problem(answer) == (422, "invalid")
    assert faults(answer) == {
        "name": "Please tell us your name.",
        "email": "This is not an email address.",
        "password": "This password is too short. It must contain at least 10 characters.",
        "timezone": "We do not know that time zone.",
    }
    assert not Person.objects.exists()


def test_register_refuses_an_address_that_has_an_account() -> None:
    person = make.person()
    answer = Api().post("/auth/register", {**NEW, "email": person.email.upper()})
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == ["email"]
    assert Person.objects.count() == 1


def test_register_refuses_what_is_missing() -> None:
    answer = Api().post("/auth/register", {"name": "Nia"})
    assert problem(answer) == (422, "invalid")
    assert faults(answer) == {"email": "This is needed.", "password": "This is needed."}


def test_login_answers_with_tokens_and_the_person() -> None:
    mentor = make.mentor("Maya Rao")
    answer = Api().post("/auth/login", credentials(mentor.person))
    assert answer.status_code == 200
    assert answer.json()["person"]["isMentor"] is True
    assert Api(token=answer.json()["accessToken"]).get("/me").json()["name"] == "Maya Rao"


def test_login_takes_the_address_in_any_case() -> None:
    person = make.person(email="tom@example.com")
    answer = Api().post("/auth/login", credentials(person, email="TOM@example.com"))
    assert answer.status_code == 200


@pytest.mark.parametrize("wrong", [{"password": "another one"}, {"email": "who@example.com"}])
def test_login_says_the_same_for_a_wrong_password_and_an_unknown_address(
    wrong: dict[str, str],
) -> None:
    answer = Api().post("/auth/login", credentials(make.person()) | wrong)
    assert problem(answer) == (401, "wrong_password")
    assert answer.json()["detail"] == "The email address or the password is not right."


def test_login_refuses_a_closed_account() -> None:
    person = make.person()
    people.deactivate(person, by=person, now=clock.now())
    assert problem(Api().post("/auth/login", credentials(person))) == (401, "wrong_password")


def test_login_asks_for_a_code_from_those_who_use_one() -> None:
    person = make.person()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    answer = Api().post("/auth/login", credentials(person))
    assert problem(answer) == (401, "mfa_required")
    assert answer.json()["methods"] == ["totp"]
    assert "code" in answer.json()["detail"]
    wrong = Api().post("/auth/login", credentials(person, code="000000"))
    assert problem(wrong) == (401, "wrong_code")
    code = code_of(secret)
    assert Api().post("/auth/login", credentials(person, code=code)).status_code == 200


def test_a_code_works_once() -> None:
    person = make.person()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    with time_machine.travel(clock.now(), tick=False):
        code = code_of(secret)
        assert Api().post("/auth/login", credentials(person, code=code)).status_code == 200
        again = Api().post("/auth/login", credentials(person, code=code))
    assert problem(again) == (401, "wrong_code")


def test_a_recovery_code_works_once_instead_of_the_app() -> None:
    person = make.person()
    totp.TOTP.activate(person, totp.generate_totp_secret())
    [code, *_] = RecoveryCodes.activate(person).get_unused_codes()
    assert Api().post("/auth/login", credentials(person, code=code)).status_code == 200
    again = Api().post("/auth/login", credentials(person, code=code))
    assert problem(again) == (401, "wrong_code")
    assert Authenticator.objects.get(type="recovery_codes").last_used_at is not None


def test_a_wrong_password_is_not_told_about_the_second_factor() -> None:
    person = make.person()
    totp.TOTP.activate(person, totp.generate_totp_secret())
    answer = Api().post("/auth/login", credentials(person, password="another one"))
    assert problem(answer) == (401, "wrong_password")


def test_refresh_gives_new_tokens_and_the_old_refresh_token_ends() -> None:
    first = Api().post("/auth/login", credentials(make.person())).json()
    answer = Api().post("/auth/refresh", {"refreshToken": first["refreshToken"]})
    assert answer.status_code == 200
    assert set(answer.json()) == {"accessToken", "refreshToken", "expiresIn", "person"}
    assert answer.json()["refreshToken"] != first["refreshToken"]
    assert Api(token=answer.json()["accessToken"]).get("/me").status_code == 200


def test_an_old_refresh_token_ends_the_sign_in_for_everyone() -> None:
    first = Api().post("/auth/login", credentials(make.person())).json()
    second = Api().post("/auth/refresh", {"refreshToken": first["refreshToken"]}).json()
    stolen = Api().post("/auth/refresh", {"refreshToken": first["refreshToken"]})
    assert problem(stolen) == (401, "sign_in_over")
    assert problem(Api(token=second["accessToken"]).get("/me")) == (401, "not_signed_in")
    assert problem(Api().post("/auth/refresh", {"refreshToken": second["refreshToken"]})) == (
        401,
        "sign_in_over",
    )


@pytest.mark.parametrize("token", ["", "x", ".", f"{'0' * 32}.x", "0" * 5000, "é.ü"])
def test_refresh_refuses_what_is_no_token(token: str) -> None:
    assert problem(Api().post("/auth/refresh", {"refreshToken": token})) == (401, "sign_in_over")


def test_logout_ends_both_tokens_at_once() -> None:
    keys = Api().post("/auth/login", credentials(make.person())).json()
    api = Api(token=keys["accessToken"])
    assert api.post("/auth/logout").status_code == 204
    assert problem(api.get("/me")) == (401, "not_signed_in")
    refused = Api().post("/auth/refresh", {"refreshToken": keys["refreshToken"]})
    assert problem(refused) == (401, "sign_in_over")


def test_logout_leaves_other_sign_ins_alone() -> None:
    person = make.person()
    one, other = Api(person), Api(person)
    one.post("/auth/logout")
    assert other.get("/me").status_code == 200


def test_a_new_password_ends_every_sign_in_whoever_sets_it() -> None:
    person = make.person()
    keys = Api().post("/auth/login", credentials(person)).json()
    person.set_password("a better password")
    person.save()
    assert problem(Api(token=keys["accessToken"]).get("/me")) == (401, "not_signed_in")
    refused = Api().post("/auth/refresh", {"refreshToken": keys["refreshToken"]})
    assert problem(refused) == (401, "sign_in_over")


def test_closing_the_account_ends_every_sign_in() -> None:
    person = make.person()
    api = Api(person)
    people.deactivate(person, by=person, now=clock.now())
    assert problem(api.get("/me")) == (401, "not_signed_in")


def test_an_access_token_works_for_a_quarter_of_an_hour() -> None:
    now = clock.now()
    keys = sign_ins.begin(make.person(), device="", now=now)
    api = Api(token=keys.access_token)
    with time_machine.travel(now + timedelta(minutes=14, seconds=58), tick=False):
        assert api.get("/me").status_code == 200
    with time_machine.travel(now + timedelta(minutes=15, seconds=1), tick=False):
        assert problem(api.get("/me")) == (401, "not_signed_in")


def test_a_refresh_token_works_for_thirty_days() -> None:
    now = clock.now()
    keys = sign_ins.begin(make.person(), device="", now=now)
    with time_machine.travel(now + timedelta(days=30, seconds=1), tick=False):
        refused = Api().post("/auth/refresh", {"refreshToken": keys.refresh_token})
    assert problem(refused) == (401, "sign_in_over")


def test_a_token_names_nobody_and_no_key_of_the_database() -> None:
    person = make.person()
    keys = sign_ins.begin(person, device="", now=clock.now())
    claims = jwt.decode(keys.access_token, options={"verify_signature": False})
    assert set(claims) == {"sid", "iat", "exp"}
    assert uuid.UUID(claims["sid"]) == SignIn.objects.get().sid


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_others_made_is_no_token(algorithm: str) -> None:
    sign_ins.begin(make.person(), device="", now=clock.now())
    claims = {"sid": SignIn.objects.get().sid.hex, "exp": clock.now() + timedelta(minutes=5)}
    key = "" if algorithm == "none" else "x" * 32
    forged = jwt.encode(claims, key, algorithm)
    assert problem(Api(token=forged).get("/me")) == (401, "not_signed_in")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "omp_x", "é"])
def test_a_bad_authorization_header_is_401_with_the_scheme(header: str) -> None:
    answer = Api().get("/me", Authorization=header)
    assert problem(answer) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == 'Bearer realm="openmentor"'


def test_a_session_cookie_is_no_token() -> None:
    api = Api()
    api._client.force_login(make.person())
    assert problem(api.get("/me")) == (401, "not_signed_in")
