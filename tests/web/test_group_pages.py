"""The pages of group sessions: found, joined, left, planned, run."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from openmentor.base import clock
from openmentor.booking import joining, settlement
from openmentor.booking.models import Booking, Group, GroupMessage, Session
from openmentor.mentors.models import Mentor
from openmentor.payments import refunds
from openmentor.payments.models import Refund
from openmentor.people.models import Person
from tests import make
from tests.api.stage import browser
from tests.rules.test_join import captured, order_of

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
PRICE = 50_000


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def path(session: Session, more: str = "") -> str:
    return f"/group-sessions/{session.reference}{more and '/' + more}"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return " ".join(answer.content.decode().split())


def paid(session: Session, mentee: Person, now: datetime) -> None:
    booking = joining.join(session.reference, by=mentee, now=now)
    settlement.settle(order_of(booking).pk, captured(order_of(booking)), now=now)


def test_everybody_finds_public_sessions(maya: Mentor) -> None:
    session = make.group(maya, starts_at=START, capacity=2, tags=["Rust"])
    make.group(maya, starts_at=START + timedelta(days=1), visibility="unlisted")
    page = text(Client(), "/group-sessions")
    assert page.count("/group-sessions/SESSION-") == 1
    assert "2 places left" in page
    assert "No group sessions" not in text(Client(), "/group-sessions?q=work&tag=Rust&free=yes")
    assert "Nothing fits all of that" in text(Client(), "/group-sessions?q=nothing")
    assert session.reference in page


def test_a_visitor_sees_what_it_is_and_signs_in_to_join(maya: Mentor) -> None:
    session = make.group(maya, starts_at=START, instructions="Bring paper.")
    page = text(Client(), path(session))
    assert "Join for free" in page
    assert "Bring paper." not in page
    assert Client().post(path(session, "join"))["Location"].startswith("/account/login")


def test_joining_for_free_and_leaving(maya: Mentor, tom: Person) -> None:
    session = make.group(maya, starts_at=START, instructions="Bring paper.")
    client = browser(tom)
    assert client.post(path(session, "join"))["Location"] == path(session)
    page = text(client, path(session))
    assert "You have a place" in page
    assert "Bring paper." in page
    assert "Leave this session?" in text(client, path(session, "leave"))
    assert client.post(path(session, "leave"), {"expecting": "0"})["Location"] == path(session)
    assert Booking.objects.get().status == "cancelled"


def test_a_priced_place_leads_to_its_payment(maya: Mentor, tom: Person) -> None:
    session = make.group(maya, starts_at=START, price=PRICE)
    answer = browser(tom).post(path(session, "join"))
    assert answer["Location"] == f"/sessions/{session.reference}/payment"
    assert "Pay now" in text(browser(tom), path(session))


def test_the_waiting_list_and_its_offer(
    maya: Mentor, tom: Person, lena: Person, zoe: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, capacity=1)
    joining.join(session.reference, by=tom, now=now)
    assert "Every place is taken" in text(browser(lena), path(session))
    assert browser(lena).post(path(session, "wait")).status_code == 303
    assert "You are number 1 in line" in text(browser(lena), path(session))
    browser(tom).post(path(session, "leave"), {"expecting": "0"})
    assert "A place is kept for you" in text(browser(lena), path(session))
    refused = browser(zoe).post(path(session, "join"))
    assert refused.status_code == 409
    assert "Every place in this session is taken." in refused.content.decode()
    browser(lena).post(path(session, "join"))
    assert "You have a place" in text(browser(lena), path(session))


def test_the_host_cancels_with_a_preview_and_watches_the_refunds(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START, price=PRICE)
    for person in (tom, lena):
        paid(session, person, now)
    host = browser(maya.person)
    question = text(host, path(session, "cancel"))
    assert "2 people get all of their money back" in question
    assert "₹1,000.00" in question
    stale = host.post(path(session, "cancel"), {"expecting": "1"})
    assert stale.status_code == 409
    host.post(path(session, "cancel"), {"expecting": str(2 * PRICE), "reason": "Ill"})
    assert "0 of 2" in text(host, path(session))
    refunds.carry_out(Refund.objects.first().pk, now=now)  # type: ignore[union-attr]  # two
    assert "1 of 2" in text(host, path(session))
    assert "0 of 2" not in text(browser(tom), path(session))


def test_the_host_writes_and_those_who_come_read(maya: Mentor, tom: Person, zoe: Person) -> None:
    session = make.group(maya, starts_at=START)
    make.booking(session, tom)
    browser(maya.person).post(path(session, "message"), {"text": "Bring paper."})
    assert GroupMessage.objects.count() == 1
    assert "Bring paper." in text(browser(tom), path(session))
    assert "Bring paper." not in text(browser(zoe), path(session))
    empty = browser(maya.person).post(path(session, "message"), {"text": " "})
    assert (empty.status_code, "Please write something." in empty.content.decode()) == (422, True)


def test_attendance_and_the_file(
    maya: Mentor, tom: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make.group(maya, starts_at=START)
    booking = make.booking(session, tom)
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(minutes=5))
    host = browser(maya.person)
    assert "Did not come" in text(host, path(session, "participants"))
    host.post(path(session, "participants"), {"booking": booking.reference, "came": "no"})
    booking.refresh_from_db()
    assert booking.status == "no_show"
    file = host.get(path(session, "participants.csv")).content.decode()
    assert "Tom Becker" in file
    assert "@" not in file


FORM = {
    "title": "Reading code",
    "description": "We **read**.",
    "date": "2026-03-06",
    "time": "18:00",
    "duration_minutes": "60",
    "capacity": "5",
    "price": "500",
    "currency": "INR",
    "tags": "Rust, careers",
    "visibility": "public",
    "repeat_weeks": "1",
}


def test_a_session_is_previewed_and_then_created(maya: Mentor) -> None:
    host = browser(maya.person)
    assert "New group session" in text(host, "/mentor/group-sessions/new")
    preview = host.post("/mentor/group-sessions/new", FORM).content.decode()
    assert "This is how it will look" in preview
    assert not Session.objects.exists()
    answer = host.post("/mentor/group-sessions/new", FORM | {"create": "yes"})
    session = Session.objects.get()
    assert answer["Location"] == path(session)
    assert f"{session.starts_at:%H:%M}" == "12:30"
    assert (session.price_minor, session.group.tags) == (PRICE, ["Rust", "careers"])
    assert "Reading code" in text(host, "/mentor/group-sessions")


def test_days_that_clash_are_listed_and_skipped_with_a_yes(maya: Mentor) -> None:
    make.session(maya, None, starts_at=datetime(2026, 3, 13, 12, 30, tzinfo=UTC))
    weekly = FORM | {"repeat_weeks": "3", "create": "yes"}
    host = browser(maya.person)
    refused = host.post("/mentor/group-sessions/new", weekly)
    assert refused.status_code == 409
    assert "Leave out the days listed above" in refused.content.decode()
    host.post("/mentor/group-sessions/new", weekly | {"skip_clashes": "on"})
    assert Session.objects.filter(mode="group").count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"title": ""}, "Say in a few words"), ({"date": "2026-03-01"}, "This time is over.")],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    maya: Mentor, wrong: dict[str, str], said: str
) -> None:
    sent = FORM | {"create": "yes", "description": "Kept."} | wrong
    answer = browser(maya.person).post("/mentor/group-sessions/new", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Kept." in answer.content.decode()


def test_a_session_is_edited(maya: Mentor, tom: Person) -> None:
    session = make.group(maya, starts_at=START, capacity=5)
    address = f"/mentor/group-sessions/{session.reference}"
    host = browser(maya.person)
    assert "Edit “Workshop”" in text(host, address)
    sent = {name: value for name, value in FORM.items() if name != "repeat_weeks"}
    host.post(address, sent | {"visibility": "private", "invitations": "A@b.example"})
    session = Session.objects.get()
    assert (session.title, session.group.visibility) == ("Reading code", "private")
    assert Group.objects.get().invitations.get().email == "a@b.example"
    make.booking(session, tom)
    refused = host.post(address, sent | {"price": "1"})
    assert (refused.status_code, "price is fixed" in refused.content.decode()) == (409, True)


@pytest.mark.parametrize("more", ["cancel", "participants", "participants.csv"])
def test_what_is_the_hosts_is_the_hosts(maya: Mentor, tom: Person, more: str) -> None:
    session = make.group(maya, starts_at=START)
    make.booking(session, tom)
    assert browser(tom).get(path(session, more)).status_code == 403
    assert browser(None).get(path(session, more)).status_code == 302


def test_a_private_session_is_not_there_for_strangers(maya: Mentor, zoe: Person) -> None:
    session = make.group(maya, starts_at=START, visibility="private")
    for address in ("", "leave", "participants"):
        assert browser(zoe).get(path(session, address)).status_code == 404
    for address in ("join", "wait", "leave", "cancel", "message"):
        answer: Any = browser(zoe).post(path(session, address))
        assert answer.status_code == 404


def test_my_sessions_show_both_kinds_until_one_leaves(
    maya: Mentor, tom: Person, lena: Person, now: datetime
) -> None:
    session = make.group(maya, starts_at=START)
    make.session(maya, tom, starts_at=START + timedelta(days=1))
    for person in (tom, lena):
        joining.join(session.reference, by=person, now=now)
    page = text(browser(tom), "/my-sessions")
    assert ("Workshop" in page, "Introduction" in page, "Lena" in page) == (True, True, False)
    joining.leave(session.reference, by=tom, now=now)
    assert "Workshop" not in text(browser(tom), "/my-sessions")
    assert "Workshop" in text(browser(tom), "/my-sessions?tab=cancelled")
    assert "Workshop" in text(browser(maya.person), "/my-sessions?as=mentor")
    address = f"/sessions/{session.reference}"
    assert browser(lena).get(address)["Location"] == path(session)


def test_home_and_the_mentors_page_show_what_is_coming(maya: Mentor) -> None:
    session = make.group(maya, starts_at=START)
    for address in ("/", "/mentors/maya-rao"):
        assert session.reference in text(Client(), address)


def test_the_whole_story_of_a_paid_workshop_for_three(maya: Mentor, now: datetime) -> None:
    host, people = browser(maya.person), [make.person() for _ in range(4)]
    windows = [browser(person) for person in people]
    host.post("/mentor/group-sessions/new", FORM | {"capacity": "3", "create": "yes"})
    session = Session.objects.get()
    for window in windows[:3]:
        assert window.post(path(session, "join"))["Location"].endswith("/payment")
    for person in people[:3]:
        pay(session, person, now)
    windows[3].post(path(session, "wait"))
    windows[0].post(path(session, "leave"), {"expecting": str(PRICE)})
    assert "A place is kept for you" in text(windows[3], path(session))
    windows[3].post(path(session, "join"))
    pay(session, people[3], now)
    assert "You have a place" in text(windows[3], path(session))
    host.post(path(session, "cancel"), {"expecting": str(3 * PRICE)})
    refunds.carry_out_due(now=now)
    assert "4 of 4" in text(host, path(session))
    back = Refund.objects.values_list("payment__order__payer", "amount_minor", "status")
    assert sorted(back) == sorted((person.pk, PRICE, "succeeded") for person in people)


def pay(session: Session, person: Person, now: datetime) -> None:
    booking = session.bookings.get(mentee=person)
    settlement.settle(order_of(booking).pk, captured(order_of(booking)), now=now)
