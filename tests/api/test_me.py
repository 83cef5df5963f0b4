"""One's own profile."""

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from tests import make
from tests.api.client import Api, faults, problem

pytestmark = pytest.mark.django_db


def test_me_is_one_query_for_a_mentee_and_for_a_mentor(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for person in (make.person(), make.mentor().person):
        api = Api(person)
        with django_assert_num_queries(1):
            assert api.get("/me").status_code == 200


def test_me_shows_the_whole_profile() -> None:
    person = make.person("Tom Hale", email="tom@example.com", timezone="Europe/London")
    assert Api(person).get("/me").json() == {
        "id": person.reference,
        "name": "Tom Hale",
        "email": "tom@example.com",
        "timezone": "Europe/London",
        "isMentor": False,
        "language": "en",
        "goals": "",
    }


def test_me_changes_what_is_sent_and_nothing_else() -> None:
    person = make.person("Tom Hale", timezone="Europe/London")
    said = Api(person).patch("/me", {"timezone": "Asia/Kolkata", "name": None}).json()
    assert (said["name"], said["timezone"]) == ("Tom Hale", "Asia/Kolkata")
    person.refresh_from_db()
    assert (person.name, person.timezone) == ("Tom Hale", "Asia/Kolkata")


def test_me_says_what_is_wrong_with_each_field() -> None:
    person = make.person("Tom Hale")
    answer = Api(person).patch("/me", {"name": "", "timezone": "Mars", "language": "tlh"})
    assert problem(answer) == (422, "invalid")
    assert set(faults(answer)) == {"name", "timezone", "language"}
    person.refresh_from_db()
    assert person.name == "Tom Hale"


def test_me_is_for_those_who_are_signed_in() -> None:
    assert problem(Api().get("/me")) == (401, "not_signed_in")
    assert problem(Api().patch("/me", {})) == (401, "not_signed_in")
