"""No page of a mentee has a barrier: axe, both themes, a phone and a desk, targets for thumbs."""

from datetime import timedelta

import pytest

from openmentor.base import clock
from openmentor.booking import openings
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.browser.conftest import DESKTOP, PHONE, Visit

THUMB = 44
"""The least height, in pixels, of what can be tapped."""
TARGETS = "main .btn, main td a, main #times a, main nav ul a, main select, main input[type=search]"


@pytest.fixture
def pages(maya: Mentor, kiri: Mentor, tom: Person) -> list[str]:
    """The address of every page, in every state that looks different."""
    now = clock.now()
    Mentor.objects.filter(pk=maya.pk).update(
        headline="I help engineers design systems that stay simple",
        job_title="Staff Engineer",
        bio="I have spent **fourteen years** on this.\n\n- one\n- two",
        specialisations=["System design", "React", "Careers", "Hindi"],
        languages=["English", "Hindi"],
    )
    Mentor.objects.filter(pk=kiri.pk).update(paused_at=now)
    paid = make.session_type(maya, title="Mock interview", minutes=45, price=150_000)
    free = maya.session_types.exclude(pk=paid.pk).get()
    times = openings.to_book(maya.pk, minutes=30, now=now)
    at, other = times.next(40)[-1], times.next(1)[0]
    session = make.booked(maya, tom, starts_at=at, now=now)
    was = make.session(
        maya, tom, starts_at=now - timedelta(minutes=50), status=Session.Status.COMPLETED
    )
    gone = make.session(
        kiri, tom, starts_at=now + timedelta(days=9), status=Session.Status.CANCELLED
    )
    book, here = "/mentors/maya-rao/book", f"/sessions/{session.reference}"
    stamps = [each.strftime("%Y-%m-%dT%H:%M:%SZ") for each in (other, at)]
    return [
        "/",
        "/mentors",
        "/mentors?q=nobody&free=yes&language=Hindi",
        "/mentors/maya-rao",
        "/mentors/kiri-tamahori",
        book,
        f"{book}?type={free.reference}",
        f"{book}?type={free.reference}&date={at:%Y-%m-%d}",
        f"{book}?type={free.reference}&time={stamps[0]}",
        f"{book}?type={free.reference}&time={stamps[1]}",
        f"{book}?type={paid.reference}&time={stamps[0]}",
        "/my-sessions",
        "/my-sessions?tab=all",
        "/my-sessions?tab=unconfirmed",
        here,
        f"{here}/confirmation",
        f"{here}/cancel",
        f"{here}/reschedule",
        f"{here}/reschedule?time={stamps[0]}",
        f"{here}/reschedule?time={stamps[1]}",
        f"{here}/complete",
        f"/sessions/{was.reference}",
        f"/sessions/{was.reference}/no-show",
        f"/sessions/{gone.reference}",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_page_has_a_barrier(
    visit: Visit, pages: list[str], tom: Person, theme: str, width: int
) -> None:
    toms = visit(as_=tom, theme=theme, width=width)
    for page in pages:
        toms.goes_to(page)
        toms.finds_no_barrier()


def test_a_stranger_meets_no_barrier_either(visit: Visit, pages: list[str]) -> None:
    somebody = visit(width=PHONE)
    for page in pages[:11]:
        somebody.goes_to(page)
        somebody.finds_no_barrier()


def test_everything_can_be_tapped_with_a_thumb(visit: Visit, pages: list[str], tom: Person) -> None:
    toms = visit(as_=tom, width=PHONE)
    for page in pages:
        toms.goes_to(page)
        small = toms.page.eval_on_selector_all(
            TARGETS,
            "(all, least) => all.filter(e => e.checkVisibility()"
            " && (e.offsetHeight < least || e.offsetWidth < least)).map(e => e.outerHTML)",
            THUMB,
        )
        assert small == [], page


def test_each_page_says_what_it_is(visit: Visit, pages: list[str], tom: Person) -> None:
    toms = visit(as_=tom)
    for page in pages:
        toms.goes_to(page)
        assert toms.page.locator("h1").count() == 1, page
        assert toms.page.title().strip(" ·") != "OpenMentor", page
