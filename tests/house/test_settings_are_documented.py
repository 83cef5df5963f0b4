"""docs/settings.md lists each variable that is read, and none that is not."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _read() -> set[str]:
    """The names that config/settings.py asks the environment for."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "env"
        ):
            name = node.args[0]
            assert isinstance(name, ast.Constant), "names are written out, so one can find them"
            names.add(str(name.value))
    return names


def test_the_table_is_what_is_read() -> None:
    table = (ROOT / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert documented == _read()


def test_nobody_else_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "openmentor").rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text())
    ]
    assert readers in ([], ["openmentor/base/embedded_server.py"], ["openmentor/base/embedded.py"])
