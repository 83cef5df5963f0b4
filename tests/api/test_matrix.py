"""Who may do what (SPEC §18): every operation of the API and every page, for everybody."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver

from openmentor.api.root import api
from openmentor.mentors.models import Mentor
from openmentor.people import tokens
from openmentor.people.models import Person
from tests import make, rows
from tests.api.client import Api
from tests.api.matrix import API, BODIES, FORMS, LOGIN, PAGES, PUBLIC_ACCOUNTS, ROLES
from tests.cast import NOW
from tests.rows import Rows

pytestmark = pytest.mark.django_db

ANGLES = str.maketrans("{}", "<>")
_PLACE = re.compile(r"<\w+:(\w+)>")


def operations() -> Iterator[str]:
    """Every operation of the API, such as `GET /api/me`."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        yield from (f"{method.upper()} {path}" for method in methods)


def routes(resolver: Any = None, *, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address that Django answers, as it stands in urls.py, and the module of its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, before=route)
        else:
            yield route, getattr(pattern.callback, "__module__", "")


def pages() -> set[str]:
    """The addresses of our own pages."""
    others = ("api/", "admin/")
    return {
        route
        for route, module in routes()
        if not route.startswith(others) and not module.startswith("allauth.")
    }


def accounts() -> list[str]:
    """The addresses of allauth's pages that need no key to be filled in."""
    theirs = {route for route, module in routes() if module.startswith("allauth.")}
    return sorted(route for route in theirs if not {"<", "^"} & set(route))


class Stage:
    """The cast, with something of everything that an address can name."""

    def __init__(self, people: dict[str, Person | None], maya: Mentor, tom: Person) -> None:
        self.programs = {role: Api(person) for role, person in people.items()}
        self.browsers = {role: browser(person) for role, person in people.items()}
        session = make.session(maya, tom, starts_at=NOW + timedelta(hours=46))
        token, _ = tokens.create(tom, name="Script", scopes=["read"], now=NOW)
        session_type = maya.session_types.get().reference
        self.names = {
            "session_id": session.reference,
            "session_type_id": session_type,
            "token_id": token.reference,
            "mentor_id": maya.handle,
            "handle": maya.handle,
            "sid": str(tom.sign_ins.get().sid),
            "provider": "mock",
            "name": "no-such-photo",
        }
        self.references = {
            "sessions": session.reference,
            "mentor": session_type,
            "account": token.reference,
        }

    def called(self, role: str, operation: str) -> HttpResponse:
        """What this role gets from an operation of the API."""
        method, _, path = operation.partition(" ")
        body = self.filled(BODIES.get(operation))
        address = path.format(**self.names).removeprefix("/api")
        answer: HttpResponse = self.programs[role].call(method, address, body)
        return answer

    def visited(self, role: str, method: str, route: str) -> HttpResponse:
        """What this role gets at a page, or for the form sent there."""
        names = {**self.names, "reference": self.references.get(route.partition("/")[0], "")}
        path = "/" + _PLACE.sub(lambda place: names[place[1]], route)
        form = urlencode(self.filled(FORMS.get(route, {})))
        answer: Any = self.browsers[role].generic(
            method, path, form, "application/x-www-form-urlencoded"
        )
        return cast(HttpResponse, answer)

    def filled(self, sent: Any) -> Any:
        """What is sent, with the ids of this stage."""
        if isinstance(sent, dict):
            return {name: self.filled(value) for name, value in sent.items()}
        return sent.format(**self.names) if isinstance(sent, str) else sent


@pytest.fixture
def stage(maya: Mentor, kiri: Mentor, tom: Person, zoe: Person, staff: Person) -> Iterator[Stage]:
    people = {"tom": tom, "maya": maya.person, "zoe": zoe, "kiri": kiri.person, "staff": staff}
    with time_machine.travel(NOW, tick=False):
        yield Stage({**people, "nobody": None}, maya, tom)


def answers(call: Callable[[str], HttpResponse]) -> dict[str, int | str]:
    """What everybody gets, each as if the others had not asked; a refusal must change nothing."""
    found: dict[str, int | str] = {}
    before = everything()
    for role in ROLES:
        with suppress(Undone), transaction.atomic():
            answer = call(role)
            found[role] = shown(answer)
            if found[role] == LOGIN or answer.status_code >= 400:
                assert rows.changed(before, everything()) == set(), (role, answer.status_code)
            raise Undone
    return found


def browser(person: Person | None) -> Client:
    """A browser in which this person, if any, has signed in."""
    client = Client()
    if person:
        client.force_login(person)
    return client


def shown(answer: HttpResponse) -> int | str:
    """The status, or LOGIN for the way to the page where people sign in."""
    to_login = urlsplit(answer.headers.get("Location", "")).path == "/account/login/"
    return LOGIN if to_login else answer.status_code


def everything() -> Rows:
    return rows.of("people", "mentors", "availability", "booking", "payments", "base", "account")


class Undone(Exception):  # noqa: N818 - takes back what a call has changed
    """Ends a transaction without a trace."""


@pytest.mark.parametrize("operation", API)
def test_an_operation_answers_everybody(stage: Stage, operation: str) -> None:
    expected = dict(zip(ROLES, API[operation], strict=True))
    assert answers(lambda role: stage.called(role, operation)) == expected


@pytest.mark.parametrize("route", PAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_answers_everybody(stage: Stage, method: str, route: str) -> None:
    expected = dict(zip(ROLES, PAGES[route][method == "POST"], strict=True))
    assert answers(lambda role: stage.visited(role, method, route)) == expected


def test_every_operation_is_in_the_matrix() -> None:
    assert sorted(operations()) == sorted(API)


def test_every_address_of_the_api_is_an_operation_or_documentation() -> None:
    documented = {path.strip("/").translate(ANGLES) for path in api.get_openapi_schema()["paths"]}
    addresses = {route for route, _ in routes() if route.startswith("api/")}
    assert addresses - documented == {"api/", "api/docs", "api/openapi.json"}


def test_every_page_is_in_the_matrix() -> None:
    assert sorted(pages()) == sorted(PAGES)


@pytest.mark.parametrize("route", accounts())
def test_pages_of_accounts_are_for_those_who_have_one(stage: Stage, route: str) -> None:
    """Allauth's own pages know nobody but who is signed in, so nobody else has to be kept out."""
    expected = PUBLIC_ACCOUNTS.get(route, LOGIN)
    assert shown(stage.visited("nobody", "GET", route)) == expected


@pytest.mark.parametrize("role", ["nobody", "tom", "maya"])
def test_the_admin_is_for_staff(stage: Stage, role: str) -> None:
    """Django guards each of its own pages in one place; here is that it guards them all."""
    found = {
        route: stage.visited(role, "GET", re.sub(r"<[^>]*>", "1", route)).status_code
        for route, _ in routes()
        if route.startswith("admin/") and "^" not in route
    }
    assert len(found) > 50
    assert set(found.values()) <= {302, 403}
    assert stage.visited("staff", "GET", "admin/").status_code == 200
