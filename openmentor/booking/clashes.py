"""A person is in one place at a time, on either side of a session."""

from datetime import datetime

from django.db import connection

from openmentor.booking.refusals import YouAreBusy
from openmentor.people.models import Person

_CLASHING = """
SELECT s.reference, s.title
  FROM booking_booking b JOIN booking_session s ON s.id = b.session_id
 WHERE b.mentee_id = %(person)s AND b.status IN ('held', 'confirmed')
   AND b.starts_at < %(ends)s AND b.ends_at > %(starts)s
   AND s.takes_time AND s.id IS DISTINCT FROM %(besides)s
UNION ALL
SELECT s.reference, s.title
  FROM mentors_mentor m JOIN booking_session s ON s.mentor_id = m.id
 WHERE m.person_id = %(person)s AND s.starts_at < %(ends)s AND s.ends_at > %(starts)s
   AND s.takes_time AND s.id IS DISTINCT FROM %(besides)s
 LIMIT 1
"""
"""Two searches, each by its own index: one with OR in it would look at every session there is."""


def demand_unoccupied(
    person: Person, *, starts_at: datetime, ends_at: datetime, besides: int | None = None
) -> None:
    """Refuse (`you_are_busy`, naming the session) when the person has another session then.

    `besides` is the key of a session that does not count: the one being moved.
    """
    other = clashing(person, starts_at=starts_at, ends_at=ends_at, besides=besides)
    if other is not None:
        reference, title = other
        raise YouAreBusy(
            f"You have another session at that time: {title}.", sessionId=reference, title=title
        )


def clashing(
    person: Person, *, starts_at: datetime, ends_at: datetime, besides: int | None = None
) -> tuple[str, str] | None:
    """The public id and the title of the session that the person has in this time, if any."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CLASHING,
            {"person": person.pk, "starts": starts_at, "ends": ends_at, "besides": besides},
        )
        found: tuple[str, str] | None = cursor.fetchone()
    return found
