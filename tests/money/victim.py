"""A process that is killed: it does what it is told, in a child of its own, and dies where told to.

Each line on standard input is a command in JSON: an `act` with its `facts`, at the instant `now`,
with these `providers`. It ends `before` or `after` the function named by `at`, which is replaced
in that child only, or before it sends some `statement` to the database, counted from 0. The answer
is the child's exit code: KILLED, or 0 if it came to its end.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import django
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import setup_test_environment

KILLED = 9


def main() -> None:
    """Be ready, then fork for each command. The parent itself never talks to the database."""
    django.setup()
    setup_test_environment()
    for module in ("config.urls", "openmentor.jobs.timetable", "tests.money.acts"):
        importlib.import_module(module)
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            obey(json.loads(line))
        _, status = os.waitpid(child, 0)
        say(os.waitstatus_to_exitcode(status))


def say(word: object) -> None:
    """A line for whoever started this."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def obey(command: dict[str, Any]) -> None:
    """Do it in this process, and end."""
    settings.PAYMENT_PROVIDERS = command["providers"]
    acts = importlib.import_module("tests.money.acts").ACTS
    if command["at"]:
        die_at(command["at"], command["when"])
    else:
        die_before_statement(command["statement"])
    with time_machine.travel(datetime.fromisoformat(command["now"]), tick=False):
        acts[command["act"]](**command["facts"])
    os._exit(0)


def die_at(name: str, when: str) -> None:
    """Put the end of this process in the place of a function, named `module:function`."""
    module, _, path = name.partition(":")
    owner: Any = importlib.import_module(module)
    *outer, last = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    real = getattr(owner, last)

    def fatal(*given: Any, **facts: Any) -> None:
        if when == "after":
            real(*given, **facts)
        os._exit(KILLED)

    setattr(owner, last, fatal)


def die_before_statement(number: int) -> None:
    """End this process before it sends this statement to the database."""
    left = count(number, -1)

    def counted(execute: Callable[..., Any], *given: Any) -> Any:
        if next(left) == 0:
            os._exit(KILLED)
        return execute(*given)

    connection.execute_wrappers.append(counted)


if __name__ == "__main__":
    main()
