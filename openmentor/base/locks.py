"""Who waits for whom. One order for everyone, so that no two verbs wait for each other:

1. a mentor's calendar, 2. a person's calendar, 3. rows: session, open request, booking, 4. a
mentor's seats with all packs, 5. a person's mentorships, 6. rows: seat, pack, purchase, order,
payment.

Whoever locks a row of 3 that a pack can pay for has its mentor's calendar already.
"""

from django.db import connection

MENTOR_CALENDAR = 1
PERSON_CALENDAR = 2
MENTOR_SEATS = 4
PERSON_MENTORSHIPS = 5
_FAMILY_BITS = 48


def key(family: int, identity: int) -> int:
    """The 64-bit number under which PostgreSQL knows this lock."""
    return family << _FAMILY_BITS | identity


def hold(family: int, identity: int) -> None:
    """Take an advisory lock until the end of the transaction, waiting for whoever has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key(family, identity)])
