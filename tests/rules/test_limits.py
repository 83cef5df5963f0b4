"""How often somebody may do something."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from openmentor.base.errors import RateLimited
from openmentor.people import limits
from openmentor.people.models import Tries

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RATE_LIMITS = True
    monkeypatch.setitem(limits.LIMITS, "knock", limits.Limit(3, limits.MINUTE))


@pytest.mark.django_db
def test_the_try_beyond_the_limit_is_refused_until_its_time_is_over(now: datetime) -> None:
    for _ in range(3):
        limits.spend("knock", who="tom", now=now)
    with pytest.raises(RateLimited) as refusal:
        limits.spend("knock", who="tom", now=now + 20 * SECOND)
    assert refusal.value.data == {"retry_after": 40}
    limits.spend("knock", who="tom", now=now + 60 * SECOND)


@pytest.mark.django_db
def test_everybody_has_tries_of_their_own(now: datetime) -> None:
    for who in ("tom", "zoe", "203.0.113.7"):
        for _ in range(3):
            limits.spend("knock", who=who, now=now)
    assert Tries.objects.count() == 3


@pytest.mark.django_db
def test_without_rate_limits_nothing_is_counted(now: datetime, settings: Any) -> None:
    settings.RATE_LIMITS = False
    for _ in range(9):
        limits.spend("knock", who="tom", now=now)
    assert not Tries.objects.exists()


@pytest.mark.django_db
def test_old_counts_are_forgotten(now: datetime) -> None:
    limits.spend("knock", who="tom", now=now)
    assert limits.forget_old(now=now + 59 * SECOND) == 0
    assert limits.forget_old(now=now + 60 * SECOND) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_tries_at_once_are_eight(now: datetime) -> None:
    start = Barrier(8)
    refused: list[RateLimited] = []

    def knock() -> None:
        start.wait()
        try:
            limits.spend("knock", who="tom", now=now)
        except RateLimited as refusal:
            refused.append(refusal)
        connection.close()

    threads = [Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), Tries.objects.get().used) == (5, 8)
