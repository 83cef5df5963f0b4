"""Booking a free time (SPEC §5): what it makes, and every reason to refuse."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openmentor.base import events
from openmentor.base.errors import NotFound, Refusal
from openmentor.base.models import Event
from openmentor.booking import bookings, refusals
from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make

TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)

Book = Callable[..., Session]


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A time of Tuesday or a later day, in UTC; Maya is open from 3:30 to 11:30."""
    return TUESDAY + timedelta(days=days, hours=hour, minutes=minute)


@pytest.fixture
def book(maya: Mentor, introduction: SessionType, tom: Person, now: datetime) -> Book:
    def call(mentee: Person = tom, **given: Any) -> Session:
        facts: dict[str, Any] = {
            "handle": maya.handle,
            "session_type": introduction.reference,
            "starts_at": at(4),
            "now": now,
        }
        return bookings.book(mentee, **(facts | given))

    return call


def refused(book: Book, *given: Any, **facts: Any) -> Refusal:
    """The refusal of a booking that must have changed nothing."""
    before = (Session.objects.count(), Booking.objects.count(), Event.objects.count())
    with pytest.raises(Refusal) as caught:
        book(*given, **facts)
    assert (Session.objects.count(), Booking.objects.count(), Event.objects.count()) == before
    return caught.value


def test_a_free_time_is_booked_at_once(
    book: Book, maya: Mentor, introduction: SessionType, tom: Person, now: datetime
) -> None:
    session = book(notes="  I want to learn.  ")

    session.refresh_from_db()
    booking = session.bookings.get()
    assert {
        "status": session.status,
        "origin": session.origin,
        "mentor": session.mentor,
        "type": session.session_type,
        "title": session.title,
        "time": (session.starts_at, session.ends_at),
        "takes_time": session.takes_time,
        "timezone": session.timezone,
        "price": (session.price_minor, session.currency),
        "created_at": session.created_at,
    } == {
        "status": "scheduled",
        "origin": "slot",
        "mentor": maya,
        "type": introduction,
        "title": "Introduction",
        "time": (at(4), at(4, 30)),
        "takes_time": True,
        "timezone": "Asia/Kolkata",
        "price": (0, "INR"),
        "created_at": now,
    }
    assert {
        "mentee": booking.mentee,
        "status": booking.status,
        "payment": (booking.payment_status, booking.payment_mode, booking.amount_minor),
        "policy": booking.refund_policy,
        "notes": booking.notes,
    } == {
        "mentee": tom,
        "status": "confirmed",
        "payment": ("free", "none", 0),
        "policy": "moderate",
        "notes": "I want to learn.",
    }


def test_a_booking_writes_one_event_for_the_session_and_one_for_the_place(
    book: Book, tom: Person, now: datetime
) -> None:
    session = book()

    booking = session.bookings.get()
    written = [
        (event.name, event.from_state, event.to_state, event.actor_id, event.at)
        for event in (
            *events.history("session", session.pk),
            *events.history("booking", booking.pk),
        )
    ]
    assert written == [
        ("session.scheduled", "", "scheduled", tom.pk, now),
        ("booking.confirmed", "", "confirmed", tom.pk, now),
    ]


def test_handles_and_references_are_read_in_any_case(book: Book, introduction: SessionType) -> None:
    session = book(handle="MAYA-Rao", session_type=introduction.reference.lower())
    assert session.session_type == introduction


def test_buffers_are_kept_around_the_session(book: Book, maya: Mentor) -> None:
    Mentor.objects.filter(pk=maya.pk).update(buffer_before=5, buffer_after=10)
    session = book()
    session.refresh_from_db()
    assert (session.occupies.lower, session.occupies.upper) == (at(3, 55), at(4, 40))


def test_an_unknown_mentor_is_not_found(book: Book) -> None:
    assert refused(book, handle="nobody").code == NotFound.code


def test_mentors_cannot_book_themselves(book: Book, maya: Mentor) -> None:
    assert refused(book, maya.person).code == "own_profile"


@pytest.mark.parametrize(
    "change", [{"status": "applied"}, {"status": "rejected"}, {"paused_at": TUESDAY}]
)
def test_a_mentor_who_takes_no_bookings_is_unavailable(
    book: Book, maya: Mentor, change: dict[str, Any]
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(**change)
    assert refused(book).code == "mentor_unavailable"


def test_an_unknown_session_type_is_unavailable(book: Book) -> None:
    assert refused(book, session_type="TYPE-00000000").code == "session_type_unavailable"


def test_something_that_is_no_reference_is_an_unavailable_session_type(book: Book) -> None:
    assert refused(book, session_type="' OR 1=1 --").code == "session_type_unavailable"


def test_an_inactive_session_type_is_unavailable(book: Book, introduction: SessionType) -> None:
    SessionType.objects.update(is_active=False)
    assert refused(book).code == "session_type_unavailable"


def test_another_mentors_session_type_is_unavailable(book: Book, kiri: Mentor) -> None:
    theirs = SessionType.objects.get(mentor=kiri)
    assert refused(book, session_type=theirs.reference).code == "session_type_unavailable"


@pytest.mark.parametrize(
    "starts_at",
    [
        pytest.param(at(4, days=-8), id="the past"),
        pytest.param(at(6, 30, days=-1), id="now"),
        pytest.param(at(11, days=-1), id="today"),
    ],
)
def test_today_and_the_past_are_too_soon(book: Book, starts_at: datetime) -> None:
    assert refused(book, starts_at=starts_at).code == "too_soon"


def test_with_notice_a_start_exactly_then_is_bookable_and_one_before_is_not(
    book: Book, maya: Mentor
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(min_notice_minutes=60)
    assert refused(book, starts_at=at(7, days=-1)).code == "too_soon"
    assert book(starts_at=at(7, 30, days=-1)).starts_at == at(7, 30, days=-1)


def test_the_last_day_of_the_horizon_is_bookable_and_the_next_is_too_far(
    book: Book, maya: Mentor
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(horizon_days=3)
    assert refused(book, starts_at=at(4, days=3)).code == "too_far"
    assert book(starts_at=at(11, days=2)).starts_at == at(11, days=2)


@pytest.mark.parametrize(
    "starts_at",
    [
        pytest.param(at(4, 15), id="off the grid"),
        pytest.param(at(4) + timedelta(microseconds=1), id="a microsecond late"),
        pytest.param(at(11, 30), id="at the close"),
        pytest.param(at(3), id="before the opening"),
        pytest.param(at(4, days=4), id="on a Saturday"),
    ],
)
def test_a_time_outside_the_hours_or_off_the_grid_is_not_offered(
    book: Book, starts_at: datetime
) -> None:
    assert refused(book, starts_at=starts_at).code == "not_offered"


@pytest.mark.parametrize("limit", ["max_per_day", "max_per_week"])
def test_a_full_day_or_week_is_refused_and_the_next_is_not(
    book: Book, maya: Mentor, lena: Person, limit: str
) -> None:
    Mentor.objects.filter(pk=maya.pk).update(**{limit: 1})
    book(lena, starts_at=at(4))
    assert refused(book, starts_at=at(9)).code == "daily_limit"
    free_again = at(9, days=1 if limit == "max_per_day" else 7)
    assert book(starts_at=free_again).starts_at == free_again


def test_a_taken_time_comes_with_the_three_nearest_free_starts(book: Book, lena: Person) -> None:
    book(lena)
    refusal = refused(book)
    assert (refusal.code, refusal.data["alternatives"]) == (
        "time_taken",
        [
            {"start": "2026-03-03T03:30:00Z", "end": "2026-03-03T04:00:00Z"},
            {"start": "2026-03-03T04:30:00Z", "end": "2026-03-03T05:00:00Z"},
            {"start": "2026-03-03T05:00:00Z", "end": "2026-03-03T05:30:00Z"},
        ],
    )


def test_every_alternative_can_be_booked(book: Book, lena: Person) -> None:
    book(lena)
    for slot in refused(book).data["alternatives"]:
        starts_at = datetime.fromisoformat(slot["start"])
        assert book(starts_at=starts_at).starts_at == starts_at


@pytest.mark.parametrize("offset", [-25, -5, 5, 25])
def test_a_session_that_overlaps_by_a_part_is_in_the_way(
    book: Book, maya: Mentor, lena: Person, offset: int
) -> None:
    make.session(maya, lena, starts_at=at(4) + timedelta(minutes=offset))
    assert refused(book).code == "time_taken"


@pytest.mark.parametrize("offset", [-30, 30])
def test_a_session_that_touches_is_not_in_the_way(
    book: Book, maya: Mentor, lena: Person, offset: int
) -> None:
    make.session(maya, lena, starts_at=at(4) + timedelta(minutes=offset))
    assert book().starts_at == at(4)


def test_buffers_of_two_sessions_stack(book: Book, maya: Mentor, lena: Person) -> None:
    Mentor.objects.filter(pk=maya.pk).update(buffer_after=10, step_minutes=5)
    book(lena)
    assert refused(book, starts_at=at(4, 35)).code == "time_taken"
    assert book(starts_at=at(4, 40)).starts_at == at(4, 40)


@pytest.mark.parametrize("status", ["cancelled", "completed", "no_show"])
def test_a_session_that_is_over_is_not_in_the_way(
    book: Book, maya: Mentor, lena: Person, status: str
) -> None:
    make.session(maya, lena, starts_at=at(4), status=status)
    assert book().starts_at == at(4)


def test_a_mentee_with_another_session_then_is_busy_and_told_which(
    book: Book, kiri: Mentor, tom: Person
) -> None:
    other = make.session(kiri, tom, starts_at=at(4, 15), title="A chat with Kiri")
    refusal = refused(book)
    assert (refusal.code, refusal.data) == (
        "you_are_busy",
        {"sessionId": other.reference, "title": "A chat with Kiri"},
    )


def test_a_mentor_who_teaches_then_is_busy_as_a_mentee(
    book: Book, kiri: Mentor, lena: Person
) -> None:
    make.session(kiri, lena, starts_at=at(4))
    assert refused(book, kiri.person).code == "you_are_busy"


def test_a_time_right_after_my_other_session_is_mine_to_book(
    book: Book, kiri: Mentor, tom: Person
) -> None:
    make.session(kiri, tom, starts_at=at(3, 30))
    assert book().starts_at == at(4)


def test_who_is_refused_first_is_told_the_first_reason(
    book: Book, maya: Mentor, lena: Person
) -> None:
    book(lena)
    Mentor.objects.filter(pk=maya.pk).update(paused_at=TUESDAY)
    assert refused(book, maya.person, session_type="TYPE-00000000").code == "own_profile"
    assert refused(book, session_type="TYPE-00000000").code == "mentor_unavailable"
    Mentor.objects.filter(pk=maya.pk).update(paused_at=None)
    assert refused(book, session_type="TYPE-00000000").code == "session_type_unavailable"


def test_a_booked_session_is_no_longer_offered_and_a_cancelled_one_is_again(
    book: Book, maya: Mentor, lena: Person
) -> None:
    session = book()
    assert refused(book, lena).code == refusals.TimeTaken.code
    Session.objects.filter(pk=session.pk).update(status=Session.Status.CANCELLED)
    Booking.objects.filter(session=session).update(status=Booking.Status.CANCELLED)
    assert book(lena).starts_at == at(4)


def test_the_mentors_wall_clock_holds_when_her_zone_changes_its_clock(
    kiri: Mentor, tom: Person, now: datetime
) -> None:
    """Chatham's clocks go back on 5 April 2026, from 13:45 to 12:45 ahead of UTC."""
    before = datetime(2026, 4, 2, 19, 15, tzinfo=UTC)
    after = datetime(2026, 4, 5, 20, 15, tzinfo=UTC)
    for nine_o_clock in (before, after):
        session = make.booked(kiri, tom, starts_at=nine_o_clock, now=now)
        assert session.starts_at == nine_o_clock
