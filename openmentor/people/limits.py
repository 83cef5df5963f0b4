"""How often somebody may do what strangers could do too often.

Counted in one statement, shared by every web process, and off with RATE_LIMITS=off. Doors ask
before they call the verb, outside its transaction, so that a refused call counts too.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from openmentor.base.errors import RateLimited
from openmentor.people.models import Tries

MINUTE = timedelta(minutes=1)


class Limit(NamedTuple):
    """So many times within so long."""

    times: int
    within: timedelta


LIMITS = {
    "sign_up": Limit(20, MINUTE),
    "sign_in": Limit(30, MINUTE),
    "refresh": Limit(60, MINUTE),
    "search": Limit(240, MINUTE),
    "book": Limit(60, MINUTE),
}

_COUNT = """
INSERT INTO people_tries AS tries (key, used, ends_at) VALUES (%(key)s, 1, %(fresh_end)s)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN tries.ends_at <= %(now)s THEN 1 ELSE tries.used + 1 END,
    ends_at = CASE WHEN tries.ends_at <= %(now)s THEN %(fresh_end)s ELSE tries.ends_at END
RETURNING used, ends_at
"""


def spend(action: str, *, who: str, now: datetime) -> None:
    """Count one try of `action` by `who` (a person's reference, or an IP address).

    Refuses (`rate_limited`) the try beyond the limit, with the seconds until there are new ones.
    """
    if not settings.RATE_LIMITS:
        return
    limit = LIMITS[action]
    fresh_end = now + limit.within
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": f"{action}:{who}", "now": now, "fresh_end": fresh_end})
        used, ends_at = cursor.fetchone()
    if used > limit.times:
        raise RateLimited(retry_after=max(1, int((ends_at - now).total_seconds())))


def forget_old(*, now: datetime) -> int:
    """Delete the counts whose time is over, ours and those that allauth keeps; how many."""
    deleted, _ = Tries.objects.filter(ends_at__lte=now).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache_entry WHERE expires <= %s", [now])
        return int(deleted + cursor.rowcount)
