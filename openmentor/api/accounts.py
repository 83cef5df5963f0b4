"""Accounts: opening one, signing in and out, and one's own profile."""

from typing import Self

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from openmentor.api.auth import access_token, caller, sign_in
from openmentor.api.schema import Answer, Body, answer, nothing
from openmentor.base import clock
from openmentor.people import limits, passwords, people, sign_ins
from openmentor.people.models import Person

router = Router(tags=["Accounts"], by_alias=True)


class Registration(Body):
    """A new account. The verb judges every field, so that all that is wrong is told at once."""

    name: str = Field(json_schema_extra={"minLength": 1, "maxLength": people.LONGEST_NAME})
    email: str = Field(json_schema_extra={"format": "email", "maxLength": people.LONGEST_ADDRESS})
    password: str = Field(json_schema_extra={"minLength": 10, "maxLength": people.LONGEST_PASSWORD})
    timezone: str = ""


class Credentials(Body):
    """Who signs in; `code` is the second factor of those who use one."""

    email: str
    password: str
    code: str = ""


class RefreshToken(Body):
    """The token of the last answer; it works once."""

    refresh_token: str


class MyChanges(Body):
    """What of the profile is to change."""

    name: str | None = None
    timezone: str | None = None
    language: str | None = None
    goals: str | None = Field(None, description="What you want to reach; mentors you ask see it.")


class PersonAnswer(Answer):
    """Who is signed in."""

    id: str
    name: str
    email: str
    timezone: str
    is_mentor: bool

    @classmethod
    def of(cls, person: Person) -> Self:
        """The person as their own programs see them."""
        return cls(id=person.reference, **{name: getattr(person, name) for name in cls.shown()})

    @classmethod
    def shown(cls) -> list[str]:
        """The fields that a person has by the same name."""
        return [name for name in cls.model_fields if name != "id"]


class SignedIn(Answer):
    """The tokens of a sign-in; `expires_in` seconds is how long the access token works."""

    access_token: str
    refresh_token: str
    expires_in: int
    person: PersonAnswer


class Me(PersonAnswer):
    """One's own profile."""

    language: str
    goals: str


@router.post("/auth/register", auth=None, response={201: SignedIn})
def register(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Open an account; a mail asks to verify the address. Answers like login."""
    now = clock.now()
    limits.spend("sign_up", who=_address(request), now=now)
    person = people.register(**registration.model_dump(), now=now)
    EmailAddress.objects.get_primary(person).send_confirmation(request, signup=True)
    return answer(_signed_in(request, person), status=201)


@router.post("/auth/login", auth=None, response=SignedIn)
def login(request: HttpRequest, credentials: Credentials) -> HttpResponse:
    """Sign in. People with a second factor get `mfa_required` and send its code along then."""
    limits.spend("sign_in", who=_address(request), now=clock.now())
    person = passwords.owner(**credentials.model_dump(), request=request)
    return answer(_signed_in(request, person))


@router.post("/auth/refresh", auth=None, response=SignedIn)
def refresh(request: HttpRequest, token: RefreshToken) -> HttpResponse:
    """New tokens for old; the old refresh token ends."""
    now = clock.now()
    limits.spend("refresh", who=_address(request), now=now)
    return answer(_keys(sign_ins.refresh(token.refresh_token, now=now)))


@router.post("/auth/logout", auth=sign_in, response={204: None})
def logout(request: HttpRequest) -> HttpResponse:
    """End this sign-in: its access token and its refresh token work no more."""
    sign_ins.end(access_token(request), now=clock.now())
    return nothing()


@router.get("/me", response=Me)
def me(request: HttpRequest) -> HttpResponse:
    """One's own profile."""
    return answer(Me.of(caller(request)))


@router.patch("/me", response=Me)
def change_me(request: HttpRequest, changes: MyChanges) -> HttpResponse:
    """Change one's own name, time zone, language or goals."""
    return answer(Me.of(people.update_profile(caller(request), **changes.given())))


def _signed_in(request: HttpRequest, person: Person) -> SignedIn:
    device = request.headers.get("User-Agent", "")
    return _keys(sign_ins.begin(person, device=device, now=clock.now()))


def _keys(keys: sign_ins.Keys) -> SignedIn:
    return SignedIn(
        access_token=keys.access_token,
        refresh_token=keys.refresh_token,
        expires_in=keys.expires_in,
        person=PersonAnswer.of(keys.person),
    )


def _address(request: HttpRequest) -> str:
    """Where the caller is, as limits for people without an account count it."""
    return str(get_adapter(request).get_client_ip(request))
