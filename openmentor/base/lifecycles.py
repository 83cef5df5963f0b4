"""How states are moved: a lifecycle is a table of legal moves, and one function applies it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from openmentor.base import events
from openmentor.base.errors import NotPossible
from openmentor.base.models import Event


class Moving(Protocol):
    """A row with a status."""

    pk: Any
    status: str

    def save(self, *, update_fields: list[str]) -> None:
        """Write the named columns."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of one kind of thing.

    `births` are the states it may begin in; `moves` maps each state to those that may follow it.
    """

    subject: str
    births: frozenset[str]
    moves: Mapping[str, frozenset[str]]

    def allows(self, before: str, after: str) -> bool:
        """Whether this move is legal."""
        return after in self.moves.get(before, frozenset())

    def demand(self, before: str, after: str) -> None:
        """Refuse an illegal move with a clear sentence (`not_possible`)."""
        if not self.allows(before, after):
            thing = words(self.subject)
            raise NotPossible(
                f"This {thing} is {words(before)}, so it cannot become {words(after)}."
            )

    def begin(self, thing: Moving, *, by: int | None, at: datetime, **data: Any) -> None:
        """Write the event of a birth; the row is saved already, in its first state."""
        events.record_all([self._birth(thing, by=by, at=at, **data)])

    def move(
        self,
        thing: Moving,
        after: str,
        *,
        by: int | None,
        at: datetime,
        why: str = "",
        also: list[str] | None = None,
        **data: Any,
    ) -> None:
        """Set the status, save it with the columns named in `also`, and write the event row.

        The caller holds the row's lock. `by` is the person's key, None for OpenMentor itself.
        """
        before = thing.status
        self.demand(before, after)
        thing.status = after
        thing.save(update_fields=["status", *(also or [])])
        events.record_all([self._event(thing, before=before, by=by, at=at, why=why, **data)])

    def _birth(self, thing: Moving, *, by: int | None, at: datetime, **data: Any) -> Event:
        if thing.status not in self.births:
            raise NotPossible(f"A {words(self.subject)} cannot begin {words(thing.status)}.")
        return self._event(thing, before="", by=by, at=at, **data)

    def _event(
        self,
        thing: Moving,
        *,
        before: str,
        by: int | None,
        at: datetime,
        why: str = "",
        **data: Any,
    ) -> Event:
        return Event(
            name=f"{self.subject}.{thing.status}",
            subject=self.subject,
            subject_id=thing.pk,
            actor_id=by,
            at=at,
            from_state=before,
            to_state=thing.status,
            why=why,
            data=data,
        )


def begin_together(*births: tuple[Lifecycle, Moving], by: int | None, at: datetime) -> None:
    """Write the events of several births in one statement; the rows are saved already."""
    events.record_all([lifecycle._birth(thing, by=by, at=at) for lifecycle, thing in births])  # noqa: SLF001 - of this file


def words(state: str) -> str:
    """A state as people say it: `no_show` is `no-show`."""
    return state.replace("_", "-")
