"""Who reads a page, and by which clock."""

from typing import cast
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from openmentor.base.errors import NotSignedIn
from openmentor.people.models import Person


def visitor(request: HttpRequest) -> Person | None:
    """The reader, or None for somebody who is not signed in."""
    return request.user if isinstance(request.user, Person) else None


def person(request: HttpRequest) -> Person:
    """The reader; somebody who is not signed in is asked to, and comes back to this address."""
    reader = visitor(request)
    if reader is None:
        raise NotSignedIn
    return reader


def zone(request: HttpRequest) -> ZoneInfo:
    """The zone in which this reader sees times."""
    return cast(ZoneInfo, request.zone)  # type: ignore[attr-defined]  # set by the middleware


def address(request: HttpRequest) -> str:
    """The network address that the reader comes from, also behind a proxy we trust."""
    return str(get_adapter(request).get_client_ip(request))
