"""Every event that the house can write has its reactions, or says why it has none."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from openmentor.delivery.kinds import KINDS, REMINDERS
from openmentor.delivery.wiring import WIRING, Tell
from openmentor.jobs.management.commands.lifecycles import lifecycles

ROOT = Path(__file__).resolve().parents[2]
EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
RECORDERS = {"record", "_record"}


def events_of_lifecycles() -> set[str]:
    """One for each state that something may begin in or move to."""
    return {
        f"{life.subject}.{state}"
        for life in lifecycles()
        for state in life.births.union(*life.moves.values())
    }


def events_recorded_by_name() -> set[str]:
    """What stands, as text or by a constant's name, in a call that records an event."""
    found = set()
    for path in (ROOT / "openmentor").rglob("*.py"):
        tree = ast.parse(path.read_text())
        constants = dict(_constants(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in RECORDERS:
                parts = [each for argument in node.args for each in ast.walk(argument)]
                found |= {text for each in parts if (text := _text(each, constants))}
    return {text for text in found if EVENT.fullmatch(text)}


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The texts with a name of their own at the top of a file."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from ((_name(each), str(node.value.value)) for each in node.targets)


def _text(node: ast.AST, constants: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return constants.get(node.id, "")
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_every_event_is_wired_or_silent_on_purpose() -> None:
    assert events_of_lifecycles() | events_recorded_by_name() == set(WIRING)


def test_what_is_silent_says_why() -> None:
    silent = [reason for reason in WIRING.values() if isinstance(reason, str)]
    assert [reason for reason in silent if len(reason.split()) < 3] == []
    assert [name for name, reactions in WIRING.items() if not reactions] == []


def test_every_kind_of_message_is_sent_by_something() -> None:
    wired = {
        reaction.kind
        for reactions in WIRING.values()
        if isinstance(reactions, tuple)
        for reaction in reactions
        if isinstance(reaction, Tell)
    }
    assert wired | set(REMINDERS) == set(KINDS)
