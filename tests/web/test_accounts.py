"""Sign-up, sign-in, sign-out, forgotten passwords and mail addresses, in a browser."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from openmentor.base import clock, events
from openmentor.people import people
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api
from tests.web.browser import link, reader, sign_in, signed_in

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Nia Okoro",
    "email": "Nia@Example.com",
    "password1": "a quiet harbour",
    "timezone": "Africa/Lagos",
}
NEW_PASSWORD = "a better password"


def test_somebody_signs_up_and_is_signed_in() -> None:
    browser = Client()
    answer = browser.post("/account/signup/", NEW)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    person = Person.objects.get()
    assert (person.name, person.email, person.timezone) == (
        "Nia Okoro",
        "nia@example.com",
        "Africa/Lagos",
    )
    assert reader(browser) == person.pk
    assert [event.name for event in events.history("person", person.pk)] == ["person.registered"]


def test_signing_up_asks_by_mail_to_verify_the_address() -> None:
    browser = Client()
    browser.post("/account/signup/", NEW)
    assert [message.to for message in mail.outbox] == [["nia@example.com"]]
    assert not people.has_verified_address(Person.objects.get())
    assert browser.get(link()).status_code == 200
    answer = browser.post(link())
    assert (answer.status_code, answer["Location"]) == (302, "/mentors")
    assert people.has_verified_address(Person.objects.get())


@pytest.mark.parametrize("zone", ["", "Mars/Base", "x" * 70])
def test_a_zone_that_is_none_does_not_stop_anybody_from_signing_up(
    zone: str, settings: Any
) -> None:
    settings.DEFAULT_TIMEZONE = "Asia/Kolkata"
    answer = Client().post("/account/signup/", NEW | {"timezone": zone[:64]})
    assert answer.status_code == 302
    assert Person.objects.get().timezone == "Asia/Kolkata"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"email": "nia"}, "email"),
        ({"password1": "short"}, "password1"),
        ({"password1": "password123"}, "password1"),
        ({"password1": "x" * 129}, "password1"),
        ({"password1": "nia@example.com"}, "password1"),
    ],
)
def test_signing_up_says_what_is_wrong(wrong: dict[str, str], field: str) -> None:
    answer = Client().post("/account/signup/", NEW | wrong)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Person.objects.exists()


def test_nobody_signs_up_with_the_address_of_an_account() -> None:
    make.person(email="nia@example.com")
    answer = Client().post("/account/signup/", NEW)
    assert list(answer.context["form"].errors) == ["email"]
    assert Person.objects.count() == 1


def test_somebody_signs_in_with_the_address_in_any_case() -> None:
    person, browser = make.person(email="tom@example.com"), Client()
    answer = browser.post(
        "/account/login/", {"login": "TOM@Example.com", "password": make.PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert reader(browser) == person.pk


def test_after_signing_in_one_is_where_one_wanted_to_go() -> None:
    answer = sign_in(Client(), make.person(), next="/mentors?language=Hindi")
    assert answer["Location"] == "/mentors?language=Hindi"


def test_a_wrong_password_and_an_unknown_address_look_the_same() -> None:
    person = make.person()
    pages = []
    for email, password in [(person.email, "another one"), ("who@example.com", "another one")]:
        answer = Client().post("/account/login/", {"login": email, "password": password})
        assert answer.status_code == 200
        pages.append(answer.context["form"].errors.as_json())
    assert pages[0] == pages[1]


def test_a_closed_account_does_not_open() -> None:
    person, browser = make.person(), Client()
    people.deactivate(person, by=person, now=clock.now())
    sign_in(browser, person)
    assert reader(browser) is None


def test_closing_an_account_ends_its_browsers() -> None:
    person = make.person()
    browser = signed_in(person)
    people.deactivate(person, by=person, now=clock.now())
    assert browser.get("/account/profile").status_code == 302


def test_signing_out_takes_a_post() -> None:
    browser = signed_in(make.person())
    assert browser.get("/account/logout/").status_code == 200
    assert reader(browser) is not None
    assert browser.post("/account/logout/").status_code == 302
    assert reader(browser) is None


def test_signing_out_takes_the_forms_token() -> None:
    person = make.person()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    assert browser.post("/account/logout/").status_code == 403
    assert reader(browser) == person.pk


def test_a_forgotten_password_is_replaced_by_mail() -> None:
    person, browser = make.person(), Client()
    old, program = signed_in(person), Api(person)
    mail.outbox.clear()
    browser.post("/account/password/reset/", {"email": person.email})
    [message] = mail.outbox
    assert message.to == [person.email]
    form = browser.get(link(), follow=True)
    address = form.redirect_chain[-1][0]
    answer = browser.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert answer.status_code == 302
    assert sign_in(Client(), person, NEW_PASSWORD).status_code == 302
    assert old.get("/account/profile").status_code == 302
    assert program.get("/me").status_code == 401


def test_the_link_to_a_new_password_works_once() -> None:
    person, browser = make.person(), Client()
    browser.post("/account/password/reset/", {"email": person.email})
    address = browser.get(link(), follow=True).redirect_chain[-1][0]
    browser.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    again = Client().get(link(0), follow=True)
    assert again.context["token_fail"] is True


def test_a_forgotten_password_does_not_tell_who_has_an_account() -> None:
    known, unknown = (
        Client().post("/account/password/reset/", {"email": email})
        for email in (make.person().email, "who@example.com")
    )
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_new_password_signs_out_every_other_browser_and_program() -> None:
    person = make.person()
    here, there, program = signed_in(person), signed_in(person), Api(person)
    answer = here.post(
        "/account/password/change/",
        {"oldpassword": make.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert answer.status_code == 302
    assert here.get("/account/profile").status_code == 200
    assert there.get("/account/profile").status_code == 302
    assert program.get("/me").status_code == 401


def test_a_new_password_is_told_by_mail() -> None:
    person = make.person()
    browser = signed_in(person)
    mail.outbox.clear()
    browser.post(
        "/account/password/change/",
        {"oldpassword": make.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_a_new_password_needs_the_old_one() -> None:
    person = make.person()
    answer = signed_in(person).post(
        "/account/password/change/",
        {"oldpassword": "another one", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert list(answer.context["form"].errors) == ["oldpassword"]
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)


def test_a_person_sees_the_browsers_that_are_signed_in_and_ends_the_others() -> None:
    person = make.person()
    here, there = signed_in(person), signed_in(person)
    stranger = signed_in(make.person())
    assert here.get("/account/sessions/").context["session_count"] == 2
    here.post("/account/sessions/")
    assert here.get("/account/sessions/").context["session_count"] == 1
    assert there.get("/account/profile").status_code == 302
    assert stranger.get("/account/profile").status_code == 200
    assert UserSession.objects.count() == 2


def test_another_address_is_used_once_it_is_verified() -> None:
    person = make.person(email="tom@example.com")
    browser = signed_in(person)
    browser.post("/account/email/", {"action_add": "", "email": "Tom.Hale@example.com"})
    browser.post(link())
    browser.post("/account/email/", {"action_primary": "", "email": "tom.hale@example.com"})
    person.refresh_from_db()
    assert person.email == "tom.hale@example.com"
    assert EmailAddress.objects.get_primary(person).email == "tom.hale@example.com"
