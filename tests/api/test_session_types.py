from datetime import timedelta
from typing import Any

import pytest

from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make
from tests.api.client import Api, faults, problem

pytestmark = pytest.mark.django_db
REVIEW = {
    "title": "Code review",
    "description": "Bring a pull request.",
    "durationMinutes": 45,
    "price": 50000,
    "currency": "USD",
    "isActive": True,
}


def test_a_mentor_offers_changes_and_withdraws(maya: Mentor, introduction: SessionType) -> None:
    api = Api(maya.person)
    made = api.post("/session-types", REVIEW)
    assert made.status_code == 201, made.content
    offered = made.json()
    address = f"/session-types/{offered['id'].lower()}"
    assert {name: offered[name] for name in REVIEW} == REVIEW
    assert api.get(address).json() == offered
    listed = api.get("/session-types").json()
    assert [item["id"] for item in listed["items"]] == [introduction.reference, offered["id"]]
    changed = api.patch(address, {"price": 0, "isActive": False})
    assert changed.json() == offered | {"price": 0, "isActive": False}
    assert api.delete(address).status_code == 204
    assert problem(api.get(address)) == (404, "not_found")


def test_only_the_title_and_the_length_are_needed(maya: Mentor) -> None:
    offered = Api(maya.person).post("/session-types", {"title": "Hi", "durationMinutes": 15}).json()
    assert (offered["price"], offered["currency"], offered["isActive"]) == (0, "INR", True)


def test_the_same_key_makes_one(maya: Mentor) -> None:
    api = Api(maya.person)
    first, again = (api.post("/session-types", REVIEW, Idempotency_Key="k") for _ in range(2))
    assert first.json() == again.json()
    assert SessionType.objects.filter(title="Code review").count() == 1


def test_one_that_was_booked_is_switched_off_instead(
    maya: Mentor, introduction: SessionType, tom: Person, now: Any
) -> None:
    make.session(maya, tom, starts_at=now + timedelta(days=1), session_type=introduction)
    api = Api(maya.person)
    assert api.delete(f"/session-types/{introduction.reference}").status_code == 204
    assert api.get(f"/session-types/{introduction.reference}").json()["isActive"] is False


@pytest.mark.parametrize("price", [-1, 1.5, 100.0, "100", 10**11, 10**30, True, None])
def test_a_price_is_a_whole_number_of_minor_units(maya: Mentor, price: Any) -> None:
    api = Api(maya.person)
    assert problem(api.post("/session-types", REVIEW | {"price": price})) == (422, "invalid")
    assert not SessionType.objects.filter(title="Code review").exists()


def test_every_wrong_field_has_its_line(maya: Mentor) -> None:
    api = Api(maya.person)
    wrong = {"title": " ", "durationMinutes": 481, "price": -1, "currency": "?"}
    answer = api.post("/session-types", wrong)
    assert sorted(faults(answer)) == ["currency", "durationMinutes", "price", "title"]
    assert sorted(faults(api.post("/session-types", {}))) == ["durationMinutes", "title"]


def test_another_mentors_is_not_there(introduction: SessionType, kiri: Mentor) -> None:
    address = f"/session-types/{introduction.reference}"
    for method in ("GET", "PATCH", "DELETE"):
        answer = Api(kiri.person).call(method, address, {"title": "Mine"})
        assert problem(answer) == (404, "not_found")
    introduction.refresh_from_db()
    assert (introduction.title, introduction.is_active) == ("Introduction", True)


def test_it_is_for_mentors(introduction: SessionType, zoe: Person) -> None:
    calls = [
        ("GET", "/session-types"),
        ("POST", "/session-types"),
        ("PATCH", f"/session-types/{introduction.reference}"),
        ("DELETE", f"/session-types/{introduction.reference}"),
    ]
    for method, path in calls:
        assert problem(Api(zoe).call(method, path, REVIEW)) == (403, "not_allowed")
        assert problem(Api().call(method, path, REVIEW)) == (401, "not_signed_in")


@pytest.mark.parametrize("types", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    types: int, django_assert_num_queries: Any
) -> None:
    mentor = make.mentor(minutes=0)
    for _ in range(types):
        make.session_type(mentor)
    api = Api(mentor.person)
    with django_assert_num_queries(2):  # the caller, the list
        assert len(api.get("/session-types").json()["items"]) == types
