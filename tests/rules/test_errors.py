"""Refusals, constraints by name, and which failures pass."""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, transaction

from openmentor.api import problem
from openmentor.base import errors
from openmentor.base.errors import Kind, NotPossible, RateLimited, Refusal, refusing
from openmentor.people.models import Person
from tests import make


class Taken(NotPossible):
    code = "taken"


class Busy(NotPossible):
    code = "busy"


def failure(kind: type[DatabaseError], *, sqlstate: str = "", constraint: str = "") -> Exception:
    """Django's error over a driver's, as a real one is."""
    error = kind("from the database")
    cause = Exception()
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]  # as psycopg's errors have
    cause.diag = SimpleNamespace(constraint_name=constraint)  # type: ignore[attr-defined]
    error.__cause__ = cause
    return error


def test_every_kind_has_its_status() -> None:
    assert {kind: kind.status for kind in Kind} == {
        Kind.NOT_SIGNED_IN: 401,
        Kind.NOT_ALLOWED: 403,
        Kind.NOT_FOUND: 404,
        Kind.CLASH: 409,
        Kind.GONE: 410,
        Kind.INVALID: 422,
        Kind.TOO_OFTEN: 429,
        Kind.UNAVAILABLE: 503,
    }


def every(kind: type[Refusal]) -> list[type[Refusal]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in every(child))]


def test_every_refusal_has_a_code_and_a_sentence() -> None:
    for kind in every(Refusal):
        assert kind.code.replace("_", "").isalpha(), kind
        assert kind.code == kind.code.lower(), kind
        assert kind.sentence.endswith("."), kind


def test_the_breach_of_a_named_constraint_is_its_refusal() -> None:
    with pytest.raises(Taken) as refusal, refusing({"one": Busy, "two": Taken}):
        raise failure(IntegrityError, constraint="two")
    assert isinstance(refusal.value.__cause__, IntegrityError)


def test_the_breach_of_another_constraint_stays_what_it_is() -> None:
    with pytest.raises(IntegrityError), refusing({"one": Taken}):
        raise failure(IntegrityError, constraint="other")


def test_a_deadlock_is_the_first_refusal() -> None:
    with pytest.raises(Taken), refusing({"one": Taken, "two": Busy}):
        raise failure(OperationalError, sqlstate=errors.DEADLOCK)


def test_another_failure_of_the_database_stays_what_it_is() -> None:
    with pytest.raises(OperationalError), refusing({"one": Taken}):
        raise failure(OperationalError, sqlstate="08006")
    with pytest.raises(DataError), refusing({"one": Taken}):
        raise failure(DataError, sqlstate="22003")


def test_what_goes_well_goes_through() -> None:
    with refusing({"one": Taken}):
        pass


@pytest.mark.django_db
def test_a_real_breach_is_known_by_its_name() -> None:
    make.person(email="nia@example.com")
    with pytest.raises(Taken), refusing({"people_person_email_key": Taken}), transaction.atomic():
        Person.objects.create_user("nia@example.com")


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (failure(OperationalError, sqlstate="40P01"), True),
        (failure(OperationalError, sqlstate="40001"), True),
        (failure(OperationalError, sqlstate="08006"), False),
        (failure(OperationalError), False),
        (OperationalError("no cause"), False),
        (failure(IntegrityError, constraint="booking_session_reference_key"), True),
        (failure(IntegrityError, constraint="people_person_email_key"), False),
        (failure(DataError, sqlstate="22003"), False),
        (ValueError(), False),
    ],
)
def test_which_failures_pass(error: Exception, passes: bool) -> None:
    assert errors.passes(error) is passes


@pytest.mark.django_db
def test_two_equal_references_are_a_failure_that_passes() -> None:
    person = make.person()
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        make.person(reference=person.reference)
    assert errors.passes(breach.value)


def test_a_refusal_as_a_problem_names_its_data_in_camel_case() -> None:
    answer = problem.of_refusal(Taken("Just taken.", next_free=[{"starts_at": "2026"}]))
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.content == (
        b'{"type": "urn:openmentor:problem:taken", "title": "Conflict", "status": 409,'
        b' "detail": "Just taken.", "code": "taken", "nextFree": [{"startsAt": "2026"}]}'
    )


def test_too_often_says_when_to_come_back() -> None:
    answer = problem.of_refusal(RateLimited(retry_after=42))
    assert (answer.status_code, answer["Retry-After"]) == (429, "42")
