"""What a provider of rooms does, whoever it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class NoRoom(Exception):  # noqa: N818 - an outcome, not a mistake of ours
    """The provider made no room, or we do not know whether it did: it is asked again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The room that is wanted; `key` is the same however often it is asked for."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room: its address, and what its provider calls it."""

    address: str
    provider_id: str = ""


class Provider(Protocol):
    """Makes rooms. Every method raises `NoRoom` when there is no clear yes."""

    def make(self, wish: Wish, *, again: bool) -> Room:
        """A room; `again` says that one may be there already from a try whose end is unknown."""

    def move(self, provider_id: str, wish: Wish) -> None:
        """Tell the provider of another time."""
