"""The floors of the house: every foreign key points down, and every file is short."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "openmentor"
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS = CONTRACT["contracts"][0]["layers"]
HEIGHT = {
    floor.strip(" ()"): height
    for height, layer in enumerate(reversed(LAYERS))
    for floor in layer.split("|")
}
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 30
CODE = sorted(
    path
    for folder in ("openmentor", "config", "demo", "standins", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)


def test_every_floor_is_a_layer() -> None:
    floors = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    assert floors <= set(HEIGHT)


def test_every_foreign_key_points_down() -> None:
    upward = []
    for model in apps.get_models():
        if model._meta.app_label not in HEIGHT:
            continue
        here = HEIGHT[model._meta.app_label]
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField):
                there = HEIGHT.get(field.related_model._meta.app_label, -1)
                if there > here:
                    upward.append(f"{model._meta.label}.{field.name}")
    assert upward == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_short(path: Path) -> None:
    if path == ROOT / "config" / "settings.py":
        return  # One file reads the environment, however much there is to read.
    assert len(path.read_text().splitlines()) <= MOST_LINES


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of what a function does: without its signature and its docstring."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_a_function_is_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name} ({_body_lines(node)})"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and _body_lines(node) > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_no_file_is_named_after_a_layer() -> None:
    layers = {"utils", "helpers", "services", "selectors", "managers", "common", "misc"}
    assert [path for path in CODE if path.stem in layers] == []


def test_no_float_touches_money() -> None:
    """Amounts are whole numbers: no float is made or divided into in what handles money."""
    offenders = []
    for path in CODE:
        handles_money = path.is_relative_to(HOUSE) and path.stem in {"money", "policy", "quotes"}
        if handles_money or path.is_relative_to(HOUSE / "payments"):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.expr):
                    continue
                made = isinstance(node, ast.Constant) and isinstance(node.value, float)
                divided = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
                called = isinstance(node, ast.Name) and node.id == "float"
                if made or divided or called:
                    offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert offenders == []
