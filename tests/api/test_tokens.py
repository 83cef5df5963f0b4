"""Personal access tokens at the API: making, using and revoking them."""

from datetime import timedelta

import pytest
import time_machine
from pytest_django.fixtures import DjangoAssertNumQueries

from openmentor.base import clock
from openmentor.people import people, tokens
from openmentor.people.models import AccessToken, Person
from tests import make
from tests.api.client import Api, faults, problem

pytestmark = pytest.mark.django_db


def token_of(person: Person, *scopes: str) -> Api:
    _, secret = tokens.create(
        person, name="script", scopes=scopes or ("read", "write"), now=clock.now()
    )
    return Api(token=secret)


def test_a_new_token_is_shown_once_and_works() -> None:
    api = Api(make.person())
    answer = api.post("/tokens", {"name": " Backup ", "scopes": ["write", "read"]})
    assert answer.status_code == 201
    said = answer.json()
    kept = AccessToken.objects.get()
    assert said == {
        "id": kept.reference,
        "name": "Backup",
        "prefix": said["token"][:10],
        "scopes": ["read", "write"],
        "createdAt": kept.created_at.isoformat().replace("+00:00", "Z"),
        "expiresAt": None,
        "lastUsedAt": None,
        "token": said["token"],
    }
    assert said["token"].encode() not in bytes(kept.digest)
    assert Api(token=said["token"]).get("/me").status_code == 200
    [listed] = api.get("/tokens").json()["items"]
    assert "token" not in listed
    assert listed["lastUsedAt"] is not None


def test_tokens_are_listed_newest_first_a_page_at_a_time() -> None:
    person = make.person()
    for number in range(5):
        tokens.create(
            person, name=f"n{number}", scopes=["read"], now=clock.now() + timedelta(seconds=number)
        )
    tokens.create(make.person(), name="another's", scopes=["read"], now=clock.now())
    api, names, cursor = Api(person), [], ""
    for size in (2, 2, 1):
        page = api.get(f"/tokens?limit=2&cursor={cursor}").json()
        assert len(page["items"]) == size
        names += [token["name"] for token in page["items"]]
        cursor = page["nextCursor"]
    assert names == ["n4", "n3", "n2", "n1", "n0"]
    assert cursor is None


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_tokens_is_two_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = make.person()
    for _ in range(count):
        token_of(person)
    api = Api(person)
    with django_assert_num_queries(2):
        assert len(api.get("/tokens").json()["items"]) == count


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "%00", "é", "0" * 400])
def test_a_cursor_that_we_did_not_make_is_refused(cursor: str) -> None:
    answer = Api(make.person()).get(f"/tokens?cursor={cursor}")
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == ["cursor"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.5", "", "99999999999999999999999"])
def test_a_limit_is_a_number_from_1_to_100(limit: str) -> None:
    answer = Api(make.person()).get(f"/tokens?limit={limit}")
    assert problem(answer) == (422, "invalid")
    assert list(faults(answer)) == ["limit"]


def test_making_a_token_says_what_is_wrong_with_each_field() -> None:
    answer = Api(make.person()).post(
        "/tokens", {"name": "", "scopes": ["admin"], "expiresAt": "2020-01-01T00:00:00Z"}
    )
    assert problem(answer) == (422, "invalid")
    assert set(faults(answer)) == {"name", "scopes", "expiresAt"}


def test_a_read_token_reads_and_does_not_write() -> None:
    api = token_of(make.person(), "read")
    assert api.get("/me").status_code == 200
    assert problem(api.patch("/me", {})) == (403, "scope_missing")


def test_a_write_token_writes_and_does_not_read() -> None:
    api = token_of(make.person(), "write")
    assert api.patch("/me", {}).status_code == 200
    assert problem(api.get("/me")) == (403, "scope_missing")


def test_a_token_cannot_make_list_or_revoke_tokens_nor_sign_out() -> None:
    api = token_of(make.person())
    assert problem(api.get("/tokens")) == (403, "scope_missing")
    assert problem(api.post("/tokens", {})) == (403, "scope_missing")
    assert problem(api.delete("/tokens/TOKEN-00000000")) == (403, "scope_missing")
    assert problem(api.post("/auth/logout")) == (403, "scope_missing")


def test_a_token_ends_when_it_was_said_to() -> None:
    now = clock.now()
    person = make.person()
    _, secret = tokens.create(
        person, name="t", scopes=["read"], expires_at=now + timedelta(days=1), now=now
    )
    with time_machine.travel(now + timedelta(hours=23, minutes=59), tick=False):
        assert Api(token=secret).get("/me").status_code == 200
    with time_machine.travel(now + timedelta(days=1), tick=False):
        assert problem(Api(token=secret).get("/me")) == (401, "not_signed_in")


def test_a_revoked_token_ends_at_once() -> None:
    person = make.person()
    api, program = Api(person), token_of(person)
    [listed] = api.get("/tokens").json()["items"]
    assert api.delete(f"/tokens/{listed['id']}").status_code == 204
    assert problem(program.get("/me")) == (401, "not_signed_in")
    assert api.get("/tokens").json() == {"items": [], "nextCursor": None}
    assert problem(api.delete(f"/tokens/{listed['id']}")) == (404, "not_found")


def test_a_token_is_revoked_by_its_id_in_any_case() -> None:
    person = make.person()
    token_of(person)
    reference = AccessToken.objects.get().reference
    assert Api(person).delete(f"/tokens/{reference.lower()}").status_code == 204


def test_nobody_revokes_the_token_of_another() -> None:
    program = token_of(make.person())
    stranger = Api(make.person())
    reference = AccessToken.objects.get().reference
    assert problem(stranger.delete(f"/tokens/{reference}")) == (404, "not_found")
    assert program.get("/me").status_code == 200


def test_closing_the_account_ends_its_tokens() -> None:
    person = make.person()
    api = token_of(person)
    people.deactivate(person, by=person, now=clock.now())
    assert problem(api.get("/me")) == (401, "not_signed_in")


def test_a_token_outlives_a_new_password() -> None:
    person = make.person()
    api = token_of(person)
    person.set_password("a better password")
    person.save()
    assert api.get("/me").status_code == 200


def test_the_use_of_a_token_is_noted_once_a_minute(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    api, now = token_of(make.person()), clock.now()
    with time_machine.travel(now, tick=False), django_assert_num_queries(2):
        api.get("/me")
    with time_machine.travel(now + timedelta(seconds=59), tick=False), django_assert_num_queries(1):
        api.get("/me")
    assert AccessToken.objects.get().last_used_at == now
    with time_machine.travel(now + timedelta(seconds=60), tick=False), django_assert_num_queries(2):
        api.get("/me")


@pytest.mark.parametrize("secret", ["omp_", "omp_x", "omp_" + "A" * 5000, "omp_é"])
def test_a_token_that_is_none_of_ours_is_401(secret: str) -> None:
    assert problem(Api(token=secret).get("/me")) == (401, "not_signed_in")
