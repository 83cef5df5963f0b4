"""What is left after a request that came to nothing: other times in one click, other mentors."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from openmentor.booking import requests
from openmentor.booking.models import Request, Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import field, links, words

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


def test_a_lost_time_can_be_replaced_in_one_click(
    mentor: Client, tom: Person, lena: Person, maya: Mentor, introduction: SessionType
) -> None:
    won, lost = (
        requests.propose(
            mentee,
            handle=maya.handle,
            session_type=introduction.reference,
            starts_at=AT,
            now=NOW,
        )
        for mentee in (tom, lena)
    )
    mentor.post(path(won, "accept"))
    browser = Client()
    browser.force_login(lena)
    page = browser.get(f"/sessions/{lost.reference}")
    assert "The time was taken meanwhile" in words(page)
    assert words(page).count("Book Fri 6 Mar") == 3
    for _ in range(2):
        answer = browser.post(path(lost, "instead"), {"time": field(page, "time")}, follow=True)
        assert "Your session is booked" in words(answer)
    assert Session.objects.filter(requested_by=None, status="scheduled").count() == 1


def test_a_length_of_ones_own_is_asked_for_again(
    mentor: Client, tom: Person, lena: Person, maya: Mentor
) -> None:
    won, lost = asked(tom, maya), asked(lena, maya, minutes=50)
    mentor.post(path(won, "accept"))
    browser = Client()
    browser.force_login(lena)
    page = browser.get(f"/sessions/{lost.reference}")
    assert words(page).count("Ask for Fri 6 Mar") == 3
    answer = browser.post(path(lost, "instead"), {"time": field(page, "time")}, follow=True)
    assert "Waiting for Maya" in words(answer)


def test_nobody_else_takes_what_is_left(
    mentor: Client, mentee: Client, tom: Person, lena: Person, maya: Mentor
) -> None:
    won, lost = asked(tom, maya), asked(lena, maya)
    mentor.post(path(won, "accept"))
    time = Request.objects.get(session=lost).alternatives[0]["start"]
    assert mentee.post(path(lost, "instead"), {"time": time}).status_code == 404
    assert mentor.post(path(lost, "instead"), {"time": time}, follow=True).status_code == 200
    assert Session.objects.filter(status="pending").count() == 0


def test_after_no_answer_similar_mentors_are_shown(
    mentee: Client, session: Session, maya: Mentor
) -> None:
    Mentor.objects.update(specialisations=["React"])
    for name, words_ in (("Ann", ["React"]), ("Ben", ["Go"]), ("Cid", ["Rust"])):
        make.mentor(name, specialisations=words_)
    requests.expire_due(now=NOW + 48 * HOUR)
    page = mentee.get(f"/sessions/{session.reference}")
    assert "No answer came in time" in words(page)
    shown = [link for link in links(page, "/mentors/") if not link.endswith("/book")]
    assert [link for link in shown if "maya" not in link][:1] == ["/mentors/ann"]
    assert len({link for link in shown if "maya" not in link}) == 3
