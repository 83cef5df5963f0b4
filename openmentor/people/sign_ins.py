"""Signing in to the API: a short-lived access token, and a refresh token that works once.

An access token is a JWT that names its sign-in; the sign-in's row is read on every call, so
ending it, a new password or closing the account ends the token at once.
"""

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import jwt
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from openmentor.people import holders
from openmentor.people.models import Person, SignIn
from openmentor.people.refusals import SignInOver

ALGORITHM = "HS256"
LONGEST_DEVICE = 200


@dataclass(frozen=True, kw_only=True)
class Keys:
    """What a program is given when it signs in; `expires_in` is the access token's, in seconds."""

    person: Person
    access_token: str
    refresh_token: str
    expires_in: int


def begin(person: Person, *, device: str, now: datetime) -> Keys:
    """Sign a program in for a person whose password (and second factor) has been checked."""
    secret = secrets.token_urlsafe(32)
    sign_in = SignIn.objects.create(
        person=person,
        refresh_digest=_digest(secret),
        password_mark=person.get_session_auth_hash(),
        device=device[:LONGEST_DEVICE],
        created_at=now,
        refreshed_at=now,
        expires_at=now + settings.REFRESH_TOKEN_LIFETIME,
    )
    return _keys(sign_in, secret, now=now)


def refresh(refresh_token: str, *, now: datetime) -> Keys:
    """New tokens for the sign-in, and the end of the old refresh token.

    A refresh token that comes a second time has been stolen, or its thief has been here first:
    the sign-in ends and everyone must show the password again (`sign_in_over`).
    """
    sid, secret = _parts(refresh_token)
    with transaction.atomic():
        sign_in = _open_sign_in(sid, now=now)
        is_current = hmac.compare_digest(bytes(sign_in.refresh_digest), _digest(secret))
        if is_current:
            fresh = secrets.token_urlsafe(32)
            sign_in.refresh_digest = _digest(fresh)
            sign_in.refreshed_at = now
            sign_in.expires_at = now + settings.REFRESH_TOKEN_LIFETIME
        else:
            sign_in.ended_at = now
        sign_in.save(update_fields=["refresh_digest", "refreshed_at", "expires_at", "ended_at"])
    if not is_current:
        raise SignInOver
    return _keys(sign_in, fresh, now=now)


def holder(access_token: str, *, now: datetime) -> Person | None:
    """The person, with their mentor profile, whose program holds this token: one query.

    None when the token is not ours, has run out, or its sign-in is over.
    """
    sid = _sid(access_token, now=now)
    if sid is None:
        return None
    found = holders.person_by(
        table="people_signin",
        also="held.password_mark",
        where="held.sid = %(sid)s AND held.ended_at IS NULL",
        values={"sid": sid},
    )
    if found is None:
        return None
    person, [password_mark] = found
    return person if _knows_password(person, password_mark) else None


def end(access_token: str, *, now: datetime) -> None:
    """Sign the program out that holds this token."""
    sid = _sid(access_token, now=now)
    if sid is not None:
        SignIn.objects.filter(sid=sid, ended_at=None).update(ended_at=now)


def revoke(person: Person, *, sid: uuid.UUID, now: datetime) -> None:
    """Sign out one of the person's programs; what is over already stays as it is."""
    SignIn.objects.filter(person=person, sid=sid, ended_at=None).update(ended_at=now)


def end_all(person: Person, *, now: datetime) -> int:
    """Sign out all of the person's programs; how many."""
    return SignIn.objects.filter(person=person, ended_at=None).update(ended_at=now)


def running(person: Person, *, now: datetime) -> list[SignIn]:
    """The person's programs that are signed in, the last used first."""
    mine = SignIn.objects.filter(person=person, ended_at=None, expires_at__gt=now)
    return [
        sign_in
        for sign_in in mine.order_by("-refreshed_at")
        if _knows_password(person, sign_in.password_mark)
    ]


def forget_old(*, now: datetime) -> int:
    """Delete the sign-ins that are over or have run out; how many."""
    ended, _ = SignIn.objects.filter(ended_at__lt=now).delete()
    expired, _ = SignIn.objects.filter(expires_at__lt=now).delete()
    return ended + expired


def _keys(sign_in: SignIn, secret: str, *, now: datetime) -> Keys:
    lifetime = settings.ACCESS_TOKEN_LIFETIME
    claims = {"sid": sign_in.sid.hex, "iat": now, "exp": now + lifetime}
    return Keys(
        person=sign_in.person,
        access_token=jwt.encode(claims, _signing_key(), ALGORITHM),
        refresh_token=f"{sign_in.sid.hex}.{secret}",
        expires_in=int(lifetime.total_seconds()),
    )


def _open_sign_in(sid: uuid.UUID, *, now: datetime) -> SignIn:
    """The sign-in, locked; refuses one that is over."""
    sign_in = (
        SignIn.objects.select_for_update(of=("self",))
        .select_related("person__mentor")
        .filter(sid=sid, ended_at=None, expires_at__gt=now, person__is_active=True)
        .first()
    )
    if sign_in is None or not _knows_password(sign_in.person, sign_in.password_mark):
        raise SignInOver
    return sign_in


def _sid(access_token: str, *, now: datetime) -> uuid.UUID | None:
    """The sign-in that a token of ours names, unless it has run out."""
    try:
        claims = jwt.decode(
            access_token,
            _signing_key(),
            [ALGORITHM],
            options={"require": ["sid", "exp"], "verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError:
        return None
    return uuid.UUID(claims["sid"]) if claims["exp"] > now.timestamp() else None


def _parts(refresh_token: str) -> tuple[uuid.UUID, str]:
    sid, _, secret = refresh_token.partition(".")
    try:
        return uuid.UUID(sid), secret
    except ValueError:
        raise SignInOver from None


def _knows_password(person: Person, mark: str) -> bool:
    """Whether the password is still the one that the sign-in began with."""
    return hmac.compare_digest(person.get_session_auth_hash(), mark)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


@cache
def _signing_key() -> bytes:
    """A key of its own, made from the installation's secret."""
    return salted_hmac("openmentor.people.sign_ins", "access", algorithm="sha256").digest()
