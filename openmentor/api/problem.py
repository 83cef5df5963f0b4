"""How the API says no: every refusal and every fault as an RFC 9457 problem document."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic.alias_generators import to_camel

from openmentor.api import faults
from openmentor.base.errors import Invalid, Kind, NotFound, NotSignedIn, Refusal, passes

PROBLEM = "application/problem+json"
TYPE = "urn:openmentor:problem:"
_log = logging.getLogger(__name__)


class TooLarge(Refusal):
    """The body has more bytes than this server reads."""

    code = "too_large"
    sentence = "The body is too large."


class NotJson(Refusal):
    """The body is sent as something other than JSON."""

    code = "not_json"
    sentence = "Send the body as JSON, with Content-Type: application/json."


def document(
    *, status: int, code: str, detail: str, data: Mapping[str, Any] | None = None
) -> HttpResponse:
    """A problem as an answer; the names in `data` become camelCase."""
    content = {
        "type": TYPE + code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **_camel(data or {}),
    }
    return HttpResponse(
        json.dumps(content, cls=DjangoJSONEncoder), status=status, content_type=PROBLEM
    )


def of_refusal(refusal: Refusal) -> HttpResponse:
    """The refusal with the status of its kind, and the headers that go with it."""
    status = _STATUS_BY_CODE.get(refusal.code, refusal.kind.status)
    response = document(status=status, code=refusal.code, detail=refusal.detail, data=refusal.data)
    if refusal.kind is Kind.NOT_SIGNED_IN:
        response["WWW-Authenticate"] = 'Bearer realm="openmentor"'
    if "retry_after" in refusal.data:
        response["Retry-After"] = str(refusal.data["retry_after"])
    return response


_STATUS_BY_CODE = {TooLarge.code: 413, NotJson.code: 415}


def install(api: NinjaAPI) -> None:
    """Make this file the only one that turns an exception into an answer of this API."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def not_allowed(response: HttpResponse) -> HttpResponse:
    """A 405 as a problem that names the methods there are."""
    methods = ", ".join(sorted(response["Allow"].split(", ")))
    problem = document(
        status=405, code="method_not_allowed", detail=f"This address answers {methods} only."
    )
    problem["Allow"] = methods
    return problem


def _refusal(_: HttpRequest, error: Refusal) -> HttpResponse:
    return of_refusal(error)


def _not_valid(_: HttpRequest, error: ValidationError) -> HttpResponse:
    return of_refusal(Invalid(errors=faults.lines(error.errors)))


def _http_error(_: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses: a body that could not be read."""
    if isinstance(error.__cause__, Refusal):
        return of_refusal(error.__cause__)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return document(status=400, code="invalid", detail="The body is not valid JSON.")
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return document(status=error.status_code, code=code, detail=str(error))


def _data_error(_: HttpRequest, error: DataError) -> HttpResponse:
    """A value that passed every check and still fits no column is the caller's, but our check's."""
    _log.warning("A value does not fit its column: %s", error)
    return of_refusal(Invalid("A number is too large or a text is not text."))


def _overloaded(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database is away or has no connection free: not now, but soon."""
    _log.error("%s %s: no database: %s", request.method, request.path, error)
    response = document(
        status=503 if not passes(error) else 409,
        code="unavailable" if not passes(error) else "conflict",
        detail="That did not work just now. Please try again in a moment.",
    )
    response["Retry-After"] = "1"
    return response


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """A bug: logged with the request's id, which is all that the caller is told."""
    request_id = getattr(request, "id", "")
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return document(
        status=500,
        code="internal_error",
        detail="Something went wrong on our side. It has been noted.",
        data={"request_id": request_id},
    )


_HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refusal: _refusal,
    ValidationError: _not_valid,
    AuthenticationError: lambda *_: of_refusal(NotSignedIn()),
    RequestDataTooBig: lambda *_: of_refusal(TooLarge()),
    HttpError: _http_error,
    Http404: lambda *_: of_refusal(NotFound()),
    DataError: _data_error,
    OperationalError: _overloaded,
    Exception: _unexpected,
}


def _camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {to_camel(str(name)): _camel(part) for name, part in value.items()} | _field(value)
    if isinstance(value, list | tuple):
        return [_camel(part) for part in value]
    return value


def _field(line: Mapping[str, Any]) -> dict[str, str]:
    """The field that a line of `errors` is about, as the caller wrote it."""
    return {"field": re.sub("_([a-z])", _capital, line["field"])} if "field" in line else {}


def _capital(match: re.Match[str]) -> str:
    return match[1].upper()
