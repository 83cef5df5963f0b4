"""Jitsi: a room is a name that nobody can guess, on a host of the operator's choice.

Where the host asks for tokens, each person gets their own when they join: for this room only, from
a quarter of an hour before the start to a while after the end. Only the mentor's makes a moderator.
Claims: jitsi/lib-jitsi-meet, doc/tokens.md.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt

from openmentor.delivery.rooms.interface import Room, Wish

ROOM_BYTES = 20
"""160 random bits in a room's name."""
GRACE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Jitsi:
    """Where the rooms are."""

    host: str

    def make(self, wish: Wish, *, again: bool) -> Room:
        """A room; it comes to be when somebody enters."""
        return Room(address=f"https://{self.host}/{secrets.token_hex(ROOM_BYTES)}")

    def move(self, provider_id: str, wish: Wish) -> None:
        """A room is there at any time."""


def with_token(
    address: str,
    *,
    app_id: str,
    secret: str,
    audience: str,
    subject: str,
    person: dict[str, str],
    moderates: bool,
    opens_at: datetime,
    ends_at: datetime,
) -> str:
    """The address with a token for one person (`id` and `name`, both text)."""
    room = urlsplit(address).path.rpartition("/")[2]
    user: dict[str, Any] = dict(person)
    if moderates:
        user["moderator"] = "true"
    claims = {
        "iss": app_id,
        "aud": audience,
        "sub": subject.lower(),
        "room": room,
        "nbf": int(opens_at.timestamp()),
        "exp": int((ends_at + GRACE).timestamp()),
        "context": {"user": user},
    }
    return f"{address}?jwt={jwt.encode(claims, secret, algorithm='HS256')}"
