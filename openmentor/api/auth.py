"""Who calls: a bearer token in the Authorization header, and nothing else; no cookie counts."""

from typing import Any, ClassVar

from django.http import HttpRequest
from ninja.security.base import AuthBase

from openmentor.base import clock
from openmentor.base.errors import NotSignedIn
from openmentor.people import sign_ins, tokens
from openmentor.people.models import AccessToken, Person
from openmentor.people.refusals import ScopeMissing

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class _Nobody:
    """Stands for the caller of a public operation who has not signed in."""


NOBODY = _Nobody()


class Bearer(AuthBase):
    """A sign-in's access token, or a personal access token with the scope for the method."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_bearerFormat = "JWT or omp_… personal access token"  # noqa: N815 - OpenAPI's own name
    tokens_allowed: ClassVar[bool] = True

    def __call__(self, request: HttpRequest) -> Person | None:
        """The person who calls, None without a token; refuses a token that is not good."""
        secret = _secret(request)
        if secret is None:
            return None
        person = self._by_token(secret, request) if tokens.is_one(secret) else _by_sign_in(secret)
        if person is None:
            raise NotSignedIn("This token is unknown, revoked or has run out.")
        return person

    def _by_token(self, secret: str, request: HttpRequest) -> Person | None:
        if not self.tokens_allowed:
            raise ScopeMissing("This needs a sign-in; personal access tokens may not do it.")
        known = tokens.holder(secret, now=clock.now())
        if known is None:
            return None
        person, scopes = known
        needed = AccessToken.Scope.READ if request.method in _READING else AccessToken.Scope.WRITE
        if needed not in scopes:
            raise ScopeMissing(f"This access token does not have the scope “{needed}”.")
        return person


class SignIn(Bearer):
    """A sign-in's access token only: for what a leaked personal access token must not do."""

    openapi_bearerFormat = "JWT"  # noqa: N815 - OpenAPI's own name
    tokens_allowed = False


class Anyone(Bearer):
    """Nobody in particular, or the person whose token is sent along."""

    def __call__(self, request: HttpRequest) -> Any:
        """The person, or NOBODY when no token was sent."""
        return super().__call__(request) or NOBODY


bearer = Bearer()
sign_in = SignIn()
anyone = Anyone()


def caller(request: HttpRequest) -> Person:
    """The person who calls an operation that needs one."""
    person = viewer(request)
    if person is None:
        raise NotSignedIn
    return person


def viewer(request: HttpRequest) -> Person | None:
    """The person who calls a public operation, or None."""
    known = getattr(request, "auth", None)
    return known if isinstance(known, Person) else None


def access_token(request: HttpRequest) -> str:
    """The token that was sent, empty when there is none."""
    return _secret(request) or ""


def _secret(request: HttpRequest) -> str | None:
    header = request.headers.get("Authorization")
    if not header:
        return None
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _by_sign_in(secret: str) -> Person | None:
    return sign_ins.holder(secret, now=clock.now())
