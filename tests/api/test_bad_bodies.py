"""Whatever is sent, the answer is a problem document and never a fault of ours."""

import json
from typing import Any

import pytest
from django.test import override_settings

from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem

pytestmark = pytest.mark.django_db

NOT_JSON = [
    b"{",
    b'{"name":',
    b"nothing",
    b'{"name": "\xff"}',
    b'{"name": "a\x00b"}',
    b'{"name": NaN}',
    b'{"name": Infinity}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'"\xed\xa0\x80"',
    b'{"name": "line\nbreak"}',
    b"'name'",
    b"\xef\xbb\xbf{}",
    b'{"name": "a",}',
]
NOT_WHAT_WE_ASK_FOR: list[Any] = [
    None,
    [],
    "text",
    5,
    True,
    {"name": 5},
    {"name": True},
    {"name": ["a"]},
    {"name": {"a": 1}},
    {"name": "a\x00b"},
    {"name": "\ud800"},
    {"\x00": 1},
    {"deep": [{"er": ["\x00"]}]},
    {"number": 10**30},
    {"number": -(2**53)},
    {"name": "a" * 101},
    {"name": "a\nb"},
    {"timezone": "a\x00"},
    {"timezone": "../../etc/passwd"},
    {"language": ""},
]


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body[:20]))
def test_what_is_no_json_is_400(body: bytes) -> None:
    assert problem(Api(make.person()).patch("/me", body)) == (400, "invalid")


@pytest.mark.parametrize("body", NOT_WHAT_WE_ASK_FOR, ids=lambda body: repr(body)[:30])
def test_what_we_did_not_ask_for_is_422(body: object) -> None:
    person = make.person("Tom Hale")
    sent = json.dumps(body).encode()
    assert problem(Api(person).patch("/me", sent)) == (422, "invalid")
    assert Person.objects.get().name == "Tom Hale"


def test_no_body_at_all_is_422() -> None:
    answer = Api(make.person()).patch("/me")
    assert problem(answer) == (422, "invalid")
    assert faults(answer) == {"body": "This is needed."}


def test_fields_that_we_do_not_know_are_ignored() -> None:
    answer = Api(make.person()).patch("/me", {"favouriteColour": "blue", "isStaff": True})
    assert answer.status_code == 200
    assert not Person.objects.get().is_staff


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_that_is_not_sent_as_json_is_415(content_type: str) -> None:
    answer = Api(make.person()).patch("/me", b"{}", Content_Type=content_type)
    assert problem(answer) == (415, "not_json")


def test_json_with_a_charset_is_json() -> None:
    answer = Api(make.person()).patch("/me", b"{}", Content_Type="application/json; charset=utf-8")
    assert answer.status_code == 200


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_a_body_that_is_too_large_is_413() -> None:
    assert problem(Api(make.person()).patch("/me", b" " * 1001)) == (413, "too_large")


def test_a_body_without_a_sign_in_is_401_whatever_it_holds() -> None:
    assert problem(Api().patch("/me", b"{")) == (401, "not_signed_in")


@pytest.mark.parametrize("path", ["/nothing", "/me/", "/", "/tokens/a/b", "/%00", "/me%00"])
def test_an_address_where_nothing_is_is_404(path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert problem(Api(make.person()).call(method, path, {})) == (404, "not_found")


@pytest.mark.parametrize("path", ["/tokens/%00", "/tokens/é", "/tokens/" + "A" * 5000])
def test_an_id_that_cannot_be_is_404(path: str) -> None:
    assert problem(Api(make.person()).delete(path)) == (404, "not_found")


def test_a_method_that_is_not_there_is_405_with_those_that_are() -> None:
    answer = Api().put("/me", {})
    assert problem(answer) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, PATCH"


@pytest.mark.parametrize("query", ["limit=%00", "cursor=%00", "other=%00"])
def test_a_query_with_what_is_no_text_is_422(query: str) -> None:
    assert problem(Api(make.person()).get(f"/tokens?{query}")) == (422, "invalid")


def test_bytes_that_are_no_utf8_in_a_query_are_422_or_ignored() -> None:
    assert problem(Api(make.person()).get("/tokens?cursor=%ff")) == (422, "invalid")
