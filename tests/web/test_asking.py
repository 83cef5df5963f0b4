"""`/mentors/<handle>/request`: a mentee proposes a time of their own."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.web.reading import field, links, words

pytestmark = pytest.mark.django_db
SATURDAY = {"date": "2026-03-07", "time": "20:30", "zone": "Europe/London", "message": "May I?"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(tom: Person, client: Client) -> Client:
    client.force_login(tom)
    return client


def sent(browser: Client, mentor: Mentor, **form: str) -> Any:
    path = f"/mentors/{mentor.handle}/request"
    typed = SATURDAY | {"what": "45", "key": "once"} | form
    return browser.post(path, typed)


def test_the_profile_and_the_free_times_lead_to_it(
    browser: Client, maya: Mentor, introduction: SessionType
) -> None:
    path = f"/mentors/{maya.handle}"
    assert links(browser.get(path), "/request") == [f"{path}/request"]
    times = browser.get(f"{path}/book?type={introduction.reference}")
    assert links(times, "/request") == [f"{path}/request?what={introduction.reference}"]


def test_the_form_says_prices_and_whose_clock_counts(browser: Client, maya: Mentor) -> None:
    Mentor.objects.update(one_on_one_price_minor=100_000)
    page = words(browser.get(f"/mentors/{maya.handle}/request"))
    assert "Introduction, 30 minutes, free" in page
    assert "Open topic, 45 minutes, ₹750.00" in page
    assert "On the clock in Europe/London" in page
    assert "In Asia/Kolkata, where Maya is, it is 12:00 now" in page


def test_a_visitor_reads_it_and_is_asked_to_sign_in(client: Client, maya: Mentor) -> None:
    path = f"/mentors/{maya.handle}/request"
    assert links(client.get(path), "login") == [f"/account/login/?next={path}"]
    assert client.post(path, SATURDAY)["Location"].startswith("/account/login/")


def test_what_is_sent_becomes_a_request_and_is_shown(browser: Client, maya: Mentor) -> None:
    answer = sent(browser, maya)
    session = Session.objects.get()
    assert answer["Location"] == f"/sessions/{session.reference}/confirmation"
    assert session.starts_at.isoformat() == "2026-03-07T20:30:00+00:00"
    page = words(browser.get(answer["Location"]))
    assert "Waiting for Maya" in page
    assert "Maya has until Wed 4 Mar, 06:30 GMT to answer" in page
    assert "02:00–02:45, next day , for Maya in Asia/Kolkata" in page


def test_the_clock_that_the_form_was_filled_in_by_counts(browser: Client, maya: Mentor) -> None:
    sent(browser, maya, zone="Pacific/Chatham")
    assert Session.objects.get().starts_at.isoformat() == "2026-03-07T06:45:00+00:00"


def test_sent_twice_it_is_one_request(browser: Client, maya: Mentor) -> None:
    assert sent(browser, maya)["Location"] == sent(browser, maya)["Location"]
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"date": ""}, "Please choose a date."),
        ({"time": "late"}, "Please choose a time."),
        ({"what": "7"}, "Choose 15 to 480 minutes, or a session type."),
        ({"what": "TYPE-00000000"}, "This mentor does not offer that session type."),
        ({"message": "x" * 2001}, "Use at most 2000 characters; this has 2001."),
        ({"date": "2026-03-02", "time": "08:30"}, "more than two hours ahead"),
        ({"date": "2028-03-02"}, "further ahead than this mentor takes bookings"),
    ],
)
def test_what_cannot_be_asked_is_said_and_all_that_was_typed_stays(
    browser: Client, maya: Mentor, form: dict[str, str], said: str
) -> None:
    answer = sent(browser, maya, **form)
    assert answer.status_code in {409, 422}
    assert said in words(answer)
    assert field(answer, "time") == form.get("time", "20:30")
    assert not Session.objects.exists()


def test_a_taken_time_offers_the_nearest_free_ones(
    browser: Client, maya: Mentor, lena: Person, introduction: SessionType
) -> None:
    make.booked(maya, lena, starts_at=NOW.replace(day=4, hour=4), now=NOW)
    form = {"what": introduction.reference, "date": "2026-03-04", "time": "04:30"}
    answer = sent(browser, maya, **form)
    assert answer.status_code == 409
    assert "That time has just been taken." in words(answer)
    assert len(links(answer, f"/book?type={introduction.reference}&time=2026-03-04")) == 3
