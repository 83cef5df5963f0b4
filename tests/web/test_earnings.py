"""`/mentor/earnings`, and the staff's pages about money: payouts, refunds, the books."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from openmentor.booking import audit, sessions
from openmentor.booking.models import Booking
from openmentor.mentors.models import Mentor
from openmentor.payments import payouts
from openmentor.payments.models import Order, Payout, Refund
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import field, links, words

Queries = Callable[[int], AbstractContextManager[object]]
THURSDAY_AT_TEN = datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
"""Ten o'clock where Maya is."""
STAFF_PAGES = ("/staff/payouts", "/staff/payouts.csv", "/staff/refunds", "/staff/books")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def paid(maya: Mentor, tom: Person, settings: Any) -> Booking:
    """Tom paid Maya 1,500 rupees, a tenth of which is the operator's."""
    settings.COMMISSION_BASIS_POINTS = 1_000
    return make.paid(maya, tom, starts_at=THURSDAY_AT_TEN, now=NOW)


@pytest.fixture
def mayas(client: Client, maya: Mentor) -> Client:
    """Maya's browser."""
    client.force_login(maya.person)
    return client


@pytest.fixture
def staffs(staff: Person) -> Client:
    """The browser of somebody of the staff."""
    client = Client()
    client.force_login(staff)
    return client


def sheet(answer: Any) -> list[list[str]]:
    """The rows of a downloaded file."""
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def mark(browser: Client, mentor: Mentor, amount: str, **more: str) -> Any:
    form = {"amount": amount, "currency": "INR", "key": "a-key", **more}
    return browser.post(f"/staff/payouts/{mentor.handle}", form)


# What the mentor sees


def test_who_has_earned_nothing_is_told_so(mayas: Client) -> None:
    assert "No earnings yet" in words(mayas.get("/mentor/earnings"))


def test_the_sums_say_where_the_money_went(
    mayas: Client, maya: Mentor, paid: Booking, staff: Person
) -> None:
    refunded = make.paid(
        maya, make.person(), starts_at=THURSDAY_AT_TEN + timedelta(hours=1), now=NOW
    )
    sessions.cancel(refunded.session.reference, by=maya.person, now=NOW)
    payouts.mark_paid(maya.pk, amount_minor=100_000, currency="INR", by=staff, now=NOW)
    text = words(mayas.get("/mentor/earnings"))
    for said in (
        "Owed to you ₹350.00",
        "Paid by mentees ₹3,000.00",
        "Refunded ₹1,500.00",
        "Commission ₹150.00",
        "Paid out ₹1,000.00",
    ):
        assert said in text


def test_every_entry_is_listed_with_its_session(
    mayas: Client, paid: Booking, maya: Mentor, staff: Person
) -> None:
    payouts.mark_paid(maya.pk, amount_minor=1_000, currency="INR", note="UTR 1", by=staff, now=NOW)
    page = mayas.get("/mentor/earnings")
    text = words(page)
    assert "Paid by a mentee Mock interview with Tom Becker" in text
    assert "₹1,500.00 ₹150.00 ₹1,350.00" in text
    assert "Paid out to you UTR 1" in text
    assert "-₹10.00 none -₹10.00" in text
    assert links(page, "/sessions/") == [f"/sessions/{paid.session.reference}"]


def test_the_download_has_every_entry_in_plain_numbers(
    mayas: Client, paid: Booking, tom: Person
) -> None:
    sessions.cancel(paid.session.reference, by=tom, now=NOW)
    answer = mayas.get("/mentor/earnings.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="earnings-2026-03-02.csv"'
    head, *lines = sheet(answer)
    assert head[0] == "When (UTC)"
    assert sorted([line[0], line[1], *line[5:]] for line in lines) == [
        ["2026-03-02 06:30:00 UTC", "Paid by a mentee", "1500.00", "150.00", "1350.00", "INR"],
        ["2026-03-02 06:30:00 UTC", "Refunded", "-1500.00", "-150.00", "-1350.00", "INR"],
    ]


@pytest.mark.parametrize("title", ['=HYPERLINK("http://x")', "+1", "-1", "@x", "\t=1"])
def test_no_cell_of_a_download_is_a_formula(mayas: Client, paid: Booking, title: str) -> None:
    Order.objects.update(description=title)
    [_, line] = sheet(mayas.get("/mentor/earnings.csv"))
    assert line[2] == f"'{title}"


@pytest.mark.parametrize(
    ("currency", "price", "shown", "row"),
    [
        ("JPY", 5_000, "¥5,000", ["5000", "500", "4500", "JPY"]),
        ("KWD", 1_500, "KWD1.500", ["1.500", "0.150", "1.350", "KWD"]),
    ],
)
def test_currencies_with_no_or_three_decimals_are_right_to_the_unit(
    staffs: Client,
    maya: Mentor,
    settings: Any,
    *,
    currency: str,
    price: int,
    shown: str,
    row: list[str],
) -> None:
    settings.COMMISSION_BASIS_POINTS = 1_000
    buyer, mayas = make.person(), Client()
    make.paid(maya, buyer, starts_at=THURSDAY_AT_TEN, price=price, currency=currency, now=NOW)
    mayas.force_login(maya.person)
    assert f"Paid by mentees {shown}" in words(mayas.get("/mentor/earnings"))
    assert sheet(mayas.get("/mentor/earnings.csv"))[1][5:] == row
    assert field(staffs.get("/staff/payouts"), "amount") == row[2]
    mark(staffs, maya, row[2], currency=currency)
    assert Payout.objects.get().amount_minor == price * 9 // 10


def test_only_mentors_have_earnings(paid: Booking, tom: Person) -> None:
    browser = Client()
    browser.force_login(tom)
    assert browser.get("/mentor/earnings").status_code == 403
    assert browser.get("/mentor/earnings.csv").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_one_entry_as_for_three(
    mayas: Client, maya: Mentor, number: int, django_assert_num_queries: Queries
) -> None:
    for hour in range(number):
        starts_at = THURSDAY_AT_TEN + timedelta(hours=hour)
        make.paid(maya, make.person(), starts_at=starts_at, now=NOW)
    mayas.get("/mentor/earnings")
    with django_assert_num_queries(7):
        mayas.get("/mentor/earnings")


# What the staff sees and does


def test_the_staffs_pages_are_for_staff(maya: Mentor, tom: Person) -> None:
    for person in (maya.person, tom):
        browser = Client()
        browser.force_login(person)
        assert [browser.get(page).status_code for page in STAFF_PAGES] == [404] * 4
        assert mark(browser, maya, "1").status_code == 404
        assert browser.post("/staff/books/check").status_code == 404
    assert all(Client().get(page)["Location"].startswith("/account/") for page in STAFF_PAGES)


def test_what_is_owed_is_listed_and_downloaded(staffs: Client, paid: Booking, maya: Mentor) -> None:
    page = staffs.get("/staff/payouts")
    assert "Maya Rao maya@example.com ₹1,350.00" in words(page)
    assert field(page, "amount") == "1350.00"
    assert sheet(staffs.get("/staff/payouts.csv")) == [
        ["Mentor", "Handle", "Email", "Owed", "Currency"],
        ["Maya Rao", "maya-rao", "maya@example.com", "1350.00", "INR"],
    ]


def test_a_name_that_looks_like_a_formula_is_none_in_the_download(
    staffs: Client, paid: Booking, maya: Mentor
) -> None:
    Person.objects.filter(pk=maya.person_id).update(name="=cmd|' /C calc'!A0")
    assert sheet(staffs.get("/staff/payouts.csv"))[1][0] == "'=cmd|' /C calc'!A0"


def test_marking_as_paid_leaves_nothing_owed(
    staffs: Client, paid: Booking, maya: Mentor, staff: Person
) -> None:
    answer = mark(staffs, maya, "1350.00", note="UTR 7")
    assert (answer.status_code, answer["Location"]) == (303, "/staff/payouts")
    payout = Payout.objects.get()
    assert (payout.amount_minor, payout.note, payout.marked_by_id) == (135_000, "UTR 7", staff.pk)
    text = words(staffs.get("/staff/payouts"))
    assert "₹1,350.00 to Maya Rao is marked as paid." in text
    assert "Nobody waits for money" in text
    assert "Maya Rao ₹1,350.00 UTR 7" in text


def test_a_form_sent_twice_is_one_payout(staffs: Client, paid: Booking, maya: Mentor) -> None:
    assert [mark(staffs, maya, "100").status_code for _ in range(2)] == [303, 303]
    assert Payout.objects.count() == 1
    assert mark(staffs, maya, "100", key="another").status_code == 303
    assert Payout.objects.count() == 2


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1350.01", "That is more than is owed: it is ₹1,350.00."),
        ("0", "Say how much was paid."),
        ("-1", "Write an amount, such as 1500 or 19.99."),
        ("", "Write an amount, such as 1500 or 19.99."),
        ("much", "Write an amount, such as 1500 or 19.99."),
        ("NaN", "Write an amount, such as 1500 or 19.99."),
        ("1.005", "INR has no smaller parts than that."),
    ],
)
def test_an_amount_that_cannot_be_is_refused_at_its_field(
    staffs: Client, paid: Booking, maya: Mentor, amount: str, said: str
) -> None:
    answer = mark(staffs, maya, amount)
    assert answer.status_code == 422
    assert said in words(answer)
    assert field(answer, "amount") == amount
    assert not Payout.objects.exists()


def test_a_refund_that_failed_rings_and_is_tried_again(
    staffs: Client, paid: Booking, tom: Person, staff: Person
) -> None:
    sessions.cancel(paid.session.reference, by=tom, now=NOW)
    refund = Refund.objects.get()
    Refund.objects.update(status="failed", trouble="The account is closed.", tries=3)
    for page in ("/staff/payouts", "/staff/refunds", "/staff/books"):
        assert "1 refund failed" in words(staffs.get(page))
    text = words(staffs.get("/staff/refunds"))
    for said in ("To Tom Becker", "The account is closed.", refund.reference, "3 tries"):
        assert said in text
    answer = staffs.post(f"/staff/refunds/{refund.reference}/retry")
    assert (answer.status_code, answer["Location"]) == (303, "/staff/refunds")
    refund.refresh_from_db()
    assert (refund.status, refund.round, refund.tries) == ("pending", 1, 0)
    assert staffs.post(f"/staff/refunds/{refund.reference}/retry").status_code == 409
    assert staffs.post("/staff/refunds/REFUND-00000000/retry").status_code == 404


def test_books_that_disagree_ring_on_every_page_of_the_staff(staffs: Client, paid: Booking) -> None:
    assert "They have not been checked yet." in words(staffs.get("/staff/books"))
    staffs.post("/staff/books/check")
    assert "All books agree" in words(staffs.get("/staff/books"))
    Booking.objects.update(currency="EUR")
    audit.check(now=NOW)
    for page in ("/staff/payouts", "/staff/refunds", "/staff/books"):
        assert "The books do not agree" in words(staffs.get(page))
    assert paid.reference in words(staffs.get("/staff/books"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_of_the_staff_ask_the_same_for_one_row_and_for_three(
    staffs: Client, number: int, django_assert_num_queries: Queries
) -> None:
    for _ in range(number):
        mentor = make.mentor(hours=make.ALWAYS)
        make.paid(mentor, make.person(), starts_at=THURSDAY_AT_TEN, now=NOW)
        later = THURSDAY_AT_TEN + timedelta(hours=1)
        lost = make.paid(mentor, make.person(), starts_at=later, now=NOW)
        sessions.cancel(lost.session.reference, by=mentor.person, now=NOW)
    for page, queries in (("/staff/payouts", 8), ("/staff/refunds", 7)):
        staffs.get(page)
        with django_assert_num_queries(queries):
            staffs.get(page)
