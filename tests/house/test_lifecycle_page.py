"""docs/lifecycle.md is made from the tables of moves: `python manage.py lifecycles` writes it."""

from pathlib import Path

from openmentor.jobs.management.commands.lifecycles import page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "lifecycle.md").read_text() == page()
