"""The lock on a mentor's calendar: whoever changes what is in it goes first or waits."""

from django.db import connection

from openmentor.base import locks
from openmentor.base.errors import NotFound


def hold(handle: str) -> int:
    """Take the calendar of the mentor with this handle until the transaction ends.

    Gives the mentor's key. What the transaction reads afterwards is what it may rely on. Refuses
    an unknown handle (`not_found`).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, pg_advisory_xact_lock(%s | id) FROM mentors_mentor WHERE handle = %s",
            [locks.key(locks.MENTOR_CALENDAR, 0), handle.lower()],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such mentor.")
    return int(row[0])
