"""`manage.py lifecycles` prints docs/lifecycle.md: each table of moves, for people to read."""

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from django.core.management.base import BaseCommand

import openmentor
from openmentor.base.lifecycles import Lifecycle, words

INTRODUCTION = """# Lifecycles

Which state may follow which. This page is made from the code by `python manage.py lifecycles`;
each table stands in a file named `lifecycle.py`. A move that is not here is refused
(`not_possible`) and changes nothing; every move writes one event row.
"""


class Command(BaseCommand):
    """Prints the page."""

    help = "Print docs/lifecycle.md, made from the tables of moves."

    def handle(self, *_: Any, **__: Any) -> None:
        """Write the page to standard output."""
        self.stdout.write(page(), ending="")


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_section(one) for one in lifecycles())])


def lifecycles() -> list[Lifecycle]:
    """Every lifecycle in the house, by its subject."""
    found = {
        value.subject: value
        for module in walk_packages(openmentor.__path__, "openmentor.")
        if module.name.endswith(".lifecycle")
        for value in vars(import_module(module.name)).values()
        if isinstance(value, Lifecycle)
    }
    return [found[subject] for subject in sorted(found)]


def _section(lifecycle: Lifecycle) -> str:
    name = lifecycle.subject.replace("_", " ").capitalize()
    rows = [
        f"| {words(state)} | {', '.join(words(after) for after in sorted(following))} |"
        for state, following in lifecycle.moves.items()
    ]
    births = ", ".join(words(state) for state in sorted(lifecycle.births))
    return "\n".join(
        [f"## {name}", "", f"Begins: {births}.", "", "| from | to |", "|---|---|", *rows, ""]
    )
