"""A booking's time is its session's time, held so by the database itself.

The two columns exist so that "a mentee is in one place" can be a constraint on bookings; the
composite key makes them follow when a session is moved.
"""

from typing import ClassVar

from django.db import migrations

SAME_TIME = """
ALTER TABLE booking_booking ADD CONSTRAINT booking_keeps_its_sessions_time
    FOREIGN KEY (session_id, starts_at, ends_at)
    REFERENCES booking_session (id, starts_at, ends_at) ON UPDATE CASCADE;
ALTER TABLE booking_session ADD CONSTRAINT session_occupies_its_time_and_buffers CHECK (
    NOT isempty(occupies)
    AND extract(epoch FROM lower(occupies)) = extract(epoch FROM starts_at) - 60 * buffer_before
    AND extract(epoch FROM upper(occupies)) = extract(epoch FROM ends_at) + 60 * buffer_after
);
"""
NOT_SAME_TIME = """
ALTER TABLE booking_booking DROP CONSTRAINT booking_keeps_its_sessions_time;
ALTER TABLE booking_session DROP CONSTRAINT session_occupies_its_time_and_buffers;
"""


class Migration(migrations.Migration):
    """Two constraints that Django's own classes cannot say."""

    dependencies: ClassVar = [("booking", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(SAME_TIME, NOT_SAME_TIME)]
