"""`/sessions/<id>/answer`: what a mentor sees of a request, and the three answers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from openmentor.booking import requests, sessions
from openmentor.booking.models import Request, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import asks_again, field, links, words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AT = NOW + 100 * HOUR  # Friday, four in the afternoon where Maya is.


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def asked(mentee: Person, mentor: Mentor, *, minutes: int = 30) -> Session:
    return requests.propose(
        mentee,
        handle=mentor.handle,
        starts_at=AT,
        minutes=minutes,
        message="May I **ask**?",
        now=NOW,
    )


@pytest.fixture
def session(tom: Person, maya: Mentor) -> Session:
    return asked(tom, maya)


@pytest.fixture
def mentor(maya: Mentor) -> Client:
    browser = Client()
    browser.force_login(maya.person)
    return browser


@pytest.fixture
def mentee(tom: Person) -> Client:
    browser = Client()
    browser.force_login(tom)
    return browser


def path(session: Session, what: str = "answer") -> str:
    return f"/sessions/{session.reference}/{what}"


def status(session: Session) -> str:
    return Session.objects.values_list("status", flat=True).get(pk=session.pk)


def test_it_tells_who_asks_when_and_until_when(
    mentor: Client, session: Session, tom: Person
) -> None:
    Person.objects.filter(pk=tom.pk).update(goals="Lead a team.")
    page = words(mentor.get(path(session)))
    assert "Tom Becker asks for a session" in page
    assert "Answer by Wed 4 Mar, 12:00 IST" in page
    assert "Friday 6 March 2026 16:00–16:30 Asia/Kolkata (IST)" in page
    assert "10:30–11:00 for Tom in Europe/London (GMT)" in page
    assert "May I ask ?" in page
    assert "Lead a team." in page
    assert "You have not met yet." in page
    assert "Nothing else is in your calendar." in page


def test_it_tells_what_they_had_together_and_what_is_near(
    mentor: Client, session: Session, maya: Mentor, tom: Person, lena: Person
) -> None:
    for day, ending in ((10, "completed"), (20, "no_show"), (30, "completed")):
        make.session(maya, tom, starts_at=NOW - day * 24 * HOUR, status=ending)
    make.session(maya, lena, starts_at=AT - HOUR, title="With Lena")
    make.session(maya, lena, starts_at=AT + 24 * HOUR, title="Next day")
    page = words(mentor.get(path(session)))
    assert "2 sessions held" in page
    assert page.count("Introduction , ") == 3
    assert "15:00–15:30 With Lena with Lena 16:00–16:30 This request" in page
    assert "Next day" not in page


def test_it_warns_when_the_time_is_gone(
    mentor: Client, session: Session, maya: Mentor, lena: Person
) -> None:
    make.session(maya, lena, starts_at=AT + HOUR / 4, title="With Lena")
    answer = mentor.get(path(session))
    assert "You have something else at that time" in words(answer)
    assert path(session, "accept") not in answer.content.decode()
    refused = mentor.post(path(session, "accept"))
    assert (refused.status_code, status(session)) == (409, "pending")


def test_it_tells_how_many_would_lose_their_time(
    mentor: Client, session: Session, maya: Mentor, lena: Person
) -> None:
    asked(lena, maya)
    assert "1 other request for this time will be declined" in words(mentor.get(path(session)))


@pytest.mark.parametrize("what", ["answer", "accept", "reject", "propose"])
def test_looking_never_answers(mentor: Client, session: Session, what: str) -> None:
    for _ in range(2):
        answer = mentor.get(path(session, what))
        assert "asks for a session" in words(answer)
    assert status(session) == "pending"


@pytest.mark.parametrize("what", ["answer", "accept"])
def test_the_link_in_a_mail_asks_for_sign_in_first(
    client: Client, session: Session, what: str
) -> None:
    answer = client.get(path(session, what))
    assert answer["Location"] == f"/account/login/?next={path(session, what)}"
    assert client.post(path(session, "accept"))["Location"].startswith("/account/login/")
    assert status(session) == "pending"


def test_only_its_mentor_sees_it(mentee: Client, session: Session, zoe: Person) -> None:
    assert mentee.get(path(session)).status_code == 403
    assert mentee.post(path(session, "accept")).status_code == 403
    stranger = Client()
    stranger.force_login(zoe)
    assert stranger.get(path(session)).status_code == 404
    assert stranger.post(path(session, "accept")).status_code == 404
    assert status(session) == "pending"


def test_yes(mentor: Client, session: Session) -> None:
    answer = mentor.post(path(session, "accept"), follow=True)
    assert "You said yes. The time is in your calendar." in words(answer)
    assert status(session) == "scheduled"


def test_yes_to_a_priced_one_waits_for_the_money(
    mentor: Client, mentee: Client, tom: Person, maya: Mentor
) -> None:
    Mentor.objects.update(one_on_one_price_minor=100_000)
    session = asked(tom, maya)
    mentor.post(path(session, "accept"))
    page = mentee.get(f"/sessions/{session.reference}")
    assert "Not paid yet" in words(page)
    assert links(page, "/payment") == [path(session, "payment")]


def test_no_needs_a_reason_which_the_mentee_reads(
    mentor: Client, mentee: Client, session: Session
) -> None:
    empty = mentor.post(path(session, "reject"), {"reason": " "})
    assert (empty.status_code, status(session)) == (422, "pending")
    assert "Please say why, in a few words." in words(empty)
    mentor.post(path(session, "reject"), {"reason": "Not my field."})
    page = words(mentee.get(f"/sessions/{session.reference}"))
    assert "Maya could not say yes “Not my field.”" in page
    assert status(session) == "rejected"


def test_other_times_can_be_proposed_and_one_picked(
    mentor: Client, mentee: Client, session: Session
) -> None:
    times = {
        "zone": "Asia/Kolkata",
        "date": ["2026-03-07", "", "2026-03-08"],
        "time": ["09:00", "", "10:15"],
    }
    mentor.post(path(session, "propose"), times)
    page = mentee.get(f"/sessions/{session.reference}")
    assert "Maya proposes other times" in words(page)
    first = field(page, "time")
    assert first == "2026-03-07T03:30:00Z"
    assert "You proposed other times" in words(mentor.get(path(session)))
    done = mentee.post(path(session, "pick"), {"time": "2026-03-08T04:45:00Z"}, follow=True)
    assert "Your session is booked" in words(done)
    session.refresh_from_db()
    assert (session.status, session.starts_at.isoformat()) == (
        "scheduled",
        "2026-03-08T04:45:00+00:00",
    )


@pytest.mark.parametrize(
    ("date", "time", "said"),
    [
        ([], [], "Propose one, two or three times."),
        (["2026-03-07"], [""], "Each proposal needs a day and a time."),
        (["2026-03-02"], ["13:00"], "Please choose a time that is more than two hours ahead."),
    ],
)
def test_proposals_that_are_none_are_refused(
    mentor: Client, session: Session, date: list[str], time: list[str], said: str
) -> None:
    form = {"zone": "Asia/Kolkata", "date": date, "time": time}
    answer = mentor.post(path(session, "propose"), form)
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Request.objects.get(session=session).proposed


@pytest.mark.parametrize("time", ["", "2026-03-20T04:45:00Z"])
def test_only_a_proposed_time_can_be_picked(
    mentor: Client, mentee: Client, session: Session, time: str
) -> None:
    form = {"zone": "Asia/Kolkata", "date": ["2026-03-07"], "time": ["09:00"]}
    mentor.post(path(session, "propose"), form)
    answer = mentee.post(path(session, "pick"), {"time": time}, follow=True)
    assert status(session) == "pending"
    assert "Maya proposes another time" in words(answer)


def test_the_page_changes_by_itself_only_when_something_changed(
    mentor: Client, mentee: Client, session: Session, maya: Mentor
) -> None:
    pages = {mentee: f"/sessions/{session.reference}", mentor: path(session)}
    seen = {browser: asks_again(browser.get(address)) for browser, address in pages.items()}
    for browser, polled in seen.items():
        assert browser.get(pages[browser] + polled).status_code == 204
    sessions.cancel(session.reference, by=maya.person, now=NOW)
    answer = mentee.get(pages[mentee] + seen[mentee])
    assert "Cancelled" in words(answer)
    assert asks_again(answer) == ""
    assert mentor.get(pages[mentor] + seen[mentor])["Location"] == pages[mentee]
    led = mentor.get(pages[mentor] + seen[mentor], headers={"HX-Request": "true"})
    assert (led.status_code, led["HX-Redirect"]) == (200, pages[mentee])


def test_who_is_signed_out_meanwhile_is_led_to_sign_in(mentor: Client, session: Session) -> None:
    asks = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{path(session)}"}
    polled = path(session) + asks_again(mentor.get(path(session)))
    mentor.logout()
    answer = mentor.get(polled, headers=asks)
    assert answer["HX-Redirect"] == f"/account/login/?next={path(session)}"
