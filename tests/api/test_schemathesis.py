"""Everything that the API describes, called as described and otherwise: nothing breaks."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from config.wsgi import application
from tests.api.matrix import API, BODIES, ROLES
from tests.api.stage import Stage, Undone, operations

pytestmark = pytest.mark.django_db

Case = schemathesis.Case[Any]

_EXAMPLES = 200 if os.environ.get("OPENMENTOR_ALL") else 6
_UNCHECKED = {
    "positive_data_acceptance",  # A well-formed call may still ask for a time that is taken.
    "ignored_auth",  # Calls without a token are the role `nobody` here.
}
_UNCHECKED_IN_QUERIES = {"negative_data_rejection"}  # There all is text, also `?tag=false`.

WORKS = {
    operation: role
    for operation, statuses in API.items()
    for role, status in reversed(list(zip(ROLES, statuses, strict=True)))
    if int(status) < 300
}
"""The operations that the matrix promises to somebody, and the first whom it does."""


def server(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Our application behind a server: callers have an address."""
    return application({"REMOTE_ADDR": "127.0.0.1"} | environ, start)


schema = schemathesis.openapi.from_wsgi(
    "/api/openapi.json",
    server,
    config=SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}}),
)
_real_ids = count()


@contextmanager
def one_connection() -> Iterator[None]:
    """A request does not close the connection whose transaction the test is in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=_EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_call_breaks_what_is_described(case: Case, stage: Stage) -> None:
    """Every other well-formed call is about things that are there."""
    if case.meta and case.meta.generation.mode is GenerationMode.POSITIVE and next(_real_ids) % 2:
        known = stage.ids(case.operation.label)
        ids = case.path_parameters
        ids |= {name: known.get(name, drawn) for name, drawn in ids.items()}
    for role in ("tom", "maya", "nobody"):
        answered(case, stage, role)


@pytest.mark.parametrize(("operation", "role"), WORKS.items())
def test_what_works_is_as_described(stage: Stage, operation: str, role: str) -> None:
    method, _, path = operation.partition(" ")
    body = {"body": stage.filled(BODIES[operation])} if operation in BODIES else {}
    case = schema[path][method].Case(path_parameters=stage.ids(operation), **body)
    assert answered(case, stage, role) == API[operation][ROLES.index(role)]


def test_every_operation_is_called() -> None:
    described = [found.ok().label for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert sorted(described) == sorted(operations())


def answered(case: Case, stage: Stage, role: str) -> int:
    """The status of a call that changes nothing for the next one, and whose answer is checked."""
    token = stage.programs[role].token
    headers = {"Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    names = _UNCHECKED | (_UNCHECKED_IN_QUERIES if case.method == "GET" else set())
    unchecked: list[Any] = [check for check in CHECKS.get_all() if check.__name__ in names]
    status = 0
    with suppress(Undone), one_connection(), transaction.atomic():
        response = case.call_and_validate(headers=headers, excluded_checks=unchecked)
        status = response.status_code
        raise Undone
    return status
