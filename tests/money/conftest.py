"""A clock that tests turn by hand, also the stand-ins' own, and a counter at every provider."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from pytest_django import Settings
from time_machine import Traveller

from openmentor.payments import providers
from standins.remote import Remote, running
from tests.money.counter import BEGINNING, Counter
from tests.money.processes import Process, started


@pytest.fixture
def turned() -> Iterator[Traveller]:
    """The time, standing still until the test moves it."""
    with time_machine.travel(BEGINNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def remotes(tmp_path: Path, settings: Settings) -> Iterator[list[Remote]]:
    """Both stand-ins; one can pay at either, at Razorpay unless one chooses."""
    with (
        running("razorpay", book=tmp_path / "razorpay.jsonl") as razorpay,
        running("stripe", book=tmp_path / "stripe.jsonl") as stripe,
    ):
        settings.PAYMENT_PROVIDERS = {one.name: one.options() for one in (razorpay, stripe)}
        providers.of.cache_clear()
        yield [razorpay, stripe]
    providers.of.cache_clear()


@pytest.fixture
def counter(db: None, remotes: list[Remote], turned: Traveller) -> Counter:
    """A mentor who is paid at the stand-ins, and an empty queue of jobs."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return Counter(remotes, turned)


@pytest.fixture
def play_money(db: None, turned: Traveller) -> Counter:
    """A mentor who is paid in play money."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return Counter([], turned)


@pytest.fixture(scope="module")
def process(django_db_setup: None) -> Iterator[Process]:
    """A process that can be killed in the middle of anything."""
    with started() as process:
        yield process
