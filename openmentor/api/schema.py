"""The shape of JSON at this door: camelCase, strict, and one way to write an answer."""

import re
from contextlib import suppress
from datetime import UTC, date, time
from typing import Annotated, Any

from django.http import HttpResponse
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

JSON = "application/json"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
_INSTANT = re.compile(r"(19[7-9]|2[0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:.+")


class Body(BaseModel):
    """What a caller sends. Nothing is converted silently; fields we do not know are ignored."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, allow_inf_nan=False)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, by their Python names: the arguments of a verb."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Params(BaseModel):
    """What a caller asks for in the query string, where everything is text and numbers are read."""

    model_config = ConfigDict(alias_generator=to_camel)


class Answer(BaseModel):
    """What a caller gets. Built by Python names, sent in camelCase."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )


def answer(content: Answer, *, status: int = 200) -> HttpResponse:
    """The answer as JSON, written once and not validated again."""
    return json_text(content.model_dump_json(by_alias=True), status=status)


def json_text(text: str, *, status: int = 200) -> HttpResponse:
    """JSON that is text already, as an answer."""
    return HttpResponse(text, status=status, content_type=JSON)


def nothing() -> HttpResponse:
    """The answer that there is nothing to say: 204."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


def _day(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError("day", "This must be a date such as 2026-01-31.")


def _clock_time(value: object) -> object:
    if isinstance(value, str) and _CLOCK_TIME.fullmatch(value):
        with suppress(ValueError):
            return time.fromisoformat(value)
    raise PydanticCustomError("clock_time", "This must be a time of day such as 09:30.")


def _written_out(value: object) -> object:
    """Refuses numbers, and text of digits alone: they would be read as seconds since 1970."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return value
    raise PydanticCustomError("instant", "This must be a time such as 2026-01-31T09:30:00Z.")


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_out),
    AfterValidator(lambda value: value.astimezone(UTC)),
    Field(strict=False),
]
"""An ISO 8601 time with an offset or `Z`; arrives in UTC."""

Day = Annotated[date, BeforeValidator(_day)]
"""A calendar date, `YYYY-MM-DD`."""

ClockTime = Annotated[time, BeforeValidator(_clock_time)]
"""A time of day on somebody's wall clock, `HH:MM`."""
