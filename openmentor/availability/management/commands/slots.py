"""`manage.py slots`: one scenario on standard input, its free starts on standard output."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from openmentor.availability import scenario


class Command(BaseCommand):
    """Exits with 2, and one line of JSON on standard error, if the scenario is unclear."""

    help = "Read one scenario (or a list) as JSON and print the free starts. Needs no database."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(scenario.answer(sys.stdin.buffer.read()))
        except scenario.ScenarioError as problem:
            sys.stderr.write(f"{problem.as_json()}\n")
            raise SystemExit(2) from None
