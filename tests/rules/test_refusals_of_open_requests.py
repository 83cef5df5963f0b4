"""Who may not do what to an open request in which state: one table, through every door.

Read a line as: this actor, doing that, is refused so in each state; `-` is allowed. Maya is the
mentor who claimed it, wherever somebody has; `late` is a claim that ran out, `over` a request
whose windows are past, before the clock has taken notice of either.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from openmentor.base.errors import Refusal
from openmentor.booking import claims, open_requests, sessions
from openmentor.booking.models import OpenRequest
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import rows
from tests.api.client import Api, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FROM = NOW + 100 * HOUR
UNTIL = FROM + 2 * HOUR

TABLE = """
                open         over         claimed         late            scheduled       completed       cancelled     expired
edit     tom    -            -            not_possible    not_possible    not_possible    not_possible    not_possible  not_possible
edit     maya   not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_found
edit     kiri   not_allowed  not_allowed  not_found       not_found       not_found       not_found       not_found     not_found
edit     zoe    not_found    not_found    not_found       not_found       not_found       not_found       not_found     not_found
edit     staff  not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_allowed
cancel   tom    -            -            -               -               not_possible    not_possible    not_possible  not_possible
cancel   maya   not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_found
cancel   kiri   not_allowed  not_allowed  not_found       not_found       not_found       not_found       not_found     not_found
cancel   zoe    not_found    not_found    not_found       not_found       not_found       not_found       not_found     not_found
cancel   staff  -            -            -               -               not_possible    not_possible    not_possible  not_possible
claim    tom    not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_allowed
claim    maya   -            too_late     -               -               not_possible    not_possible    not_possible  not_possible
claim    kiri   -            too_late     already_claimed already_claimed already_claimed already_claimed not_possible  not_possible
claim    zoe    not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_allowed
claim    staff  not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_allowed
release  tom    not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_allowed
release  maya   not_allowed  not_allowed  -               -               not_possible    not_possible    not_possible  not_found
release  kiri   not_allowed  not_allowed  not_found       not_found       not_found       not_found       not_found     not_found
release  zoe    not_found    not_found    not_found       not_found       not_found       not_found       not_found     not_found
release  staff  not_possible not_possible -               -               not_possible    not_possible    not_possible  not_possible
schedule tom    not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_allowed
schedule maya   not_allowed  not_allowed  -               too_late        not_possible    not_possible    not_possible  not_found
schedule kiri   not_allowed  not_allowed  not_found       not_found       not_found       not_found       not_found     not_found
schedule zoe    not_found    not_found    not_found       not_found       not_found       not_found       not_found     not_found
schedule staff  not_allowed  not_allowed  not_allowed     not_allowed     not_allowed     not_allowed     not_allowed   not_allowed
"""  # noqa: E501 - a table is read by its columns


def cases() -> Iterator[tuple[str, str, str, str]]:
    states, *lines = (line.split() for line in TABLE.strip().splitlines())
    for action, who, *codes in lines:
        for state, code in zip(states, codes, strict=True):
            yield action, who, state, code


REFUSED = [case for case in cases() if case[3] != "-"]
ALLOWED = [case[:3] for case in cases() if case[3] == "-"]
every_refusal = pytest.mark.parametrize(("action", "who", "state", "code"), REFUSED)


class Stage:
    """An open request of Tom's in some state, and everybody who might touch it."""

    def __init__(self, state: str, actors: dict[str, Person]) -> None:
        self.actors, self.now = actors, NOW
        tom, maya = actors["tom"], actors["maya"]
        self.request = open_requests.post(
            tom, kind="other", title="Help", duration_minutes=30, windows=[(FROM, UNTIL)], now=NOW
        )
        self.reference = self.request.reference
        if state in {"claimed", "late", "scheduled", "completed", "cancelled"}:
            claims.claim(self.reference, by=maya, now=NOW)
        if state in {"scheduled", "completed"}:
            claims.schedule(self.reference, by=maya, starts_at=FROM, now=NOW)
        if state == "late":
            self.now = NOW + 48 * HOUR
        elif state == "completed":
            sessions.complete_overdue(now=UNTIL)
        elif state == "cancelled":
            open_requests.cancel(self.reference, by=tom, now=NOW)
        elif state in {"over", "expired"}:
            self.now = UNTIL
            if state == "expired":
                open_requests.expire_due(now=UNTIL)

    def act(self, action: str, who: str) -> OpenRequest:
        verbs: dict[str, Callable[..., OpenRequest]] = {
            "edit": open_requests.edit,
            "cancel": open_requests.cancel,
            "claim": claims.claim,
            "release": claims.release,
            "schedule": claims.schedule,
        }
        facts: dict[str, dict[str, Any]] = {
            "edit": {"title": "Other"},
            "schedule": {"starts_at": FROM},
        }
        verb, more = verbs[action], facts.get(action, {})
        return verb(self.reference, by=self.actors[who], now=self.now, **more)

    def call(self, action: str, who: str) -> Any:
        path = f"/mini-mentorship/requests/{self.reference}"
        api = Api(self.actors[who])
        if action == "edit":
            return api.patch(path, {"title": "Other"})
        body = {"scheduledAt": FROM.isoformat()} if action == "schedule" else None
        return api.post(f"{path}/{action}", body)

    def send(self, action: str, who: str) -> Any:
        room = "requests" if action in {"edit", "cancel"} else "board"
        form = {"title": "Other", "kind": "other", "duration": "30", "time": f"{FROM:%FT%TZ}"}
        more = {"format": "video", "urgency": "low", "cell": f"{FROM:%Y-%m-%dT%H}", "zone": "UTC"}
        browser = Client()
        browser.force_login(self.actors[who])
        return browser.post(f"/{room}/{self.reference}/{action}", form | more)


@pytest.fixture
def actors(
    tom: Person, maya: Mentor, kiri: Mentor, zoe: Person, staff: Person
) -> dict[str, Person]:
    return {
        "tom": tom,
        "maya": maya.person,
        "kiri": kiri.person,
        "zoe": zoe,
        "staff": staff,
    }


def everything() -> rows.Rows:
    return rows.of("booking", "payments")


@pytest.mark.parametrize(("action", "who", "state"), ALLOWED)
def test_what_is_allowed_works(
    actors: dict[str, Person], action: str, who: str, state: str
) -> None:
    stage = Stage(state, actors)
    before = everything()
    stage.act(action, who)
    again = action == "claim" and state in {"claimed", "late"}
    assert (everything() == before) == again


@every_refusal
def test_the_verb_refuses(
    actors: dict[str, Person], action: str, who: str, state: str, code: str
) -> None:
    stage = Stage(state, actors)
    before = everything()
    with pytest.raises(Refusal) as refused:
        stage.act(action, who)
    assert refused.value.code == code
    assert everything() == before


@every_refusal
def test_the_doors_refuse(
    actors: dict[str, Person], action: str, who: str, state: str, code: str
) -> None:
    stage = Stage(state, actors)
    with time_machine.travel(stage.now, tick=False):
        before = everything()
        status, said = problem(stage.call(action, who))
        assert said == code
        # A page that is not somebody's to see says no more than that.
        assert stage.send(action, who).status_code in {status, 403, 404}
        assert everything() == before
