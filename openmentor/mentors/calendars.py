"""The locks on the calendars of a mentor and of whoever books: one goes first, others wait."""

from django.db import connection

from openmentor.base import locks
from openmentor.base.errors import NotFound


def hold(handle: str, *, and_of: int) -> int:
    """Take the calendar of the mentor with this handle, then that of the person `and_of` (a key).

    Both until the transaction ends. Gives the mentor's key. What the transaction reads afterwards
    is what it may rely on. Refuses an unknown handle (`not_found`).
    """
    mentors, people = (
        locks.key(family, 0) for family in (locks.MENTOR_CALENDAR, locks.PERSON_CALENDAR)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            # PostgreSQL works out a row from left to right: the mentor's lock comes first.
            "SELECT id, pg_advisory_xact_lock(%s | id), pg_advisory_xact_lock(%s)"
            " FROM mentors_mentor WHERE handle = %s",
            [mentors, people | and_of, handle.lower()],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such mentor.")
    return int(row[0])
