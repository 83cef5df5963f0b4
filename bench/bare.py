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


BOTH = "SELECT subject FROM unnest(ARRAY['session', 'booking']) subject"
SCRIPT = """
SELECT nextval('bench_turn') AS turn \\gset
\\set desk 1 + :turn % {desks}
\\set slot {first_slot} + :turn / {desks}
SELECT id AS mentee FROM people_person WHERE email = 'guest-' || :desk || '@example.com' \\gset
BEGIN;
SELECT id AS mentor, pg_advisory_xact_lock({mentor_calendar} | id) AS held
  FROM mentors_mentor WHERE handle = 'desk-' || :desk \\gset
SELECT pg_advisory_xact_lock({person_calendar} | :mentee);
{diary};
{clash};
{session} RETURNING id AS session \\gset
{booking};
{events};
COMMIT;
"""


def script(session: int, *, midnight: datetime) -> str:
    """Statement for statement what the verb says to the database.

    The rows are copies of the original `session` and its booking, so that they have every column.
    No two bookings want the same time.
    """
    run("DROP SEQUENCE IF EXISTS bench_turn")
    run("CREATE SEQUENCE bench_turn")
    begins, ends = (
        f"('{midnight}'::timestamptz + {slot} * interval '30 minutes')"
        for slot in (":slot", "(:slot + 1)")
    )
    return SCRIPT.format(
        desks=DESKS,
        first_slot=FIRST_SLOT,
        mentor_calendar=locks.key(locks.MENTOR_CALENDAR, 0),
        person_calendar=locks.key(locks.PERSON_CALENDAR, 0),
        diary=DIARY.format(begins=begins),
        clash=CLASH.format(begins=begins, ends=ends),
        **_rows(session, begins, ends),
    )


def _rows(session: int, begins: str, ends: str) -> dict[str, str]:
    """The rows that a booking writes."""
    [booking] = keys(f"SELECT min(id) FROM booking_booking WHERE session_id = {session}")
    [event] = keys("SELECT min(id) FROM base_event")
    time = {"starts_at": begins, "ends_at": ends}
    return {
        "session": copying(
            "booking_session",
            of=session,
            reference="'SESSION-P' || lpad((:turn)::text, 7, '0')",
            mentor_id=":mentor",
            status="'scheduled'",
            completed_at="NULL",
            occupies=f"tstzrange({begins}, {ends})",
            **time,
        ),
        "booking": copying(
            "booking_booking",
            of=booking,
            reference="'BOOKING-P' || lpad((:turn)::text, 7, '0')",
            session_id=":session",
            mentee_id=":mentee",
            status="'confirmed'",
            **time,
        ),
        "events": copying(
            "base_event", of=event, source=BOTH, subject="each.subject", subject_id=":session"
        ),
    }
