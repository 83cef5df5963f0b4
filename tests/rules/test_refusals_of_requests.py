"""Who may not do what to a request in which state: one table, through every door.

Read a line as: this actor, doing that, is refused so in each state; `-` is allowed.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from openmentor.base.errors import Refusal
from openmentor.booking import requests, sessions
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import rows
from tests.api.client import Api, problem
from tests.cast import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AT = NOW + 100 * HOUR
OTHER = AT + 24 * HOUR

TABLE = """
                pending      proposed     late      accepted      rejected      withdrawn     expired
accept  mentee  not_allowed  not_allowed  too_late  not_possible  not_possible  not_possible  not_possible
accept  mentor  -            -            too_late  not_possible  not_possible  not_possible  not_possible
accept  other   not_found    not_found    not_found not_found     not_found     not_found     not_found
accept  nobody  not_found    not_found    not_found not_found     not_found     not_found     not_found
accept  staff   not_allowed  not_allowed  too_late  not_possible  not_possible  not_possible  not_possible
reject  mentee  not_allowed  not_allowed  too_late  not_possible  not_possible  not_possible  not_possible
reject  mentor  -            -            too_late  not_possible  not_possible  not_possible  not_possible
reject  other   not_found    not_found    not_found not_found     not_found     not_found     not_found
reject  staff   not_allowed  not_allowed  too_late  not_possible  not_possible  not_possible  not_possible
propose mentee  not_allowed  not_allowed  too_late  not_possible  not_possible  not_possible  not_possible
propose mentor  -            -            too_late  not_possible  not_possible  not_possible  not_possible
propose other   not_found    not_found    not_found not_found     not_found     not_found     not_found
propose staff   not_allowed  not_allowed  too_late  not_possible  not_possible  not_possible  not_possible
pick    mentee  not_possible -            too_late  not_possible  not_possible  not_possible  not_possible
pick    mentor  not_allowed  not_allowed  too_late  not_possible  not_possible  not_possible  not_possible
pick    other   not_found    not_found    not_found not_found     not_found     not_found     not_found
pick    staff   not_allowed  not_allowed  too_late  not_possible  not_possible  not_possible  not_possible
cancel  mentee  -            -            -         -             not_possible  not_possible  not_possible
cancel  mentor  -            -            -         -             not_possible  not_possible  not_possible
cancel  other   not_found    not_found    not_found not_found     not_found     not_found     not_found
cancel  nobody  not_found    not_found    not_found not_found     not_found     not_found     not_found
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
    """A request of Tom's to Maya in some state, and everybody who might touch it."""

    def __init__(self, state: str, actors: dict[str, Person]) -> None:
        self.actors = actors
        tom, maya = actors["mentee"], actors["mentor"].mentor
        self.session = requests.propose(tom, handle=maya.handle, starts_at=AT, minutes=30, now=NOW)
        self.now = NOW
        reference, by = self.session.reference, maya.person
        self.reference = reference
        if state == "proposed":
            requests.suggest(reference, by=by, times=[OTHER], now=NOW)
        elif state == "accepted":
            requests.accept(reference, by=by, now=NOW)
        elif state == "rejected":
            requests.reject(reference, by=by, reason="No", now=NOW)
        elif state == "withdrawn":
            sessions.cancel(reference, by=tom, now=NOW)
        elif state in {"late", "expired"}:
            self.now = NOW + 48 * HOUR
            if state == "expired":
                requests.expire_due(now=self.now)

    def act(self, action: str, who: str) -> Session:
        verbs: dict[str, Callable[..., Session]] = {
            "accept": requests.accept,
            "reject": requests.reject,
            "propose": requests.suggest,
            "pick": requests.pick,
            "cancel": sessions.cancel,
        }
        facts: dict[str, dict[str, Any]] = {
            "reject": {"reason": "No"},
            "propose": {"times": [OTHER]},
            "pick": {"starts_at": OTHER},
        }
        verb, more = verbs[action], facts.get(action, {})
        return verb(self.reference, by=self.actors[who], now=self.now, **more)

    def call(self, action: str, who: str) -> Any:
        bodies: dict[str, Any] = {
            "reject": {"reason": "No"},
            "propose": {"times": [OTHER.isoformat()]},
            "pick": {"scheduledAt": OTHER.isoformat()},
        }
        method = "PATCH" if action == "cancel" else "PUT"
        path = f"/sessions/{self.reference}/{action}"
        return Api(self.actors[who]).call(method, path, bodies.get(action))

    def send(self, action: str, who: str) -> Any:
        stamp = f"{OTHER:%Y-%m-%dT%H:%M:%SZ}"
        forms = {
            "reject": {"reason": "No"},
            "propose": {"zone": "UTC", "date": f"{OTHER:%Y-%m-%d}", "time": f"{OTHER:%H:%M}"},
            "pick": {"time": stamp},
        }
        browser = Client()
        browser.force_login(self.actors[who])
        path = f"/sessions/{self.reference}/{action}"
        return browser.post(path, forms.get(action, {}), follow=True)


@pytest.fixture
def actors(
    tom: Person, maya: Mentor, kiri: Mentor, zoe: Person, staff: Person
) -> dict[str, Person]:
    return {
        "mentee": tom,
        "mentor": maya.person,
        "other": kiri.person,
        "nobody": zoe,
        "staff": staff,
    }


def everything() -> rows.Rows:
    return rows.of("booking", "payments")


@pytest.mark.parametrize(("action", "who", "state"), ALLOWED)
def test_what_is_allowed_works(
    actors: dict[str, Person], *, action: str, who: str, state: str
) -> None:
    stage = Stage(state, actors)
    before = everything()
    stage.act(action, who)
    assert "booking.Session" in rows.changed(before, everything()) or action == "propose"


@every_refusal
def test_the_verb_refuses(
    actors: dict[str, Person], *, action: str, who: str, state: str, code: str
) -> None:
    stage = Stage(state, actors)
    before = everything()
    with pytest.raises(Refusal) as refused:
        stage.act(action, who)
    assert refused.value.code == code
    assert everything() == before


@every_refusal
def test_the_doors_refuse(
    actors: dict[str, Person], *, action: str, who: str, state: str, code: str
) -> None:
    stage = Stage(state, actors)
    with time_machine.travel(stage.now, tick=False):
        before = everything()
        assert problem(stage.call(action, who))[1] == code
        page = stage.send(action, who)
        assert page.status_code in {200, 403, 404, 409}
        assert b'role="alert"' in page.content or page.status_code in {403, 404}
        assert everything() == before
