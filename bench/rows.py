"""SQL of our own, in the database of Django's settings."""

from typing import Any

from django.db import connection


def run(sql: str) -> None:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def rows(sql: str) -> list[Any]:
    """What a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def keys(sql: str) -> list[Any]:
    """The only column of what a query gives."""
    return [value for (value,) in rows(sql)]


def copy(table: str, *, of: int, source: str, **columns: str) -> None:
    """Copy the row with the key `of` once for each row of the SQL `source`, but for `columns`."""
    run(copying(table, of=of, source=source, **columns))


def copying(table: str, *, of: int, source: str = "SELECT 1", **columns: str) -> str:
    """The statement that does so; the row of `source` is called `each` in it."""
    names = keys(
        f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass"
        " AND attnum > 0 AND attgenerated = '' AND NOT attisdropped AND attname <> 'id'"
    )
    values = ", ".join(columns.get(name, f'original."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO {table} ({listed}) SELECT {values}"
        f" FROM {table} AS original, ({source}) AS each WHERE original.id = {of}"
    )
