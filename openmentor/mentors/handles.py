"""Handles: the word in a mentor's address, `/mentors/maya-rao`."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Final

from django.utils.text import slugify

from openmentor.mentors.models import Mentor

LONGEST: Final = 40
_ROOM_FOR_A_NUMBER = 6
_HANDLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TAKEN_BY_PAGES = frozenset({"me", "new", "edit", "search", "mentor"})


def made_from(name: str) -> str:
    """A handle nobody has yet, from a name: `Maya Rao` is `maya-rao`, the next one `maya-rao-2`."""
    base = slugify(name).replace("_", "-")[: LONGEST - _ROOM_FOR_A_NUMBER].strip("-")
    if mistake(base):
        base = "a-mentor"
    taken = set(Mentor.objects.filter(handle__startswith=base).values_list("handle", flat=True))
    return next(handle for handle in _numbered(base) if handle not in taken)


def mistake(handle: str) -> str:
    """What is wrong with a handle that somebody chose, in a sentence; empty when nothing is."""
    if not _HANDLE.fullmatch(handle) or not 2 <= len(handle) <= LONGEST:
        return f"Use 2 to {LONGEST} small letters, digits and single hyphens."
    if handle in _TAKEN_BY_PAGES:
        return "This word is one of our own pages. Please choose another."
    return ""


def _numbered(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}-{number}" for number in count(2))
