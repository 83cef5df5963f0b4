"""What goes wrong on our side, and is told without details; what passes is tried again."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, DataError, IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from ninja import Router

from openmentor.api import problem
from openmentor.api.reading import CarefulParser
from openmentor.api.root import Api, tried_twice
from tests.api.client import problem as code_of


def failure(kind: type[DatabaseError], *, sqlstate: str = "", constraint: str = "") -> Exception:
    error = kind("the database's own words")
    cause: Any = Exception()
    cause.sqlstate, cause.diag = sqlstate, SimpleNamespace(constraint_name=constraint)
    error.__cause__ = cause
    return error


class Calls:
    """A small API of one operation, which raises what it is told to, call by call."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.count = list(errors), 0
        api = Api(parser=CarefulParser(), urls_namespace=f"api-{id(self)}", default_router=Router())
        problem.install(api)
        api.add_decorator(tried_twice)

        @api.get("/x", auth=None, url_name="x")
        def operation(request: HttpRequest) -> HttpResponse:
            self.count += 1
            if self.errors:
                raise self.errors.pop(0)
            return HttpResponse("done")

        [self.view] = [p.callback for p in api.urls[0] if getattr(p, "name", "") == "x"]

    def answer(self) -> HttpResponse:
        request = RequestFactory().get("/x")
        request.id = "request-1"  # type: ignore[attr-defined]  # as the log's middleware does
        assert self.view is not None
        response: HttpResponse = self.view(request)
        return response


@pytest.mark.parametrize(
    "error",
    [
        failure(OperationalError, sqlstate="40P01"),
        failure(OperationalError, sqlstate="40001"),
        failure(IntegrityError, constraint="booking_session_reference_key"),
    ],
)
def test_what_passes_is_tried_once_more(error: Exception) -> None:
    calls = Calls(error)
    assert calls.answer().content == b"done"
    assert calls.count == 2


def test_what_happens_twice_is_told() -> None:
    calls = Calls(*[failure(OperationalError, sqlstate="40P01") for _ in range(2)])
    answer = calls.answer()
    assert code_of(answer) == (409, "conflict")
    assert (answer["Retry-After"], calls.count) == ("1", 2)


def test_a_database_that_is_away_is_503() -> None:
    calls = Calls(failure(OperationalError, sqlstate="08006"))
    answer = calls.answer()
    assert code_of(answer) == (503, "unavailable")
    assert (answer["Retry-After"], calls.count) == ("1", 1)


def test_a_value_that_fits_no_column_is_422() -> None:
    assert code_of(Calls(failure(DataError, sqlstate="22003")).answer()) == (422, "invalid")


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError("a secret"),
        KeyError("a secret"),
        failure(IntegrityError, constraint="some_constraint"),
    ],
)
def test_a_bug_is_500_with_the_requests_id_and_no_details(error: Exception) -> None:
    calls = Calls(error)
    answer = calls.answer()
    assert code_of(answer) == (500, "internal_error")
    assert json.loads(answer.content)["requestId"] == "request-1"
    assert b"secret" not in answer.content
    assert calls.count == 1


def test_a_bug_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    Calls(ZeroDivisionError("a secret")).answer()
    [record] = [record for record in caplog.records if record.name == "openmentor.api.problem"]
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
