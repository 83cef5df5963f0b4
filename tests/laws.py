"""The laws of the database by their names, and ways to break them, whoever writes."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction

from openmentor.base.errors import constraint_of

LAWS_OF_THE_DATABASE = """
SELECT conname::text FROM pg_constraint
 WHERE contype IN ('c', 'x', 'u', 'f') AND conrelid::regclass::text ~ %(tables)s
 UNION
SELECT indexrelid::regclass::text FROM pg_index
 WHERE indisunique AND indpred IS NOT NULL AND indrelid::regclass::text ~ %(tables)s
 UNION
SELECT tgname::text FROM pg_trigger
 WHERE NOT tgisinternal AND tgrelid::regclass::text ~ %(tables)s
"""
NAMED_BY_DJANGO = re.compile(r"_(check|key|uniq)$|_fk_")


class Again(NamedTuple):
    """A breach: the row of a table once more, but for some columns, given as SQL."""

    table: str
    columns: dict[str, str]
    where: str = "true"

    def sql(self) -> str:
        """The statement; what the database generates it generates again."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND attgenerated = '' AND NOT attisdropped AND attname <> 'id'",
                [self.table],
            )
            names = [name for (name,) in cursor.fetchall()]
        values = ", ".join(self.columns.get(name, f'"{name}"') for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        return (
            f"INSERT INTO {self.table} ({listed})"
            f" SELECT {values} FROM {self.table} WHERE {self.where} LIMIT 1"
        )


def again(table: str, where: str = "true", **columns: str) -> Again:
    """The row of the table that is `where`, once more."""
    return Again(table, columns, where)


def carry_out(breach: str | Again, facts: dict[str, Any]) -> None:
    """One statement, whose consequences are judged as if it were committed."""
    sql = breach if isinstance(breach, str) else breach.sql()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, facts)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def broken_by(breach: str | Again, facts: dict[str, Any]) -> str:
    """The name of the law that refuses the breach."""
    with pytest.raises(IntegrityError) as refusal:
        carry_out(breach, facts)
    return constraint_of(refusal.value)


def of_the_database(*floors: str) -> set[str]:
    """The names of all laws on the tables of these floors, but for those that Django named."""
    with connection.cursor() as cursor:
        cursor.execute(LAWS_OF_THE_DATABASE, {"tables": f"^({'|'.join(floors)})_"})
        return {name for (name,) in cursor.fetchall() if not NAMED_BY_DJANGO.search(name)}


def broken_elsewhere(besides: str) -> set[str]:
    """The names that other files of tests speak of: they break these laws themselves."""
    files = (path for path in Path(__file__).parent.rglob("test_*.py") if str(path) != besides)
    return {word for path in files for word in re.findall(r"[a-z_]{8,}", path.read_text())}
