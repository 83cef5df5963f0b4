"""Personal access tokens: for scripts and integrations, without the person's password."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from openmentor.base import events, references
from openmentor.base.errors import Invalid, NotFound
from openmentor.people import holders
from openmentor.people.models import AccessToken, Person
from openmentor.people.refusals import TooManyTokens

BEGINNING = "omp_"
SHOWN = 10
MOST = 50
LONGEST_NAME = 60
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create(
    person: Person,
    *,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
    now: datetime,
) -> tuple[AccessToken, str]:
    """A new token and its secret, which is told this once and kept nowhere.

    Refuses what is wrong with the name, the scopes or the end, and a fifty-first token.
    """
    name = name.strip()
    _demand(name=name, scopes=scopes, expires_at=expires_at, now=now)
    Person.objects.select_for_update().only("pk").get(pk=person.pk)  # One count at a time.
    if living(person, now=now).count() >= MOST:
        raise TooManyTokens
    secret = BEGINNING + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        person=person,
        name=name,
        prefix=secret[:SHOWN],
        digest=_digest(secret),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    _record("access_token.created", token, at=now)
    return token, secret


def is_one(secret: str) -> bool:
    """Whether this looks like a personal access token rather than a sign-in's."""
    return secret.startswith(BEGINNING)


def holder(secret: str, *, now: datetime) -> tuple[Person, list[str]] | None:
    """The person, with their mentor profile, and the scopes that this secret stands for.

    One query, and a second once a minute to note that the token is in use.
    """
    found = holders.person_by(
        table="people_accesstoken",
        also="held.id, held.scopes, held.last_used_at",
        where="held.digest = %(digest)s AND held.revoked_at IS NULL"
        " AND (held.expires_at IS NULL OR held.expires_at > %(now)s)",
        values={"digest": _digest(secret), "now": now},
    )
    if found is None:
        return None
    person, [token_id, scopes, last_used_at] = found
    if last_used_at is None or last_used_at <= now - USE_IS_NOTED_EVERY:
        AccessToken.objects.filter(pk=token_id).update(last_used_at=now)
    return person, scopes


def living(person: Person, *, now: datetime) -> QuerySet[AccessToken]:
    """The person's tokens that still work, the newest first."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
    return AccessToken.objects.filter(unexpired, person=person, revoked_at=None)


@transaction.atomic
def revoke(reference: str, *, by: Person, now: datetime) -> None:
    """End one of the person's own tokens for good; refuses any other (`not_found`)."""
    known = references.normalised(reference, "TOKEN")
    token = AccessToken.objects.filter(reference=known, person=by, revoked_at=None).first()
    if token is None:
        raise NotFound
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    _record("access_token.revoked", token, at=now)


def revoke_all(person: Person, *, now: datetime) -> int:
    """End all of the person's tokens; how many."""
    return AccessToken.objects.filter(person=person, revoked_at=None).update(revoked_at=now)


def _demand(
    *, name: str, scopes: Collection[str], expires_at: datetime | None, now: datetime
) -> None:
    faults = {}
    if not 0 < len(name) <= LONGEST_NAME:
        faults["name"] = f"Give the token a name of 1 to {LONGEST_NAME} characters."
    if not scopes or not set(scopes) <= set(AccessToken.Scope.values):
        faults["scopes"] = "Choose read, write or both."
    if expires_at is not None and expires_at <= now:
        faults["expires_at"] = "This is in the past."
    if faults:
        raise Invalid(errors=[{"field": name, "message": text} for name, text in faults.items()])


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _record(name: str, token: AccessToken, *, at: datetime) -> None:
    events.record(
        name, subject="access_token", subject_id=token.pk, actor_id=token.person_id, at=at
    )
