"""Asked twice, done once."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from openmentor.api import idempotent
from openmentor.api.schema import Answer
from openmentor.base import idempotency
from openmentor.base.errors import IdempotencyMismatch, Invalid, NotPossible
from openmentor.base.models import Event, IdempotentAnswer
from openmentor.people.models import Person
from openmentor.people.people import _record
from tests import make


class Done(Answer):
    times_done: int


class Counter:
    """An effect that leaves a row behind each time."""

    def __init__(self, person: Person, now: datetime) -> None:
        self.person, self.now = person, now

    def __call__(self) -> tuple[int, str]:
        _record("person.tested", self.person, by=self.person, at=self.now)
        return 201, f"done {done()}"


def done() -> int:
    return Event.objects.filter(name="person.tested").count()


def ask(effect: Counter, key: str = "k", request: bytes = b"POST /x {}") -> tuple[int, str]:
    return idempotency.once(
        key, person_id=effect.person.pk, request=request, now=effect.now, effect=effect
    )


def test_the_second_call_gets_the_first_answer(tom: Person, now: datetime) -> None:
    effect = Counter(tom, now)
    assert ask(effect) == (201, "done 1")
    assert ask(effect) == (201, "done 1")
    assert done() == 1


def test_another_key_or_another_person_is_another_call(
    tom: Person, zoe: Person, now: datetime
) -> None:
    assert ask(Counter(tom, now)) == (201, "done 1")
    assert ask(Counter(tom, now), key="other") == (201, "done 2")
    assert ask(Counter(zoe, now)) == (201, "done 3")


def test_a_key_with_another_request_is_refused(tom: Person, now: datetime) -> None:
    ask(Counter(tom, now))
    with pytest.raises(IdempotencyMismatch) as refusal:
        ask(Counter(tom, now), request=b"POST /x {}  ")
    assert (refusal.value.code, refusal.value.kind.status) == ("idempotency_mismatch", 422)
    assert done() == 1


def test_a_refused_call_leaves_the_key_free(tom: Person, now: datetime) -> None:
    def refuse() -> tuple[int, str]:
        _record("person.tested", tom, by=tom, at=now)
        raise NotPossible

    with pytest.raises(NotPossible):
        idempotency.once("k", person_id=tom.pk, request=b"1", now=now, effect=refuse)
    assert done() == 0
    assert ask(Counter(tom, now), request=b"2") == (201, "done 1")


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "a\x00b"])
def test_a_key_is_1_to_255_printable_characters(key: str, tom: Person, now: datetime) -> None:
    with pytest.raises(Invalid):
        ask(Counter(tom, now), key=key)
    assert ask(Counter(tom, now), key="x" * 255) == (201, "done 1")


def test_answers_are_kept_for_a_week(tom: Person, now: datetime) -> None:
    ask(Counter(tom, now))
    assert idempotency.forget_old(now=now + timedelta(days=7)) == 0
    assert idempotency.forget_old(now=now + timedelta(days=7, seconds=1)) == 1
    assert ask(Counter(tom, now), request=b"new") == (201, "done 2")


@pytest.mark.django_db(transaction=True)
def test_eight_calls_at_once_are_one(now: datetime) -> None:
    effect = Counter(make.person(), now)
    answers, start = [], Barrier(8)

    def call() -> None:
        start.wait()
        answers.append(ask(effect))
        connection.close()

    threads = [Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(201, "done 1")] * 8
    assert IdempotentAnswer.objects.count() == 1


def post(person: Person, key: str | None, path: str = "/api/x", body: bytes = b"{}") -> HttpRequest:
    headers = {} if key is None else {idempotent.HEADER: key}
    request = RequestFactory().post(path, body, "application/json", headers=headers)
    request.auth = person  # type: ignore[attr-defined]  # what ninja sets
    return request


def create(request: HttpRequest, person: Person, now: datetime) -> HttpResponse:
    def effect() -> Done:
        _record("person.tested", person, by=person, at=now)
        return Done(times_done=done())

    return idempotent.once(request, effect)


def test_the_door_replays_the_answer_and_says_so(tom: Person, now: datetime) -> None:
    first, second = (create(post(tom, "k"), tom, now) for _ in range(2))
    assert (first.status_code, first.content) == (201, b'{"timesDone":1}')
    assert (second.status_code, second.content) == (201, b'{"timesDone":1}')
    assert idempotent.REPLAYED not in first
    assert second[idempotent.REPLAYED] == "true"


def test_without_a_key_every_call_is_done(tom: Person, now: datetime) -> None:
    contents = [create(post(tom, None), tom, now).content for _ in range(2)]
    assert contents == [b'{"timesDone":1}', b'{"timesDone":2}']


@pytest.mark.parametrize(
    "other", [{"path": "/api/y"}, {"path": "/api/x?a=1"}, {"body": b'{"a": 1}'}]
)
def test_the_door_tells_requests_apart_by_address_and_body(
    other: dict[str, str | bytes], tom: Person, now: datetime
) -> None:
    create(post(tom, "k"), tom, now)
    with pytest.raises(IdempotencyMismatch):
        create(post(tom, "k", **other), tom, now)  # type: ignore[arg-type]  # either is right
