"""Who may do what (SPEC §18): every operation of the API and every page, for everybody."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver

from openmentor.api.root import api
from tests import rows
from tests.api.matrix import API, LOGIN, PAGES, PUBLIC_ACCOUNTS, ROLES
from tests.api.stage import Stage, Undone, operations
from tests.rows import Rows

pytestmark = pytest.mark.django_db

ANGLES = str.maketrans("{}", "<>")


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


def shown(answer: HttpResponse) -> int | str:
    """The status, or LOGIN for the way to the page where people sign in."""
    to_login = urlsplit(answer.headers.get("Location", "")).path == "/account/login/"
    return LOGIN if to_login else answer.status_code


def everything() -> Rows:
    floors = ("people", "mentors", "availability", "payments", "booking", "delivery")
    return rows.of(*floors, "base", "account")


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
    addresses = {route.strip("/") for route, _ in routes() if route.startswith("api/")}
    assert addresses - documented == {"api", "api/docs", "api/openapi.json"}


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
