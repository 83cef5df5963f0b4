"""A program that talks to the API: JSON in and out, and a bearer token once it is signed in."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from openmentor.base import clock
from openmentor.people import sign_ins
from openmentor.people.models import Person


class Api:
    """Calls `/api…`; `answer.json()` is what came back."""

    def __init__(self, person: Person | None = None, *, token: str = "") -> None:
        """Signed in as `person`, or with a `token`, or as nobody."""
        self._client = Client()
        self.token = token
        if person is not None:
            self.token = sign_ins.begin(person, device="tests", now=clock.now()).access_token

    def get(self, path: str, **headers: str) -> Any:
        """GET; the query string is part of the path."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        """POST of a JSON body."""
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: object = None, **headers: str) -> Any:
        """PUT of a JSON body."""
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: object = None, **headers: str) -> Any:
        """PATCH of a JSON body."""
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        """DELETE."""
        return self.call("DELETE", path, **headers)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Any call; `bytes` are sent as they are, and `Content_Type="…"` is such a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = named.pop("Content-Type", "application/json")
        if self.token:
            named.setdefault("Authorization", f"Bearer {self.token}")
        sent = body if isinstance(body, bytes) else b"" if body is None else _json(body)
        return self._client.generic(method, f"/api{path}", sent, content_type, headers=named)


def problem(answer: HttpResponse) -> tuple[int, str]:
    """The status and the code of a problem document, after a look at its form."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    said = json.loads(answer.content)
    assert {"type", "title", "status", "detail", "code"} <= said.keys()
    assert said["status"] == answer.status_code
    return answer.status_code, said["code"]


def faults(answer: HttpResponse) -> dict[str, str]:
    """What a problem document says is wrong, by field."""
    return {line["field"]: line["message"] for line in json.loads(answer.content)["errors"]}


def _json(body: object) -> bytes:
    return json.dumps(body).encode()
