"""The time that a session takes on the mentor's calendar: its own, and its buffers."""

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange


def occupied(starts_at: datetime, ends_at: datetime, *, before: int, after: int) -> DateTimeTZRange:
    """The half-open range from `before` minutes ahead of the start to `after` past the end."""
    return DateTimeTZRange(
        starts_at - timedelta(minutes=before), ends_at + timedelta(minutes=after)
    )
