"""Who waits for whom. One order for everyone, so that no two verbs wait for each other:

1. a mentor's calendar, 2. a person's calendar, 3. rows: session, open request, booking, 4. a
mentor's seats with all packs, 5. a person's mentorships, 6. rows: seat, pack, purchase, order,
payment.

Nobody who has a mentor's seats waits for a row of 3, so those may be locked before.
"""

from django.db import connection

MENTOR_CALENDAR = 1
PERSON_CALENDAR = 2
MENTOR_SEATS = 4
PERSON_MENTORSHIPS = 5
LISTENING = 3
"""Of the one worker that reacts to events; it waits for nobody."""
_FAMILY_BITS = 48


def key(family: int, identity: int) -> int:
    """The 64-bit number under which PostgreSQL knows this lock."""
    return family << _FAMILY_BITS | identity


def hold(family: int, identity: int) -> None:
    """Take an advisory lock until the end of the transaction, waiting for whoever has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key(family, identity)])


def take(family: int, identity: int) -> bool:
    """Take an advisory lock until the end of the transaction if nobody has it; whether we did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key(family, identity)])
        return bool(cursor.fetchone()[0])
