"""The last step of booking: yes, and every way in which it can be refused."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings

from openmentor.booking.models import Booking, Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import field, links, words

Queries = Callable[[int], AbstractContextManager[object]]
BOOK = "/mentors/maya-rao/book"
TUESDAY_AT_TEN = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""
AT_TEN = "2026-03-03T04:30:00Z"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def toms(client: Client, maya: Mentor, tom: Person) -> Client:
    """Tom's browser."""
    client.force_login(tom)
    return client


def form(introduction: SessionType, **changes: str) -> dict[str, str]:
    """What the confirm step sends."""
    sent = {"type": introduction.reference, "time": AT_TEN, "notes": "Hello", "key": "a-key"}
    return sent | changes


def refused(answer: Any, status: int) -> str:
    """The words of a page that refuses and books nothing."""
    assert answer.status_code == status
    assert not Session.objects.filter(bookings__notes="Hello").exists()
    return words(answer)


def test_confirming_books_and_leads_to_the_confirmation(
    toms: Client, introduction: SessionType, tom: Person
) -> None:
    answer = toms.post(BOOK, form(introduction))
    session = Session.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/sessions/{session.reference}/confirmation",
    )
    booking = session.bookings.get()
    assert (session.starts_at, session.status) == (TUESDAY_AT_TEN, "scheduled")
    assert (booking.mentee, booking.notes) == (tom, "Hello")


def test_confirming_twice_makes_one_booking_and_the_same_page(
    toms: Client, introduction: SessionType
) -> None:
    first = toms.post(BOOK, form(introduction))
    second = toms.post(BOOK, form(introduction))
    assert first["Location"] == second["Location"]
    assert (first.status_code, second.status_code) == (303, 303)
    assert Booking.objects.count() == 1


def test_going_back_to_book_something_else_from_the_same_page_asks_again(
    toms: Client, introduction: SessionType
) -> None:
    toms.post(BOOK, form(introduction, notes="First"))
    answer = toms.post(BOOK, form(introduction, time="2026-03-03T05:00:00Z"))
    assert "You have booked from this page already" in refused(answer, 422)
    again = form(introduction, time="2026-03-03T05:00:00Z", key=field(answer, "key"))
    assert toms.post(BOOK, again).status_code == 303


def test_each_confirm_page_has_a_key_of_its_own(toms: Client, introduction: SessionType) -> None:
    query = {"type": introduction.reference, "time": AT_TEN}
    keys = {field(toms.get(BOOK, query), "key") for _ in range(2)}
    assert len(keys) == 2


def test_a_lost_time_comes_back_with_the_nearest_and_all_that_was_typed(
    toms: Client, maya: Mentor, lena: Person, introduction: SessionType
) -> None:
    make.booked(maya, lena, starts_at=TUESDAY_AT_TEN, now=NOW)
    answer = toms.post(f"{BOOK}?type={introduction.reference}&time={AT_TEN}", form(introduction))
    text = refused(answer, 409)
    html = answer.content.decode()
    assert "That time has just been taken." in text
    for stamp in ("2026-03-03T03:30:00Z", "2026-03-03T04:00:00Z", "2026-03-03T05:00:00Z"):
        assert f'value="{stamp}"' in html
    assert ">Hello</textarea>" in html
    assert field(answer, "key") == "a-key"


def test_the_nearest_time_can_be_booked_from_that_page(
    toms: Client, maya: Mentor, lena: Person, introduction: SessionType
) -> None:
    make.booked(maya, lena, starts_at=TUESDAY_AT_TEN, now=NOW)
    toms.post(BOOK, form(introduction))
    answer = toms.post(BOOK, form(introduction, time="2026-03-03T05:00:00Z"))
    assert answer.status_code == 303
    assert Session.objects.filter(starts_at=TUESDAY_AT_TEN + timedelta(minutes=30)).exists()


def test_a_stranger_signs_in_and_comes_back_to_the_same_choice(
    client: Client, introduction: SessionType, tom: Person
) -> None:
    choice = f"{BOOK}?type={introduction.reference}&date=2026-03-03&time={AT_TEN}"
    page = client.get(choice)
    (to_sign_in,) = links(page, "/account/login/?next=")
    assert client.post(choice, form(introduction))["Location"].startswith("/account/login/?next=")
    answer = client.post(to_sign_in, {"login": tom.email, "password": make.PASSWORD})
    assert answer["Location"] == choice
    assert Session.objects.count() == 0


def test_another_session_at_that_time_is_named(
    toms: Client, tom: Person, kiri: Mentor, introduction: SessionType
) -> None:
    other = make.session(kiri, tom, starts_at=TUESDAY_AT_TEN)
    answer = toms.post(BOOK, form(introduction))
    assert "You have another session at that time: Introduction." in refused(answer, 409)
    assert links(answer, other.reference) == [f"/sessions/{other.reference}"]


def test_an_address_that_is_not_verified_leads_to_the_addresses(
    client: Client, introduction: SessionType
) -> None:
    client.force_login(make.person("New Here", verified=False))
    answer = client.post(BOOK, form(introduction))
    assert "Please verify your email address first" in refused(answer, 403)
    assert "/account/email/" in links(answer)


@override_settings(PAYMENT_PROVIDERS={})
def test_without_a_way_to_pay_a_price_is_shown_but_not_booked(toms: Client, maya: Mentor) -> None:
    paid = make.session_type(maya, title="Mock interview", price=150_000)
    page = toms.get(BOOK, {"type": paid.reference, "time": AT_TEN})
    assert "₹1,500.00" in words(page)
    assert "<textarea" not in page.content.decode()
    assert "paying is not possible here" in refused(toms.post(BOOK, form(paid)), 409)


def test_nobody_books_themselves(client: Client, maya: Mentor, introduction: SessionType) -> None:
    client.force_login(maya.person)
    page = client.get(BOOK, {"type": introduction.reference})
    assert "This is your own page" in words(page)
    assert "your own profile" in refused(client.post(BOOK, form(introduction)), 403)


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"time": "2026-03-02T08:00:00Z"}, 422, "That time is too soon to book."),
        ({"time": "2027-03-02T08:00:00Z"}, 422, "further ahead"),
        ({"time": "2026-03-03T04:31:00Z"}, 422, "The mentor does not offer that time."),
        ({"time": "tomorrow"}, 422, "March 2026"),
        ({"type": "TYPE-00000000"}, 409, "This mentor does not offer that session type."),
        ({"key": ""}, 422, "Confirm"),
    ],
)
def test_what_cannot_be_booked_is_refused_with_the_reason(
    toms: Client, introduction: SessionType, changes: dict[str, str], status: int, said: str
) -> None:
    assert said in refused(toms.post(BOOK, form(introduction, **changes)), status)


def test_notes_that_are_too_long_say_so_at_the_field(
    toms: Client, introduction: SessionType
) -> None:
    answer = toms.post(BOOK, form(introduction, notes="Hello" * 500))
    refused(answer, 422)
    assert 'id="notes_error"' in answer.content.decode()


def test_a_mentor_who_is_not_there_is_a_404(toms: Client, introduction: SessionType) -> None:
    assert toms.post("/mentors/nobody/book", form(introduction)).status_code == 404


def test_too_many_tries_must_wait(
    toms: Client, introduction: SessionType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        toms.post(BOOK, form(introduction, time="tomorrow", key=str(number)))
    answer = toms.post(BOOK, form(introduction))
    assert refused(answer, 429)
    assert int(answer["Retry-After"]) > 0
