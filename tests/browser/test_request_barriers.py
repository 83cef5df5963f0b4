"""No page about requests has a barrier: axe, both themes, a phone and a desk, thumbs."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from openmentor.base import clock
from openmentor.booking import claims, open_requests, requests
from openmentor.booking.models import OpenRequest, Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.browser.conftest import DESKTOP, PHONE, Reader, Visit

THUMB = 44
"""The least height and width, in pixels, of what can be tapped."""
TARGETS = "main .btn, main td label, main summary, main nav ul a, main select, main input.input"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Scene:
    """Requests of Tom's in every state that looks different."""

    def __init__(self, maya: Mentor, kiri: Mentor, tom: Person) -> None:
        now = clock.now()
        self.maya, self.tom, self.now = maya, tom, now
        self.at = (now + 5 * DAY).replace(minute=0, second=0, microsecond=0)
        Person.objects.filter(pk=tom.pk).update(goals="Lead **a team**.")
        make.session(maya, tom, starts_at=now - 9 * DAY, status=Session.Status.COMPLETED)
        make.session(maya, make.person("Ann"), starts_at=self.at + 2 * HOUR)
        other = make.mentor("Ben", specialisations=["React"])
        Mentor.objects.update(specialisations=["React"])
        self.expired = self.asked(other, self.at)
        requests.expire_due(now=now + 48 * HOUR)
        self.pending = self.asked(maya, self.at)
        self.proposed = self.asked(maya, self.at + DAY)
        times = [self.at + 2 * DAY, self.at + 3 * DAY]
        requests.suggest(self.proposed.reference, by=maya.person, times=times, now=now)
        self.lost = self.asked(kiri, self.at)
        won = self.asked(kiri, self.at, make.person("Cid"))
        requests.accept(won.reference, by=kiri.person, now=now)
        self.open = self.posted("A slow query")
        self.claimed = self.posted("A slow page")
        claims.claim(self.claimed.reference, by=maya.person, now=now)
        self.scheduled = self.posted("A slow day")
        claims.claim(self.scheduled.reference, by=maya.person, now=now)
        at = self.at + 8 * HOUR
        claims.schedule(self.scheduled.reference, by=maya.person, starts_at=at, now=now)
        self.cancelled = self.posted("Nothing")
        open_requests.cancel(self.cancelled.reference, by=tom, now=now)

    def asked(self, mentor: Mentor, at: object, mentee: Person | None = None) -> Session:
        return requests.propose(
            mentee or self.tom,
            handle=mentor.handle,
            minutes=45,
            starts_at=at,  # type: ignore[arg-type]
            message="May I ask **you**?",
            now=self.now,
        )

    def posted(self, title: str) -> OpenRequest:
        return open_requests.post(
            self.tom,
            kind="technical_help",
            title=title,
            description="It was *fast* yesterday.",
            duration_minutes=30,
            windows=[(self.at + 8 * HOUR, self.at + 11 * HOUR), (self.at + DAY, self.at + 2 * DAY)],
            urgency="high",
            tags=["SQL", "PostgreSQL"],
            language="Hindi",
            now=self.now,
        )

    def mentees(self) -> list[str]:
        asked = (self.pending, self.proposed, self.lost, self.expired)
        mine = (self.open, self.claimed, self.scheduled, self.cancelled)
        return [
            "/mentors/maya-rao/request",
            "/requests",
            "/requests?tab=past",
            "/requests/new",
            *(f"/sessions/{each.reference}" for each in asked),
            f"/sessions/{self.pending.reference}/confirmation",
            f"/sessions/{self.pending.reference}/cancel",
            *(f"/requests/{each.reference}" for each in mine),
            f"/requests/{self.open.reference}/edit",
            f"/requests/{self.claimed.reference}/cancel",
        ]

    def mentors(self) -> list[str]:
        return [
            "/mentor",
            "/mentor/availability",
            "/mentor/availability/open-requests",
            "/my-sessions?as=mentor&tab=unconfirmed",
            f"/sessions/{self.pending.reference}",
            f"/sessions/{self.pending.reference}/answer",
            f"/sessions/{self.proposed.reference}/answer",
            "/board",
            "/board?kind=other&tag=sql&fits=yes",
            *(f"/board/{each.reference}" for each in (self.open, self.claimed, self.scheduled)),
        ]


@pytest.fixture
def scene(maya: Mentor, kiri: Mentor, tom: Person) -> Scene:
    return Scene(maya, kiri, tom)


def both(visit: Visit, scene: Scene, look: Callable[[Reader], None], **window: object) -> None:
    for person, pages in ((scene.tom, scene.mentees()), (scene.maya.person, scene.mentors())):
        reader = visit(as_=person, **window)
        for page in pages:
            reader.goes_to(page)
            for details in reader.page.locator("main details:not([data-menu])").all():
                details.evaluate("e => { e.open = true }")
            look(reader)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_page_has_a_barrier(visit: Visit, scene: Scene, theme: str, width: int) -> None:
    both(visit, scene, Reader.finds_no_barrier, theme=theme, width=width)


def test_everything_can_be_tapped_with_a_thumb(visit: Visit, scene: Scene) -> None:
    def look(reader: Reader) -> None:
        small = reader.page.eval_on_selector_all(
            TARGETS,
            "(all, least) => all.filter(e => e.checkVisibility()"
            " && !e.classList.contains('sr-only')"
            " && (e.offsetHeight < least || e.offsetWidth < least)).map(e => e.outerHTML)",
            THUMB,
        )
        assert small == [], reader.path

    both(visit, scene, look, width=PHONE)


def test_each_page_says_what_it_is(visit: Visit, scene: Scene) -> None:
    def look(reader: Reader) -> None:
        assert reader.page.locator("h1").count() == 1, reader.path
        assert reader.page.title().strip(" ·") != "OpenMentor", reader.path

    both(visit, scene, look)
