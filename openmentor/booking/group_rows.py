"""Reading one group session with its facts and its host: every join begins here.

It is one statement, written once; Django would build it anew each time, at twice the cost of all
the rest.
"""

from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from openmentor.booking.models import Group, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person


class _Part(NamedTuple):
    """A model's columns under the name that its table has in the statement."""

    model: type[Model]
    names: list[str]
    sql: str


_UNREAD = {"bio", "search_text", "password"}
"""Long or secret, and of no use here; whoever asks for one all the same has it fetched."""


def read(reference: str) -> Session | None:
    """The group session of this reference with `group`, `mentor` and `mentor.person` loaded."""
    parts, statement = _statement()
    with connection.cursor() as cursor:
        cursor.execute(statement, [reference])
        row = cursor.fetchone()
    if row is None:
        return None
    made: list[Any] = []
    at = 0
    for part in parts:
        end = at + len(part.names)
        made.append(part.model.from_db(connection.alias, part.names, row[at:end]))
        at = end
    session, group, mentor, person = made
    session.group, session.mentor, mentor.person = group, mentor, person
    found: Session = session
    return found


@cache
def _statement() -> tuple[tuple[_Part, ...], str]:
    parts = (
        _part(Session, "session"),
        _part(Group, "facts"),
        _part(Mentor, "mentor"),
        _part(Person, "person"),
    )
    sql = (
        f"SELECT {', '.join(part.sql for part in parts)} FROM booking_session session"  # noqa: S608 - our own names
        " JOIN booking_group facts ON facts.session_id = session.id"
        " JOIN mentors_mentor mentor ON mentor.id = session.mentor_id"
        " JOIN people_person person ON person.id = mentor.person_id"
        " WHERE session.reference = %s AND session.mode = 'group'"
    )
    return parts, sql


def _part(model: type[Model], alias: str) -> _Part:
    fields = [field for field in model._meta.concrete_fields if field.attname not in _UNREAD]
    sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
    return _Part(model, [field.attname for field in fields], sql)
