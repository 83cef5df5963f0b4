"""`/requests`: a mentee posts what they need, changes it and takes it back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from openmentor.booking import claims, needs, open_requests, requests
from openmentor.booking.models import OpenRequest
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests.cast import NOW
from tests.web.reading import asks_again, field, links, words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FROM = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
FORM = {
    "kind": "interview_prep",
    "title": "A mock interview",
    "description": "For a senior role.",
    "duration": "60",
    "format": "video",
    "urgency": "high",
    "tags": "React, System design",
    "language": "Hindi",
    "zone": "Europe/London",
    "key": "once",
    "do": "save",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(tom: Person, client: Client) -> Client:
    client.force_login(tom)
    return client


def sent(browser: Client, at: str = "/requests/new", **form: Any) -> Any:
    return browser.post(at, {**FORM, **form})


def posted(mentee: Person, **need: Any) -> OpenRequest:
    facts = {
        "kind": "other",
        "title": "Something",
        "duration_minutes": 30,
        "windows": [(FROM, FROM + 2 * HOUR)],
    }
    return open_requests.post(mentee, now=NOW, **(facts | need))  # type: ignore[arg-type]


def ticked(answer: Any) -> list[str]:
    """The hours that the form shows as ticked."""
    html = answer.content.decode()
    labels = [part.partition("<span")[0] for part in html.split('name="cell" value="')[1:]]
    return [label[:13] for label in labels if " checked" in label]


def test_hours_that_touch_are_one_window(browser: Client) -> None:
    cells = ["2026-03-04T09", "2026-03-04T10", "2026-03-05T14"]
    answer = sent(browser, cell=cells)
    request = OpenRequest.objects.get()
    assert answer["Location"] == f"/requests/{request.reference}"
    day = FROM + 29 * HOUR
    assert needs.windows_of(request) == [(FROM, FROM + 2 * HOUR), (day, day + HOUR)]
    assert (request.tags, request.language) == (["React", "System design"], "Hindi")
    page = words(browser.get(answer["Location"]))
    assert "A mock interview" in page
    assert "Mentors can claim it now" in page
    assert "Wednesday 4 March 2026 09:00–11:00 Europe/London (GMT)" in page


def test_exact_times_are_kept_to_the_minute_and_may_pass_midnight(browser: Client) -> None:
    row: Any = {"date": ["2026-03-04", ""], "from": ["22:35", ""], "to": ["00:05", ""]}
    sent(browser, **row)
    start = datetime(2026, 3, 4, 22, 35, tzinfo=UTC)
    assert needs.windows_of(OpenRequest.objects.get()) == [(start, start + 1.5 * HOUR)]


def test_the_clock_that_the_form_was_filled_in_by_counts(browser: Client) -> None:
    row: Any = {"date": ["2026-03-06"], "from": ["09:00"], "to": ["10:00"]}
    sent(browser, zone="Pacific/Chatham", cell=["2026-03-05T09"], **row)
    start = datetime(2026, 3, 4, 19, 15, tzinfo=UTC)
    day = 24 * HOUR
    assert needs.windows_of(OpenRequest.objects.get()) == [
        (start, start + HOUR),
        (start + day, start + day + HOUR),
    ]


def test_sent_twice_it_is_posted_once(browser: Client) -> None:
    answers = [sent(browser, cell=["2026-03-04T09"])["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert OpenRequest.objects.count() == 1


def test_what_is_wrong_is_said_and_all_that_was_typed_stays(browser: Client) -> None:
    row: Any = {"date": ["2026-03-04"], "from": ["09:00"], "to": ["09:30"]}
    answer = sent(browser, kind="", title="", cell=["2026-03-05T14"], **row)
    assert answer.status_code == 422
    page = words(answer)
    assert "Say in a few words what it is about." in page
    assert "Each time must be at least 60 minutes long." in page
    assert ticked(answer) == ["2026-03-05T14"]
    assert [field(answer, name) for name in ("tags", "from", "to")] == [
        "React, System design",
        "09:00",
        "09:30",
    ]
    assert not OpenRequest.objects.exists()


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({}, "Offer at least one time"),
        ({"date": ["soon"], "from": ["09:00"], "to": ["10:00"]}, "Choose a day and two"),
        ({"date": ["2026-03-04"], "from": ["09:00"], "to": ["09:00"]}, "two different times"),
        ({"date": ["2026-03-01"], "from": ["09:00"], "to": ["11:00"]}, "This time is over."),
    ],
)
def test_times_that_are_none_are_refused(browser: Client, times: Any, said: str) -> None:
    answer = sent(browser, **times)
    assert answer.status_code == 422
    assert said in words(answer)


def test_the_week_is_turned_without_losing_anything(browser: Client) -> None:
    first = sent(browser, do="show-2026-03-09", cell=["2026-03-04T09"], title="Typed")
    assert first.status_code == 200
    assert "Monday 9 March – Sunday 15 March" in words(first)
    assert field(first, "title") == "Typed"
    assert '<input type="hidden" name="cell" value="2026-03-04T09">' in first.content.decode()
    assert not OpenRequest.objects.exists()
    back = sent(browser, do="show-2026-03-02", cell=["2026-03-04T09"], first="2026-03-09")
    assert ticked(back) == ["2026-03-04T09"]


def test_only_the_times_are_sent_to_htmx(browser: Client) -> None:
    form = FORM | {"do": "row"}
    part = browser.post("/requests/new", form, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<div id="windows"')
    assert part.content.decode().count('name="from"') == 2


def test_a_request_is_changed(browser: Client, tom: Person) -> None:
    request = posted(tom, windows=[(FROM, FROM + 2 * HOUR), (FROM + 24.5 * HOUR, FROM + 26 * HOUR)])
    path = f"/requests/{request.reference}/edit"
    form = browser.get(path)
    assert ticked(form) == ["2026-03-04T09", "2026-03-04T10"]
    kept = field(form, "kept")
    assert kept == "2026-03-05T09:30:00Z/2026-03-05T11:00:00Z"
    sent(browser, path, cell=["2026-03-04T10"], kept=[kept])
    request.refresh_from_db()
    assert request.title == "A mock interview"
    assert needs.windows_of(request) == [
        (FROM + HOUR, FROM + 2 * HOUR),
        (FROM + 24.5 * HOUR, FROM + 26 * HOUR),
    ]


def test_a_window_in_the_hour_that_comes_twice_survives_a_change(
    browser: Client, tom: Person, clock: time_machine.Traveller
) -> None:
    second = datetime(
        2026, 10, 25, 1, 0, tzinfo=UTC
    )  # Half past one in London for the second time.
    window = (second + HOUR / 2, second + 1.5 * HOUR)
    request = posted(tom, windows=[window])
    path = f"/requests/{request.reference}/edit"
    sent(browser, path, duration="30", kept=[field(browser.get(path), "kept")])
    assert needs.windows_of(request) == [window]


def test_what_is_claimed_can_no_longer_be_changed(
    browser: Client, tom: Person, maya: Mentor
) -> None:
    request = posted(tom)
    claims.claim(request.reference, by=maya.person, now=NOW)
    path = f"/requests/{request.reference}"
    assert browser.get(f"{path}/edit").status_code == 409
    assert sent(browser, f"{path}/edit", cell=["2026-03-04T09"]).status_code == 409
    page = browser.get(path)
    assert "Maya Rao has claimed it" in words(page)
    assert links(page, "/edit") == []


def test_it_is_taken_back(browser: Client, tom: Person, maya: Mentor) -> None:
    request = posted(tom)
    claims.claim(request.reference, by=maya.person, now=NOW)
    path = f"/requests/{request.reference}"
    asked = words(browser.get(f"{path}/cancel"))
    assert "Maya, who has claimed it, is told, with your reason." in asked
    page = words(browser.post(f"{path}/cancel", {"reason": "Found one"}, follow=True))
    assert "You took it back" in page
    assert "You took it back “Found one”" in page
    again = browser.post(f"{path}/cancel", {})
    assert again.status_code == 409
    assert "This request is cancelled already." in words(again)


def test_an_expired_one_can_be_posted_again(browser: Client, tom: Person) -> None:
    request = posted(tom, title="Still open?")
    open_requests.expire_due(now=FROM + 2 * HOUR)
    page = browser.get(f"/requests/{request.reference}")
    assert "Nobody took it in time" in words(page)
    [again] = links(page, "again=")
    assert field(browser.get(again), "title") == "Still open?"


def test_the_list_has_what_goes_on_and_what_is_over(
    browser: Client, tom: Person, maya: Mentor
) -> None:
    posted(tom, title="Going on")
    over = posted(tom, title="Long over")
    open_requests.cancel(over.reference, by=tom, now=NOW)
    requests.propose(tom, handle=maya.handle, starts_at=FROM, minutes=30, now=NOW)
    now, past = words(browser.get("/requests")), words(browser.get("/requests?tab=past"))
    assert ("Going on" in now, "Long over" in now) == (True, False)
    assert "Maya answers by Wed 4 Mar, 06:30 GMT" in now
    assert ("Long over" in past, "Maya" in past) == (True, False)


def test_nobody_elses_request_can_be_seen_or_touched(
    client: Client, tom: Person, zoe: Person, maya: Mentor
) -> None:
    path = f"/requests/{posted(tom).reference}"
    client.force_login(zoe)
    for address in (path, f"{path}/edit", f"{path}/cancel"):
        assert client.get(address).status_code == 404
        assert client.post(address, FORM | {"cell": "2026-03-04T09"}).status_code in {404, 405}
    client.force_login(maya.person)
    assert client.get(path)["Location"] == path.replace("requests", "board")
    assert client.get(f"{path}/cancel").status_code == 404


def test_the_page_follows_the_mentor(browser: Client, tom: Person, maya: Mentor) -> None:
    request = posted(tom)
    path = f"/requests/{request.reference}"
    polled = path + asks_again(browser.get(path))
    assert browser.get(polled).status_code == 204
    claims.claim(request.reference, by=maya.person, now=NOW)
    assert "Maya Rao has claimed it" in words(browser.get(polled))
