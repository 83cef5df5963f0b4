"""Personal access tokens: for scripts and integrations."""

from datetime import datetime
from typing import Self

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from openmentor.api.auth import caller, sign_in
from openmentor.api.pages import Page, Paging, page
from openmentor.api.schema import Answer, Body, Instant, answer, nothing
from openmentor.base import clock
from openmentor.people import tokens
from openmentor.people.models import AccessToken

router = Router(tags=["Access tokens"], by_alias=True, auth=sign_in)


class NewToken(Body):
    """What a token is for (`name`), what it may do (`read`, `write`) and until when."""

    name: str = Field(json_schema_extra={"minLength": 1, "maxLength": tokens.LONGEST_NAME})
    scopes: list[str] = Field(
        json_schema_extra={"minItems": 1, "items": {"enum": list(AccessToken.Scope.values)}}
    )
    expires_at: Instant | None = None


class TokenAnswer(Answer):
    """A token without its secret; `prefix` is how the secret begins."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, kept: AccessToken, **more: str) -> Self:
        """The token as its owner sees it."""
        return cls(
            id=kept.reference,
            name=kept.name,
            prefix=kept.prefix,
            scopes=kept.scopes,
            created_at=kept.created_at,
            expires_at=kept.expires_at,
            last_used_at=kept.last_used_at,
            **more,
        )


class CreatedToken(TokenAnswer):
    """A new token and its secret, which is told this once."""

    token: str


@router.get("", response=Page[TokenAnswer])
def mine(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """One's own tokens that still work, the newest first."""
    living = tokens.living(caller(request), now=clock.now())
    found, cursor = page(living, paging, by="-created_at")
    items = [TokenAnswer.of(token) for token in found]
    return answer(Page[TokenAnswer](items=items, next_cursor=cursor))


@router.post("", response={201: CreatedToken})
def create(request: HttpRequest, new: NewToken) -> HttpResponse:
    """Make a token. Its secret is in this answer and nowhere else."""
    token, secret = tokens.create(caller(request), **new.model_dump(), now=clock.now())
    return answer(CreatedToken.of(token, token=secret), status=201)


@router.delete("/{token_id}", response={204: None})
def revoke(request: HttpRequest, token_id: str) -> HttpResponse:
    """End a token for good."""
    tokens.revoke(token_id, by=caller(request), now=clock.now())
    return nothing()
