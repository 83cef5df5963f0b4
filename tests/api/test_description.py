"""What programs and people read about the API."""

import json
from typing import Any

import pytest
from django.test import Client
from ninja.errors import ConfigError

from openmentor.api import openapi
from openmentor.api.root import api

DESCRIPTION: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
OPERATIONS = [
    (method, path, operation)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
]


def described(method: str, path: str) -> dict[str, Any]:
    operation: dict[str, Any] = DESCRIPTION["paths"][path][method]
    return operation


def test_it_is_openapi_3_1() -> None:
    assert DESCRIPTION["openapi"] == "3.1.0"
    assert DESCRIPTION["components"]["securitySchemes"]["Bearer"]["type"] == "http"
    assert DESCRIPTION["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))


def test_every_operation_says_how_it_may_refuse() -> None:
    for method, path, operation in OPERATIONS:
        assert {"404", "422", "429"} <= set(operation["responses"]), (method, path)


def test_everything_is_in_camel_case() -> None:
    for name, schema in DESCRIPTION["components"]["schemas"].items():
        for field in schema.get("properties", {}):
            assert "_" not in field, (name, field)
    for method, path, operation in OPERATIONS:
        for parameter in operation["parameters"]:
            assert parameter["in"] != "query" or "_" not in parameter["name"], (method, path)


def test_who_may_call_is_written_down() -> None:
    assert described("get", "/api/me")["security"] == [{"Bearer": []}]
    assert described("get", "/api/tokens")["security"] == [{"SignIn": []}]
    assert described("post", "/api/auth/login")["security"] == []
    assert described("get", "/api/mentors")["security"] == [{}, {"Bearer": []}]


def test_problems_are_described_once() -> None:
    assert described("get", "/api/me")["responses"]["401"] == {
        "$ref": "#/components/responses/Refused401"
    }
    refused = DESCRIPTION["components"]["responses"]["Refused401"]["content"]
    assert list(refused) == ["application/problem+json"]


def test_a_second_reading_is_the_same() -> None:
    assert api.get_openapi_schema() is api.get_openapi_schema()


@pytest.mark.parametrize("path", ["/api/docs", "/api/openapi.json"])
def test_the_documentation_is_for_everyone(path: str, db: None) -> None:
    assert Client().get(path).status_code == 200


def test_two_shapes_cannot_share_a_name() -> None:
    description = openapi.Description(api, "api/")
    description.add_schema_definitions({"New": {"type": "object"}})
    description.add_schema_definitions({"New": {"type": "object"}})
    with pytest.raises(ConfigError):
        description.add_schema_definitions({"New": {"type": "string"}})
