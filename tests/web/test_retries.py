"""A page that met another writer is tried once more before anybody sees an error."""

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch
from psycopg.errors import DeadlockDetected

from openmentor.base.errors import NotPossible
from openmentor.web.refusals import RefusalMiddleware


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockDetected()
    return error


def answered(*outcomes: Exception | None) -> HttpResponse | None:
    """What the middleware makes of a view that fails with each of these in turn."""
    waiting = list(outcomes)

    def view(request: HttpRequest, **_: Any) -> HttpResponse:
        outcome = waiting.pop(0)
        if outcome is not None:
            raise outcome
        return HttpResponse("done")

    request = RequestFactory().post("/somewhere", headers={"HX-Request": "true"})
    request.resolver_match = ResolverMatch(view, (), {})
    middleware = RefusalMiddleware(view)
    try:
        return middleware(request)
    except Exception as error:  # noqa: BLE001 - Django hands any exception to the middleware
        return middleware.process_exception(request, error)


def test_a_deadlock_is_tried_again() -> None:
    response = answered(deadlock(), None)
    assert response is not None
    assert response.content == b"done"


def test_a_second_deadlock_is_an_error() -> None:
    with pytest.raises(OperationalError):
        answered(deadlock(), deadlock())


@pytest.mark.django_db
def test_a_refusal_of_the_second_try_is_shown() -> None:
    response = answered(deadlock(), NotPossible())
    assert response is not None
    assert response.status_code == 409
