"""The description of the API that programs read: ninja's, with every no written into it."""

from typing import Any

from ninja.errors import ConfigError
from ninja.openapi.schema import OpenAPISchema

from openmentor.api.problem import PROBLEM

INTRODUCTION = """\
Sign in with `POST /api/auth/login` and send the access token as `Authorization: Bearer …`, or make
a personal access token on the account pages. Amounts are whole numbers of the currency's minor
unit; instants are UTC. Lists take `limit` and `cursor` and answer `{items, nextCursor}`. Calls
that create take an `Idempotency-Key` header: repeat one with the same key as often as you like.
"""

MAY_CLASH: dict[str, Any] = {"responses": {"409": {"$ref": "#/components/responses/Refused409"}}}
"""`openapi_extra` of a GET that can be refused with 409; what writes has it anyway."""

_REFUSALS = {
    "400": "The body cannot be read.",
    "401": "Not signed in.",
    "403": "Not allowed.",
    "404": "Not there, or not yours to see.",
    "409": "In conflict with what is.",
    "410": "Gone.",
    "413": "The body is too large.",
    "415": "The body is not sent as JSON.",
    "422": "Invalid, with a line per field.",
    "429": "Too often; Retry-After says when.",
}
_ALWAYS = {"404", "422", "429"}
_WITH_A_BODY = {"400", "413", "415"}
_WITH_A_CALLER = {"401", "403"}
_WHEN_IT_WRITES = {"401", "409", "410"}

_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457: what went wrong. `code` is stable; `detail` is for people.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Any text of your choice; a repeated call under it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}


class Description(OpenAPISchema):
    """Ninja's description, which would let one shape silently take the name of another."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        """Keep the shapes by name; two that differ cannot share one."""
        for name, shape in definitions.items():
            if self.schemas.setdefault(name, shape) != shape:
                raise ConfigError(f"Two different shapes are called {name}.")


def completed(description: Any) -> Any:
    """Ninja's description with the refusals of every operation, and the optional sign-ins."""
    components = description["components"]
    components["schemas"]["Problem"] = _PROBLEM
    components["responses"] = {
        f"Refused{status}": {
            "description": sentence,
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, sentence in _REFUSALS.items()
    }
    for operations in description["paths"].values():
        for method, operation in operations.items():
            _complete(operation, method=method)
    components.get("securitySchemes", {}).pop("Anyone", None)
    return description


def _complete(operation: dict[str, Any], *, method: str) -> None:
    statuses = set(_ALWAYS)
    if "requestBody" in operation:
        statuses |= _WITH_A_BODY
    if operation.get("security"):
        statuses |= _WITH_A_CALLER
    if method != "get":
        statuses |= _WHEN_IT_WRITES
    responses = operation["responses"] = {
        str(status): response for status, response in operation["responses"].items()
    }
    for status in sorted(statuses):
        responses.setdefault(status, {"$ref": f"#/components/responses/Refused{status}"})
    if method == "post" and "201" in responses and {"Bearer": []} in operation.get("security", []):
        operation["parameters"].append(_KEY)
    operation["security"] = [
        need
        for scheme in operation.get("security", [])
        for need in ([{}, {"Bearer": []}] if "Anyone" in scheme else [scheme])
    ]
