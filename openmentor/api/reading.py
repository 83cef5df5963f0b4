"""Reading what callers send: nothing may come through that the database would choke on."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from openmentor.api.problem import NotJson
from openmentor.base.errors import Invalid

LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that every JSON reader reads right (RFC 8259, section 6)."""


class CarefulParser(Parser):
    """JSON with the standard's own limits, and text without NUL or half characters."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body; refuses what is not sent as JSON. Ninja answers 400 to what is no JSON."""
        if request.content_type != "application/json":
            raise NotJson
        body: dict[str, Any] = json.loads(
            request.body.decode(), parse_int=_whole_number, parse_constant=_no_constant
        )
        if b"\\u" in request.body:  # Only an escape can hide a bad character in valid UTF-8.
            _demand_text(body)
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The query string, by name."""
        query: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        _demand_text(query)
        return query


def is_text(value: str) -> bool:
    """Whether PostgreSQL can keep this: no NUL, no half of a surrogate pair."""
    return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _demand_text(value: Any, field: str = "body") -> None:
    if isinstance(value, str) and not is_text(value):
        raise Invalid.field(field, "This has characters that are not text.")
    if isinstance(value, dict):
        for name, part in value.items():
            _demand_text(name, field)
            _demand_text(part, str(name))
    elif isinstance(value, list):
        for part in value:
            _demand_text(part, field)


def _whole_number(digits: str) -> int:
    if len(digits) > len(str(LARGEST_NUMBER)) + 1 or abs(int(digits)) > LARGEST_NUMBER:
        raise Invalid("A number in the body is too large.")
    return int(digits)


def _no_constant(name: str) -> float:
    raise ValueError(name)
