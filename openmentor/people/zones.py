"""The names of the world's time zones."""

from functools import cache
from zoneinfo import available_timezones

_NOT_PLACES = ("posix/", "right/", "SystemV/")
_NOT_ZONES = {"Factory", "localtime", "posixrules"}


@cache
def names() -> frozenset[str]:
    """Every zone name and alias that OpenMentor accepts."""
    return frozenset(
        name
        for name in available_timezones()
        if name not in _NOT_ZONES and not name.startswith(_NOT_PLACES)
    )


def exists(name: str) -> bool:
    """Whether this is the name of a time zone."""
    return name in names()
