"""Who holds a token. Every call of the API begins here, so it is one statement, written once."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model, OneToOneRel

from openmentor.people.models import Person


class Columns(NamedTuple):
    """A model and its columns, by attribute and as SQL; what the database generates stays there."""

    model: type[Model]
    names: list[str]
    sql: str


def person_by(
    *, table: str, also: str, where: str, values: Mapping[str, Any]
) -> tuple[Person, list[Any]] | None:
    """The active person whom a row of `table` belongs to, and the columns `also` of that row.

    The mentor profile comes along, so that asking for `person.mentor` asks no database. In `also`
    and `where` the row is called `held`. The caller writes the SQL; callers' values are `values`.
    """
    person, mentor = _loaded()
    statement = (
        f"SELECT {person.sql}, {mentor.sql}, {also} FROM {table} AS held"  # noqa: S608 - see above
        " JOIN people_person AS person ON person.id = held.person_id AND person.is_active"
        f" LEFT JOIN {mentor.model._meta.db_table} AS mentor ON mentor.person_id = person.id"
        f" WHERE {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    if row is None:
        return None
    parts = list(row)
    end, rest = len(person.names), len(person.names) + len(mentor.names)
    holder = Person.from_db(connection.alias, person.names, parts[:end])
    if parts[end] is None:
        _mentor_relation().set_cached_value(holder, None)
    else:
        profile: Any = mentor.model.from_db(connection.alias, mentor.names, parts[end:rest])
        profile.person = holder
    return holder, parts[rest:]


def _mentor_relation() -> OneToOneRel:
    """The floor above, which is known here only by the name of its relation."""
    relation = Person._meta.get_field("mentor")
    assert isinstance(relation, OneToOneRel)  # noqa: S101 - for the type checker
    return relation


@cache
def _loaded() -> tuple[Columns, Columns]:
    return _columns(Person, "person"), _columns(_mentor_relation().related_model, "mentor")


def _columns(model: type[Model], alias: str) -> Columns:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
    return Columns(model, [field.attname for field in fields], sql)
