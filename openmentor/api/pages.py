"""Long lists, a page at a time: `?limit&cursor` in, `{items, nextCursor}` out.

A cursor says where the last page ended, not how many rows came before: rows that appear or go
meanwhile make nobody see a thing twice or miss one.
"""

from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from pydantic import Field

from openmentor.api.schema import Answer, Params
from openmentor.base.errors import Invalid

_SALT = "openmentor.api.pages"


class Paging(Params):
    """How much of a list, and from where; use it as `paging: Query[Paging]`."""

    limit: int = Field(20, ge=1, le=100, description="How many at most.")
    cursor: str = Field("", max_length=500, description="The `nextCursor` of the page before.")


class Page[Item](Answer):
    """A page of a list; no `nextCursor` means that it is the last."""

    items: list[Item]
    next_cursor: str | None = None


def page[Row: Model](
    rows: QuerySet[Row], paging: Paging, *, by: str, then: str = "reference"
) -> tuple[list[Row], str | None]:
    """The rows of this page and the cursor of the next one, ordered by two columns.

    `by` never holds NULL, with `-` before it for newest first; `then` is unique, and public
    because it is written into the cursor.
    """
    backwards, column = by.startswith("-"), by.removeprefix("-")
    sign, beyond = ("-", "lt") if backwards else ("", "gt")
    if paging.cursor:
        value, last = opened(paging.cursor, parts=2)
        rows = rows.filter(
            Q(**{f"{column}__{beyond}": value}) | Q(**{column: value, f"{then}__{beyond}": last})
        )
    found = list(rows.order_by(f"{sign}{column}", f"{sign}{then}")[: paging.limit + 1])
    if len(found) <= paging.limit:
        return found, None
    end = found[paging.limit - 1]
    return found[: paging.limit], sealed(getattr(end, column), getattr(end, then))


def sealed(*place: Any) -> str:
    """A cursor that says where a page ended; instants and dates as ISO text, money as numbers."""
    plain = [part.isoformat() if hasattr(part, "isoformat") else part for part in place]
    return signing.dumps(plain, salt=_SALT, compress=False)


def opened(cursor: str, *, parts: int) -> list[Any]:
    """What a cursor of ours says; refuses any other."""
    try:
        place: list[Any] = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        place = []
    if len(place) != parts:
        raise Invalid.field("cursor", "This is not a cursor of ours.")
    return place
