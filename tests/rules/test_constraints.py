"""The law: what the database itself forbids, whoever writes, each by its name.

`BREACHES` is the catalogue. A constraint that is not in it fails a test, and so does an entry
that the database does not enforce.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openmentor.base import events
from openmentor.base.errors import constraint_of
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people import sign_ins, tokens
from openmentor.people.models import AccessToken, Person
from tests import make
from tests.laws import Again, again, broken_by, broken_elsewhere, carry_out, of_the_database

STARTS = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
FLOORS = ("base", "people", "mentors", "availability", "booking")

SESSION = "UPDATE booking_session SET {} WHERE id = %(session)s"
BOOKING = "UPDATE booking_booking SET {} WHERE id = %(booking)s"
MENTOR = "UPDATE mentors_mentor SET {} WHERE id = %(maya)s"
GROUP = "UPDATE booking_session SET {} WHERE id = %(group)s"
SESSION_TYPE = "UPDATE mentors_sessiontype SET {} WHERE id = %(session_type)s"
MOVED = (
    "starts_at = starts_at - interval '1 hour' {0}, ends_at = ends_at - interval '1 hour' {0},"
    " occupies = tstzrange(lower(occupies) - interval '1 hour' {0},"
    " upper(occupies) - interval '1 hour' {0})"
)

BREACHES: dict[str, str | Again] = {
    "an_idempotency_key_is_answered_once": (
        "INSERT INTO base_idempotentanswer (person_id, key, fingerprint, answer, created_at)"
        " SELECT %(tom)s, 'key', '', '', now() FROM generate_series(1, 2)"
    ),
    "event_is_append_only": "UPDATE base_event SET why = 'another reason'",
    "person_address_is_in_lower_case": (
        "UPDATE people_person SET email = 'Tom@example.com' WHERE id = %(tom)s"
    ),
    "sign_in_ends_after_it_begins": "UPDATE people_signin SET expires_at = refreshed_at",
    "access_token_scopes_are_known": "UPDATE people_accesstoken SET scopes = '{admin}'",
    "access_token_ends_after_it_begins": "UPDATE people_accesstoken SET expires_at = created_at",
    "mentor_prices_are_in_range": MENTOR.format("group_price_minor = -1"),
    "mentor_booking_settings_are_in_range": MENTOR.format("horizon_days = 0"),
    "mentor_approved_has_its_time": MENTOR.format("approved_at = NULL"),
    "session_type_duration_in_range": SESSION_TYPE.format("duration_minutes = 4"),
    "session_type_price_in_range": SESSION_TYPE.format("price_minor = -1"),
    "pack_offer_numbers_are_in_range": (
        "INSERT INTO mentors_packoffer (reference, mentor_id, session_type_id, title, sessions,"
        " validity_days, price_minor, currency, is_active)"
        " VALUES ('OFFER-1', %(maya)s, %(session_type)s, '', 0, 1, 0, 'INR', true)"
    ),
    "booking_by_pack_names_its_pack": BOOKING.format("payment_mode = 'pack'"),
    "weekly_hours_are_a_range_of_a_week": (
        "UPDATE availability_weeklyhours SET end_minute = start_minute"
    ),
    "request_hours_are_a_range_of_a_week": (
        "WITH week AS (INSERT INTO availability_requestweek (mentor_id)"
        " VALUES (%(maya)s) RETURNING id)"
        " INSERT INTO availability_requesthours (week_id, weekday, start_minute, end_minute)"
        " SELECT id, 7, 0, 60 FROM week"
    ),
    "date_override_is_a_range_or_blocked": (
        'INSERT INTO availability_dateoverride (mentor_id, "on", start_minute)'
        " VALUES (%(maya)s, '2026-03-04', 540)"
    ),
    "session_mentor_is_in_one_place": SESSION.format(MOVED.format("+ interval '59 minutes'")),
    "session_ends_after_it_starts": SESSION.format(
        "ends_at = starts_at, occupies = tstzrange(starts_at - interval '5 minutes',"
        " starts_at), buffer_before = 5"
    ),
    "session_occupies_its_time_and_buffers": SESSION.format("buffer_after = 1"),
    "session_one_on_one_has_one_place": SESSION.format("capacity = 2"),
    "session_places_are_at_most_its_capacity": GROUP.format("capacity = places_taken - 1"),
    "booking_is_counted": (
        "UPDATE booking_booking SET status = 'confirmed' WHERE id = %(place_given_back)s"
    ),
    "waiting_offer_is_counted": (
        "INSERT INTO booking_waitingentry (subject, subject_id, person_id, status, offered_until)"
        " VALUES ('session', %(group)s, %(zoe)s, 'offered', now())"
    ),
    "waiting_person_is_in_line_once": (
        "INSERT INTO booking_waitingentry (subject, subject_id, person_id, status)"
        " SELECT 'session', %(group)s, %(zoe)s, 'waiting' FROM generate_series(1, 2)"
    ),
    "waiting_offer_has_an_end": (
        "INSERT INTO booking_waitingentry (subject, subject_id, person_id, status)"
        " VALUES ('mentor', 1, %(zoe)s, 'offered')"
    ),
    "group_minimum_is_somebody": "UPDATE booking_group SET min_participants = 0",
    "group_judges_a_minimum_it_has": "UPDATE booking_group SET minimum_due_at = now()",
    "group_invites_an_address_once": (
        "INSERT INTO booking_invitation (group_id, email)"
        " SELECT %(group)s, 'zoe@example.com' FROM generate_series(1, 2)"
    ),
    "group_invites_addresses_in_lower_case": (
        "INSERT INTO booking_invitation (group_id, email) VALUES (%(group)s, 'Zoe@example.com')"
    ),
    "booking_one_on_one_has_its_place": again(
        "booking_booking",
        "id = %(booking)s",
        reference="'BOOKING-00000000'",
        mentee_id="%(zoe)s",
        place="NULL",
    ),
    "booking_mentee_is_in_one_place": (
        "UPDATE booking_booking SET mentee_id = %(tom)s WHERE id = %(at_the_same_time)s"
    ),
    "booking_place_is_sold_once": again(
        "booking_booking",
        "id = %(booking)s",
        reference="'BOOKING-00000000'",
        mentee_id="%(zoe)s",
    ),
    "booking_keeps_its_sessions_time": BOOKING.format("ends_at = ends_at + interval '1 minute'"),
    "booking_without_price_is_free": BOOKING.format("payment_status = 'failed'"),
    "booking_paid_names_its_payment": BOOKING.format("payment_status = 'paid', amount_minor = 1"),
    "request_has_three_proposals_at_most": (
        "INSERT INTO booking_request (session_id, message, answer_by, proposed, alternatives)"
        " VALUES (%(session)s, '', now(), array_fill(now(), ARRAY[4]), '[]')"
    ),
    "booking_held_has_an_end": BOOKING.format("status = 'held'"),
}
NO_BREACH = {"session_time_to_refer_to"}
"""A key that a foreign key needs; it holds the primary key, so nothing can break it alone."""
RAISED = {"booking_one_on_one_has_its_place"}
"""By a trigger that has another name."""
COUNTED = dict.fromkeys(
    ("booking_is_counted", "waiting_offer_is_counted"), "session_places_are_at_most_its_capacity"
)
"""Triggers that count; what they count up to is another law, which refuses in their stead."""

LAWS = {*BREACHES} - RAISED | NO_BREACH


@pytest.fixture
def stage(
    *,
    maya: Mentor,
    kiri: Mentor,
    introduction: SessionType,
    tom: Person,
    lena: Person,
    zoe: Person,
    now: datetime,
) -> dict[str, Any]:
    """Tom with Maya, right after Lena with Maya; Lena with Kiri while Tom is with Maya."""
    session = make.session(maya, tom, starts_at=STARTS)
    make.session(maya, lena, starts_at=STARTS - timedelta(minutes=30))
    at_the_same_time = make.session(kiri, lena, starts_at=STARTS)
    group = make.group(kiri, starts_at=STARTS + timedelta(days=1), capacity=1)
    given_back = make.booking(group, tom, status="cancelled")
    make.booking(group, lena)
    events.record("a.thing", subject="thing", subject_id=1, actor_id=None, at=now)
    sign_ins.begin(tom, device="", now=now)
    tokens.create(tom, name="script", scopes=[AccessToken.Scope.READ], now=now)
    return {
        "session": session.pk,
        "booking": session.bookings.get().pk,
        "at_the_same_time": at_the_same_time.bookings.get().pk,
        "group": group.pk,
        "place_given_back": given_back.pk,
        "maya": maya.pk,
        "session_type": introduction.pk,
        "tom": tom.pk,
        "zoe": zoe.pk,
    }


@pytest.mark.parametrize("law", sorted(BREACHES))
def test_breaking_a_law_is_refused_under_its_name(law: str, stage: dict[str, Any]) -> None:
    assert broken_by(BREACHES[law], stage) == COUNTED.get(law, law)


def test_the_catalogue_has_every_law_of_the_database(db: None) -> None:
    names = of_the_database(*FLOORS)
    assert names == LAWS | names & broken_elsewhere(__file__)


@pytest.mark.parametrize("sql", ["DELETE FROM base_event", "UPDATE base_event SET at = now()"])
def test_what_happened_stays_written(sql: str, stage: dict[str, Any]) -> None:
    assert broken_by(sql, stage) == "event_is_append_only"


def test_a_place_follows_when_its_session_moves(stage: dict[str, Any]) -> None:
    carry_out(SESSION.format(MOVED.format("+ interval '2 hours'")), stage)
    session = Session.objects.get(pk=stage["session"])
    booking = session.bookings.get()
    assert (booking.starts_at, booking.ends_at) == (session.starts_at, session.ends_at)
    assert session.starts_at == STARTS + timedelta(hours=1)


@pytest.mark.parametrize(("before", "after"), [(0, 0), (5, 0), (0, 10), (7, 3)])
def test_two_sessions_of_a_mentor_never_overlap_at_any_offset(
    maya: Mentor, before: int, after: int
) -> None:
    """Sessions of 30 minutes may stand `before + after` minutes apart, and not a minute closer."""
    make.session(maya, None, starts_at=STARTS, before=before, after=after)
    allowed = [
        offset
        for offset in range(-60, 61)
        if is_possible(maya, STARTS + timedelta(minutes=offset), before=before, after=after)
    ]
    apart = 30 + before + after
    assert allowed == [offset for offset in range(-60, 61) if abs(offset) >= apart]


def is_possible(mentor: Mentor, starts_at: datetime, *, before: int, after: int) -> bool:
    """Whether the database takes this session beside what it has; it is taken back at once."""
    try:
        with transaction.atomic():
            make.session(mentor, None, starts_at=starts_at, before=before, after=after)
            transaction.set_rollback(True)
    except IntegrityError as error:
        if constraint_of(error) != "session_mentor_is_in_one_place":
            raise
        return False
    return True


@pytest.mark.parametrize("status", ["cancelled", "completed", "no_show", "rejected", "expired"])
def test_sessions_that_take_no_time_are_in_nobodys_way(maya: Mentor, status: str) -> None:
    make.session(maya, None, starts_at=STARTS, status=status)
    assert is_possible(maya, STARTS, before=0, after=0)


@pytest.mark.parametrize("holds_time", [True, False])
def test_a_pending_request_is_in_the_way_if_it_holds_its_time(
    maya: Mentor, holds_time: bool
) -> None:
    make.session(maya, None, starts_at=STARTS, status="pending", holds_time=holds_time)
    assert is_possible(maya, STARTS, before=0, after=0) is not holds_time
