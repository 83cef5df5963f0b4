"""Where every booking needs the mentor's yes, booking a slot asks for it."""

from datetime import datetime, timedelta

import pytest

from openmentor.booking import bookings, openings, requests
from openmentor.booking.models import Booking, Session
from openmentor.booking.refusals import NotOffered, TimeTaken, TooManyRequestsPending, TooSoon
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def mentor() -> Mentor:
    return make.mentor(
        "Ines", confirmation="approval", min_notice_minutes=0, hours=make.ALWAYS, horizon_days=5
    )


def booked(mentor: Mentor, mentee: Person, starts_at: datetime) -> Session:
    offered = mentor.session_types.get().reference
    return bookings.book(
        mentee,
        handle=mentor.handle,
        session_type=offered,
        starts_at=starts_at,
        notes="Please",
        now=NOW,
    )


def test_a_booking_waits_for_the_mentor(mentor: Mentor, tom: Person) -> None:
    session = booked(mentor, tom, NOW + 24 * HOUR)
    assert (session.status, session.origin, session.takes_time) == ("pending", "request", False)
    assert (session.request.message, session.request.answer_by) == ("Please", NOW + 22 * HOUR)
    assert not Booking.objects.exists()
    accepted = requests.accept(session.reference, by=mentor.person, now=NOW)
    assert (accepted.status, accepted.bookings.get().notes) == ("scheduled", "Please")


def test_only_free_slots_can_be_booked_that_way(mentor: Mentor, tom: Person) -> None:
    with pytest.raises(NotOffered):
        booked(mentor, tom, NOW + 24 * HOUR + timedelta(minutes=7))
    make.session(mentor, make.person(), starts_at=NOW + 24 * HOUR)
    with pytest.raises(TimeTaken):
        booked(mentor, tom, NOW + 24 * HOUR)


def test_what_leaves_no_time_to_answer_is_neither_offered_nor_accepted(
    mentor: Mentor, tom: Person
) -> None:
    times = openings.to_book(mentor.pk, minutes=30, now=NOW)
    assert times.next(1) == [NOW + 2.5 * HOUR]
    with pytest.raises(TooSoon):
        booked(mentor, tom, NOW + 2 * HOUR)
    assert booked(mentor, tom, NOW + 2.5 * HOUR).status == "pending"


def test_the_fourth_waits_for_an_answer_to_the_first(mentor: Mentor, tom: Person) -> None:
    for day in (1, 2, 3):
        booked(mentor, tom, NOW + day * 24 * HOUR)
    with pytest.raises(TooManyRequestsPending):
        booked(mentor, tom, NOW + 4 * 24 * HOUR)
    assert Session.objects.count() == 3
