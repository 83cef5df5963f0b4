"""Guessing and flooding end in 429 with the time to wait, at both doors."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from openmentor.people import limits
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, problem
from tests.web.browser import reader, sign_in

pytestmark = pytest.mark.django_db


def times(count: int, call: Any) -> Any:
    """The last of so many answers; none before it is a 429."""
    for _ in range(count - 1):
        assert call().status_code != 429
    return call()


def refused_page(answer: Any, *, wait: str) -> bool:
    return (answer.status_code, answer["Retry-After"]) == (429, wait)


def test_a_password_is_guessed_five_times_on_the_web(tom: Person) -> None:
    answer = times(6, lambda: sign_in(Client(), tom, "another one"))
    assert refused_page(answer, wait="300")
    browser = Client()
    sign_in(browser, tom)
    assert reader(browser) is None


def test_a_password_is_guessed_five_times_at_the_api(tom: Person) -> None:
    wrong = {"email": tom.email, "password": "another one"}
    answer = times(6, lambda: Api().post("/auth/login", wrong))
    assert problem(answer) == (429, "rate_limited")
    assert (answer["Retry-After"], answer.json()["retryAfter"]) == ("300", 300)


def test_a_guesser_does_not_start_anew_at_the_other_door(tom: Person) -> None:
    times(5, lambda: sign_in(Client(), tom, "another one"))
    right = {"email": tom.email, "password": make.PASSWORD}
    assert problem(Api().post("/auth/login", right)) == (429, "rate_limited")


def test_a_code_is_guessed_five_times(tom: Person) -> None:
    TOTP.activate(tom, generate_totp_secret())
    wrong = {"email": tom.email, "password": make.PASSWORD, "code": "000000"}
    answer = times(6, lambda: Api().post("/auth/login", wrong))
    assert problem(answer) == (429, "rate_limited")
    browser = Client()
    sign_in(browser, tom)
    answer = browser.post("/account/2fa/authenticate/", {"code": "000000"})
    assert refused_page(answer, wait="300")


def test_signing_up_is_limited_at_both_doors() -> None:
    answer = times(21, lambda: Client().post("/account/signup/", {}))
    assert refused_page(answer, wait="60")
    answer = times(
        21, lambda: Api().post("/auth/register", {"name": "", "email": "", "password": ""})
    )
    assert problem(answer) == (429, "rate_limited")
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_signing_in_is_limited_at_the_api(tom: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "sign_in", limits.Limit(2, limits.MINUTE))
    right = {"email": tom.email, "password": make.PASSWORD}
    answer = times(3, lambda: Api().post("/auth/login", right))
    assert problem(answer) == (429, "rate_limited")


def test_a_forgotten_password_is_mailed_five_times(tom: Person) -> None:
    form = {"email": tom.email}
    answer = times(6, lambda: Client().post("/account/password/reset/", form))
    assert refused_page(answer, wait="60")


def test_without_rate_limits_nobody_waits(tom: Person, settings: Any) -> None:
    settings.RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS = False
    wrong = {"email": tom.email, "password": "another one"}
    for _ in range(8):
        assert problem(Api().post("/auth/login", wrong)) == (401, "wrong_password")
        assert sign_in(Client(), tom, "another one").status_code == 200
