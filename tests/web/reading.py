"""Reads a page as a person does: its words, and where its links lead."""

import re
from html import unescape
from typing import Any


def words(answer: Any) -> str:
    """The text of the page's main part, with single spaces."""
    html = answer.content.decode()
    main = re.search(r"<main.*</main>", html, re.DOTALL)
    plain = re.sub(r"<(script|svg|style|datalist).*?</\1>|<[^>]+>", " ", main[0] if main else html)
    return " ".join(unescape(plain).split())


def links(answer: Any, containing: str = "") -> list[str]:
    """The addresses in the main part that contain this, in order."""
    html = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    found = (unescape(address) for address in re.findall(r'href="([^"]+)"', html))
    return [address for address in found if containing in address]


def field(answer: Any, name: str) -> str:
    """What the form's input of this name holds."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.content.decode())
    assert tag, f"no input named {name}"
    value = re.search(r'value="([^"]*)"', tag[0])
    return unescape(value[1]) if value else ""


def asks_again(answer: Any) -> str:
    """The query with which the page asks whether something has changed; empty if it does not."""
    found = re.search(r'id="live" hx-get="([^"]*)"', answer.content.decode())
    return unescape(found[1]) if found else ""
