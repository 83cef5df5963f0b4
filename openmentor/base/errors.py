"""How OpenMentor says no: one exception per reason, understood by every door.

A refusal carries a stable code for programs, a sentence for people and, where it helps, data.
Raising one undoes the verb's transaction, so a refused call has changed nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, ClassVar

from django.db import IntegrityError, OperationalError


class Kind(StrEnum):
    """What sort of no it is; each door has its own way to show each."""

    NOT_SIGNED_IN = "not signed in"
    NOT_ALLOWED = "not allowed"
    NOT_FOUND = "not found"
    CLASH = "clash"
    GONE = "gone"
    INVALID = "invalid"
    TOO_OFTEN = "too often"
    UNAVAILABLE = "unavailable"

    @property
    def status(self) -> int:
        """The HTTP status by which the web and the API both show this kind."""
        return _STATUS[self]


_STATUS = {
    Kind.NOT_SIGNED_IN: 401,
    Kind.NOT_ALLOWED: 403,
    Kind.NOT_FOUND: 404,
    Kind.CLASH: 409,
    Kind.GONE: 410,
    Kind.INVALID: 422,
    Kind.TOO_OFTEN: 429,
    Kind.UNAVAILABLE: 503,
}


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A no with a reason. Subclasses set the code, the kind and the usual sentence."""

    code: ClassVar[str] = "invalid"
    kind: ClassVar[Kind] = Kind.INVALID
    sentence: ClassVar[str] = "That is not possible."

    def __init__(self, detail: str = "", **data: Any) -> None:
        """`detail` replaces the usual sentence; `data` helps the caller on (JSON-ready values)."""
        self.detail = detail or self.sentence
        self.data = data
        super().__init__(self.detail)


class NotSignedIn(Refusal):
    """Somebody must sign in first."""

    code = "not_signed_in"
    kind = Kind.NOT_SIGNED_IN
    sentence = "Please sign in first."


class NotAllowed(Refusal):
    """The caller may see the thing but not do this to it."""

    code = "not_allowed"
    kind = Kind.NOT_ALLOWED
    sentence = "You are not allowed to do that."


class NotFound(Refusal):
    """There is no such thing, or it is not the caller's to see."""

    code = "not_found"
    kind = Kind.NOT_FOUND
    sentence = "We could not find that."


class Invalid(Refusal):
    """Input that cannot be understood; `errors` has a line per field."""

    code = "invalid"
    sentence = "Some of what was sent is not right."

    def __init__(self, detail: str = "", *, errors: list[dict[str, str]] | None = None) -> None:
        """`errors` is a list of `{"field": …, "message": …}`."""
        super().__init__(detail, errors=errors or [])

    @classmethod
    def field(cls, name: str, message: str) -> "Invalid":
        """One field is wrong, and why."""
        return cls(message, errors=[{"field": name, "message": message}])


class NotPossible(Refusal):
    """The move does not exist from the present state."""

    code = "not_possible"
    kind = Kind.CLASH
    sentence = "That is no longer possible."


class RateLimited(Refusal):
    """Too many tries; `retry_after` says when to come back, in seconds."""

    code = "rate_limited"
    kind = Kind.TOO_OFTEN
    sentence = "That was too often. Please wait a moment."

    def __init__(self, detail: str = "", *, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)


class IdempotencyMismatch(Refusal):
    """An idempotency key came back with another request behind it."""

    code = "idempotency_mismatch"
    sentence = "This idempotency key was used for a different request."


DEADLOCK = "40P01"
SERIALIZATION = "40001"
EXCLUSION = "23P01"


@contextmanager
def refusing(refusals: Mapping[str, type[Refusal]]) -> Iterator[None]:
    """Turn the breach of a named constraint into its friendly refusal.

    A deadlock counts as the breach of the first named constraint: two writers wanted the same
    thing at once, and this one was told to step back.
    """
    try:
        yield
    except IntegrityError as error:
        refusal = refusals.get(constraint_of(error))
        if refusal is None:
            raise
        raise refusal from error
    except OperationalError as error:
        if sqlstate_of(error) != DEADLOCK:
            raise
        raise next(iter(refusals.values())) from error


def passes(error: Exception) -> bool:
    """Whether the same call may well succeed at once, so that a door tries it a second time.

    True for a deadlock, a serialization failure, and two fresh references that were the same.
    """
    if isinstance(error, OperationalError):
        return sqlstate_of(error) in {DEADLOCK, SERIALIZATION}
    return isinstance(error, IntegrityError) and constraint_of(error).endswith("_reference_key")


def constraint_of(error: Exception) -> str:
    """The name of the constraint that a database error reports, or an empty string."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


def sqlstate_of(error: Exception) -> str:
    """PostgreSQL's five-character code of a database error, or an empty string."""
    return getattr(error.__cause__, "sqlstate", None) or ""
