"""Group sessions in a real browser: no barriers, no scripts needed, by keyboard alone."""

from datetime import timedelta
from typing import Any

import pytest

from openmentor.base import clock
from openmentor.booking import announcements, joining
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.browser.conftest import DESKTOP, PHONE, Visit

FORM = {
    "title": "Reading code",
    "capacity": "3",
    "price": "500",
    "duration_minutes": "60",
    "time": "18:00",
}


@pytest.fixture
def sessions(maya: Mentor, tom: Person, lena: Person) -> dict[str, Session]:
    """One to join, one that is full, one with a place, one that Tom waits for."""
    soon = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    words: dict[str, Any] = {"description": "We read **code**.", "tags": ["Rust", "Careers"]}
    made = {
        name: make.group(maya, starts_at=soon + timedelta(days=day), capacity=capacity, **words)
        for day, (name, capacity) in enumerate(
            {"open": 5, "full": 1, "joined": 4, "offered": 1}.items()
        )
    }
    now = clock.now()
    for name in ("full", "offered"):
        joining.join(made[name].reference, by=lena, now=now)
    joining.join(made["joined"].reference, by=tom, now=now)
    joining.wait(made["offered"].reference, by=tom, now=now)
    joining.leave(made["offered"].reference, by=lena, now=now)
    announcements.send(made["joined"].reference, text="Bring paper.", by=maya.person, now=now)
    return made


def of_mentees(sessions: dict[str, Session]) -> list[str]:
    pages = [f"/group-sessions/{session.reference}" for session in sessions.values()]
    joined = f"/group-sessions/{sessions['joined'].reference}"
    return ["/group-sessions", "/group-sessions?q=nothing&free=yes", *pages, f"{joined}/leave"]


def of_hosts(sessions: dict[str, Session]) -> list[str]:
    joined, house = sessions["joined"].reference, "/mentor/group-sessions"
    page = f"/group-sessions/{joined}"
    return [
        house,
        f"{house}?tab=over",
        f"{house}/new",
        f"{house}/{joined}",
        page,
        f"{page}/participants",
        f"{page}/cancel",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_page_has_a_barrier(
    *,
    visit: Visit,
    sessions: dict[str, Session],
    maya: Mentor,
    tom: Person,
    theme: str,
    width: int,
) -> None:
    for person, pages in ((tom, of_mentees(sessions)), (maya.person, of_hosts(sessions))):
        reader = visit(as_=person, theme=theme, width=width)
        for page in pages:
            reader.goes_to(page)
            reader.finds_no_barrier()
            assert reader.page.locator("h1").count() == 1, page


def test_a_session_is_planned_and_joined_by_keyboard_alone(
    visit: Visit, maya: Mentor, tom: Person
) -> None:
    host = visit(as_=maya.person, width=PHONE)
    host.goes_to("/mentor/group-sessions/new")
    day = (clock.now() + timedelta(days=6)).date().isoformat()
    for name, value in (FORM | {"date": day}).items():
        host.page.fill(f"[name={name}]", value)
    host.tabs_to("Preview")
    host.page.keyboard.press("Enter")
    host.page.wait_for_selector("text=This is how it will look")
    host.tabs_to("Create it")
    host.page.keyboard.press("Enter")
    host.page.wait_for_selector("h1:has-text('Reading code')")
    toms = visit(as_=tom, width=PHONE)
    toms.goes_to(host.path)
    toms.tabs_to("Join for")
    toms.page.keyboard.press("Enter")
    toms.page.wait_for_url("**/payment")


def test_joining_and_leaving_need_no_scripts(
    visit: Visit, sessions: dict[str, Session], tom: Person
) -> None:
    toms = visit(as_=tom, width=PHONE, javascript=False)
    toms.goes_to(f"/group-sessions/{sessions['open'].reference}")
    toms.page.click("text=Join for free")
    toms.page.click("text=Leave this session")
    toms.page.click("button:has-text('Leave the session')")
    toms.page.wait_for_selector("text=You have left")
    toms.goes_to(f"/group-sessions/{sessions['full'].reference}")
    toms.page.click("text=Join the waiting list")
    toms.page.wait_for_selector("text=You are number 1 in line")
