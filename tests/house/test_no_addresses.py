"""Nothing in the repository says on which machine, or from which package index, it was made."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Spelt so that this file does not match itself.
ADDRESSES = re.compile(
    r"(?<![\w./-])/(?:home|root|Users|work|farm)/[\w.]"
    r"|https?://[^\s\"']+/(?:simple|packages/[0-9a-f]{2})/"
    r'|"resolved":\s*"http'
    r"|--(?:extra-)?index-url[ =]|--find-links[ =]|^registry\s*=",
    re.MULTILINE,
)


def tracked_text() -> list[tuple[str, str]]:
    """Name and text of each tracked text file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts = []
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if file.is_file() and b"\0" not in (content := file.read_bytes()):
            texts.append((name, content.decode(errors="replace")))
    return texts


def test_no_tracked_file_names_a_machine_or_an_index() -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_text()
        for match in ADDRESSES.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "leak",
    [
        "cd /" + "home/maya/openmentor",
        "see '/" + "Users/tom/.zshrc'",
        "https://pypi.example/" + "simple/django/",
        "https://files.example/" + "packages/0a/1b/django.whl",
        '"resolved"' + ': "https://registry.example/htmx.tgz"',
        "--index-url" + " https://pypi.example",
        "registry" + "=https://npm.example",
    ],
)
def test_the_search_would_find_it(leak: str) -> None:
    assert ADDRESSES.search(leak)


@pytest.mark.parametrize(
    "innocent", ["/api/work/shared", "bin/test", "https://example.com/", "./home/x"]
)
def test_the_search_leaves_others_alone(innocent: str) -> None:
    assert not ADDRESSES.search(innocent)
