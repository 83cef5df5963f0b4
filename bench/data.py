"""The data that is measured: a table of a million sessions, or a small one.

`python -m bench.data SESSIONS` fills the database of DATABASE_URL, once, and brings what depends
on the day up to date; its last line is what the load needs to know, as JSON. One of each kind is
made by the verbs; all others are copies of it made by SQL, so that no column is forgotten.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from bench import bare, joins
from bench.bare import DESKS
from bench.rows import copy, keys, rows, run

MENTORS = 4_000
"""Among whom the many sessions are spread, one a day; the last fifty are still to come."""
TO_COME = 50
MIDNIGHT = datetime.combine(datetime.now(UTC).date(), time(), UTC)
LONG_AGO = MIDNIGHT - timedelta(days=900)

PAIRS = """
CREATE TEMPORARY TABLE pairs AS
SELECT number, mentor.id AS mentor_id, type.id AS type_id, person.id AS mentee_id
  FROM generate_series(1, {mentors}) number
  JOIN mentors_mentor mentor ON mentor.handle = 'mentor-' || number
  JOIN mentors_sessiontype type ON type.mentor_id = mentor.id
  JOIN people_person person ON person.email = 'mentee-' || number || '@example.com'
"""
EVERY_DAY = """
SELECT pairs.*, turn, '{midnight}'::timestamptz + (turn - {past}) * interval '1 day'
       + (8 + number % 8) * interval '1 hour' AS starts_at,
       CASE WHEN turn >= {past} THEN 'scheduled' ELSE 'completed' END AS status
  FROM pairs, generate_series(0, {turns} - 1) turn
"""
BUSY_WEEKS = """
SELECT row_number() OVER () AS number, starts_at FROM (
    SELECT (day + time '09:00') AT TIME ZONE 'Europe/London' + place * interval '30 minutes'
        AS starts_at
      FROM generate_series(DATE '{midnight:%Y-%m-%d}' + 2, DATE '{midnight:%Y-%m-%d}' + 60,
                           interval '1 day') day,
           unnest(ARRAY[1, 4, 7, 11]) place
     WHERE extract(isodow FROM day) < 6 ORDER BY 1 LIMIT 150) busy
"""


def main(sessions: int) -> None:
    """Fill the database and tell of it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from config.prepare import collect_static  # noqa: PLC0415 - Django is set up by now
    from openmentor.people.models import Person  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    collect_static()
    if not Person.objects.exists():
        with transaction.atomic():
            _build(sessions)
        run("VACUUM ANALYZE")
    print(json.dumps(_renew()))


def _build(sessions: int) -> None:
    """The originals by verbs, then their copies; foreign keys are true without being checked."""
    originals = _originals()
    run("SET LOCAL session_replication_role = replica")
    _copy_people(originals, "desk", "guest", mentor="desk", many=DESKS)
    if sessions:
        _copy_people(originals, "mentor", "mentee", mentor="busy", many=MENTORS)
        run(PAIRS.format(mentors=MENTORS))
        _copy_sessions(originals, turns=sessions // MENTORS)


def _copy_sessions(originals: dict[str, int], *, turns: int) -> None:
    """So many sessions for each mentor, and a booking in each."""
    copy(
        "booking_session",
        of=originals["session"],
        source=EVERY_DAY.format(midnight=MIDNIGHT, past=turns - TO_COME, turns=turns),
        reference=f"'SESSION-' || lpad((each.number * {turns} + each.turn)::text, 8, '0')",
        mentor_id="each.mentor_id",
        session_type_id="each.type_id",
        status="each.status",
        completed_at="CASE each.status WHEN 'completed' THEN each.starts_at END",
        **_time("each"),
    )
    copy(
        "booking_booking",
        of=originals["booking"],
        source="SELECT session.*, pairs.mentee_id FROM booking_session session"
        " JOIN pairs USING (mentor_id)",
        reference="replace(each.reference, 'SESSION', 'BOOKING')",
        session_id="each.id",
        mentee_id="each.mentee_id",
        status="CASE each.status WHEN 'scheduled' THEN 'confirmed' ELSE 'attended' END",
        starts_at="each.starts_at",
        ends_at="each.ends_at",
    )


def _time(each: str) -> dict[str, str]:
    """The columns of a half hour that begins at `starts_at`."""
    starts, ends = f"{each}.starts_at", f"{each}.starts_at + interval '30 minutes'"
    return {"starts_at": starts, "ends_at": ends, "occupies": f"tstzrange({starts}, {ends})"}


def _originals() -> dict[str, int]:
    """A mentor with office hours, one who is always open, a mentee, and a session they had."""
    from demo import cast  # noqa: PLC0415 - Django is set up by now
    from openmentor.booking import bookings, sessions  # noqa: PLC0415
    from openmentor.people.models import Person  # noqa: PLC0415

    staff = Person.objects.create_superuser("staff@example.com", None, name="Staff")
    busy, offered = _mentor("busy", cast.week(["Mon-Fri 09:00-17:00"]), staff)
    desk, _ = _mentor("desk", cast.week(["Mon-Sun 00:00-24:00"]), staff)
    mentee = _person("mentee")
    monday = LONG_AGO + timedelta(days=7 - LONG_AGO.weekday(), hours=10)
    session = bookings.book(
        mentee, handle="busy", session_type=offered, starts_at=monday, now=LONG_AGO
    )
    sessions.complete(session.reference, by=staff, now=session.ends_at)
    return {
        "busy": busy,
        "desk": desk,
        "mentee": mentee.pk,
        "session": session.pk,
        "booking": session.bookings.get().pk,
    }


def _person(name: str) -> Any:
    from openmentor.people import people  # noqa: PLC0415 - Django is set up by now

    return people.register(
        name=name,
        email=f"{name}@example.com",
        password="a slow hash, once",
        timezone="Europe/London",
        now=LONG_AGO,
    )


def _mentor(handle: str, week: Any, staff: Any) -> tuple[int, str]:
    """The key of a new mentor, and the reference of the session type: half an hour, free."""
    from openmentor.availability import schedule  # noqa: PLC0415 - Django is set up by now
    from openmentor.mentors import mentors, session_types  # noqa: PLC0415

    person = _person(handle)
    mentor = mentors.apply(person, handle=handle, now=LONG_AGO, headline="A mentor", currency="EUR")
    if mentor.status != mentor.Status.APPROVED:
        mentors.approve(mentor.pk, by=staff, now=LONG_AGO)
    schedule.replace(
        mentor.pk, timezone=person.timezone, weekly=week, overrides=[], by=person, now=LONG_AGO
    )
    offered = session_types.create(
        mentor.pk, title="Half an hour", duration_minutes=30, by=person, now=LONG_AGO
    )
    return mentor.pk, offered.reference


def _copy_people(
    originals: dict[str, int], mentors: str, mentees: str, *, mentor: str, many: int
) -> None:
    """So many mentors, copied with hours and session type, and as many mentees."""
    original, numbers = originals[mentor], f"SELECT number FROM generate_series(1, {many}) number"
    letters = mentors[:1].upper() + mentees[:1].upper()
    for name, letter in ((mentors, letters[0] + "1"), (mentees, letters[1] + "2")):
        copy(
            "people_person",
            of=originals["mentee"],
            source=numbers,
            reference=f"'PERSON-{letter}' || lpad(each.number::text, 6, '0')",
            email=f"'{name}-' || each.number || '@example.com'",
        )
    copy(
        "mentors_mentor",
        of=original,
        source=f"SELECT number, person.id FROM ({numbers}) numbers JOIN people_person person"
        f" ON person.email = '{mentors}-' || number || '@example.com'",
        person_id="each.id",
        handle=f"'{mentors}-' || each.number",
    )
    copies = f"SELECT id, handle FROM mentors_mentor WHERE handle LIKE '{mentors}-%'"
    for table, columns in (
        ("availability_weeklyhours", {}),
        (
            "mentors_sessiontype",
            {"reference": f"'TYPE-{letters[0]}1' || lpad(split_part(each.handle, '-', 2), 6, '0')"},
        ),
    ):
        for key in keys(f"SELECT id FROM {table} WHERE mentor_id = {original}"):
            copy(table, of=key, source=copies, mentor_id="each.id", **columns)


@transaction.atomic
def _renew() -> dict[str, Any]:
    """Clear the desks, fill the busy mentor's next sixty days, sign everybody in."""
    measured = "(handle = 'busy' OR handle LIKE 'desk%')"
    to_come = f"{measured} AND session.starts_at > '{MIDNIGHT}'"
    theirs = "booking_session session JOIN mentors_mentor mentor ON mentor.id = mentor_id"
    doomed = f"SELECT session.id FROM {theirs} WHERE {to_come}"
    run(f"DELETE FROM booking_booking WHERE session_id IN ({doomed})")
    run(f"DELETE FROM booking_group WHERE session_id IN ({doomed})")
    run(f"DELETE FROM booking_session WHERE id IN ({doomed})")
    [first] = keys(f"SELECT min(session.id) FROM {theirs} WHERE handle = 'busy'")
    copy(
        "booking_session",
        of=first,
        source=BUSY_WEEKS.format(midnight=MIDNIGHT),
        reference="'SESSION-B' || lpad(each.number::text, 7, '0')",
        status="'scheduled'",
        completed_at="NULL",
        **_time("each"),
    )
    offered = "mentors_mentor mentor JOIN mentors_sessiontype type ON mentor_id = mentor.id"
    types = dict(
        rows(f"SELECT handle, type.reference FROM {offered} WHERE {measured} ORDER BY type.id")
    )
    page = _page(types.pop("busy"))
    return {
        "page": page,
        "queries": _queries(page),
        "desks": [named for named in types.items() if named[0] != "desk"],
        "tokens": _tokens(),
        "groups": joins.planned("desk", midnight=MIDNIGHT, now=datetime.now(UTC)),
        "bare_booking": bare.script(first, midnight=MIDNIGHT),
    }


def _tokens() -> list[str]:
    """An access token for each guest."""
    from openmentor.base import clock  # noqa: PLC0415 - Django is set up by now
    from openmentor.people import sign_ins  # noqa: PLC0415
    from openmentor.people.models import Person  # noqa: PLC0415

    now = clock.now()
    guests = Person.objects.filter(email__startswith="guest-").order_by("pk")
    return [sign_ins.begin(guest, device="bench", now=now).access_token for guest in guests]


def _page(session_type: str) -> str:
    """The address of the busy mentor's free times on the next sixty days."""
    since, until = (MIDNIGHT + timedelta(days=days) for days in (1, 60))
    return (
        f"/api/mentors/busy/availability?from={since:%Y-%m-%d}&to={until:%Y-%m-%d}"
        f"&sessionTypeId={session_type}"
    )


def _queries(path: str) -> int:
    """How many statements a call costs."""
    asked = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = Client(headers={"host": "localhost"}).get(path)
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.content.decode()}")
    return len(asked)


if __name__ == "__main__":
    main(int(sys.argv[1]))
