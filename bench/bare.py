"""The bare SQL of one booking as a script for pgbench: how fast the database alone could be."""

from datetime import datetime

from bench.rows import copying, keys, run
from openmentor.base import locks

DESKS = 400
"""Mentors who are always open, and as many mentees to book them."""
FIRST_SLOT = 3_000
"""In half hours from the last midnight: beyond all that the API books."""

DIARY = """
SELECT mentor.id, timezone, horizon_days, type.duration_minutes,
       ARRAY(SELECT ARRAY[weekday, start_minute, end_minute]
               FROM availability_weeklyhours hours WHERE hours.mentor_id = mentor.id),
       ARRAY(SELECT ARRAY[extract(epoch FROM lower(occupies))::bigint,
                          extract(epoch FROM upper(occupies))::bigint]
               FROM booking_session session
              WHERE session.mentor_id = mentor.id AND takes_time
                AND starts_at BETWEEN {begins} - interval '9 days'
                                  AND {begins} + interval '9 days')
  FROM mentors_mentor mentor JOIN mentors_sessiontype type ON type.mentor_id = mentor.id
 WHERE mentor.id = :mentor
"""
CLASH = """
SELECT session_id FROM booking_booking
 WHERE mentee_id = :mentee AND status IN ('held', 'confirmed')
   AND starts_at < {ends} AND ends_at > {begins} AND starts_at > {begins} - interval '1 day'
"""


def script(session: int, *, midnight: datetime) -> str:
    """Statements for statements what the verb says to the database.

    The rows are copies of the original `session` and its booking, so that they have every column.
    No two bookings want the same time.
    """
    [booking] = keys(f"SELECT min(id) FROM booking_booking WHERE session_id = {session}")
    [event] = keys("SELECT min(id) FROM base_event")
    run("DROP SEQUENCE IF EXISTS bench_turn")
    run("CREATE SEQUENCE bench_turn")
    begins, ends = (f"('{midnight}'::timestamptz + {slot} * interval '30 minutes')"
                    for slot in (":slot", "(:slot + 1)"))  # fmt: skip
    time = {"starts_at": begins, "ends_at": ends}
    calendar = locks.key(locks.MENTOR_CALENDAR, 0)
    somebody = locks.key(locks.PERSON_CALENDAR, 0)
    session_row = copying(
        "booking_session",
        of=session,
        reference="'SESSION-P' || lpad((:turn)::text, 7, '0')",
        mentor_id=":mentor",
        status="'scheduled'",
        completed_at="NULL",
        occupies=f"tstzrange({begins}, {ends})",
        **time,
    )
    booking_row = copying(
        "booking_booking",
        of=booking,
        reference="'BOOKING-P' || lpad((:turn)::text, 7, '0')",
        session_id=":session",
        mentee_id=":mentee",
        status="'confirmed'",
        **time,
    )
    both = "SELECT subject FROM unnest(ARRAY['session', 'booking']) subject"
    return f"""
SELECT nextval('bench_turn') AS turn \\gset
\\set desk 1 + :turn % {DESKS}
\\set slot {FIRST_SLOT} + :turn / {DESKS}
SELECT id AS mentee FROM people_person WHERE email = 'guest-' || :desk || '@example.com' \\gset
BEGIN;
SELECT id AS mentor, pg_advisory_xact_lock({calendar} | id) AS held
  FROM mentors_mentor WHERE handle = 'desk-' || :desk \\gset
SELECT pg_advisory_xact_lock({somebody} | :mentee);
{DIARY.format(begins=begins)};
{CLASH.format(begins=begins, ends=ends)};
{session_row} RETURNING id AS session \\gset
{booking_row};
{copying("base_event", of=event, source=both, subject="each.subject", subject_id=":session")};
COMMIT;
"""
