"""Another process on the tests' database, to be killed in the middle of anything."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from openmentor.base import clock
from openmentor.booking.models import Booking
from openmentor.payments.models import Order
from tests import make
from tests.money import victim
from tests.money.counter import HALF_HOUR, START, Counter, run_jobs

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """Another process on the same database, which can be killed in the middle of anything."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        self.program = program

    def dies(self, at: str, when: str, act: str, **facts: Any) -> None:
        """It begins with the act and is killed before or after the function `at`."""
        assert self._ends(act, facts, at=at, when=when) == victim.KILLED

    def dies_before(self, statement: int, act: str, **facts: Any) -> bool:
        """It is killed before it sends this statement, counted from 0; False if it sends fewer."""
        return self._ends(act, facts, at="", statement=statement) == victim.KILLED

    def _ends(self, act: str, facts: dict[str, Any], **death: Any) -> int:
        command = {
            "act": act,
            "facts": facts,
            "now": clock.now().isoformat(),
            "providers": settings.PAYMENT_PROVIDERS,
        }
        assert self.program.stdin
        assert self.program.stdout
        print(json.dumps(command | death), file=self.program.stdin, flush=True)
        return int(self.program.stdout.readline())


@contextmanager
def started() -> Iterator[Process]:
    """The process that forks the victims; starting it is what takes time."""
    known = connection.settings_dict
    address = {"dbname": known["NAME"], "user": known["USER"], "password": known["PASSWORD"]}
    address |= {"host": known["HOST"], "port": known["PORT"]}
    environment = os.environ | {
        "DATABASE_URL": make_conninfo(**{name: fact for name, fact in address.items() if fact}),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.money.victim"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdout
        assert program.stdout.readline() == "ready\n"
        yield Process(program)
        assert program.stdin
        program.stdin.close()


def restart(counter: Counter) -> None:
    """A quarter of an hour later everything runs again."""
    counter.wait(minutes=16)
    run_jobs()


def state(booking: Booking) -> tuple[str, str]:
    booking.refresh_from_db()
    return booking.status, booking.payment_status


def begun(counter: Counter, provider: str, slot: int = 0) -> tuple[Booking, Order]:
    """A place whose payer is in the checkout."""
    booking = counter.book(make.person(), starts_at=START + slot * HALF_HOUR)
    return booking, counter.begin(booking, provider)
