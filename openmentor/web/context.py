"""What every page knows: the site, the reader's zone and theme, and where they can go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from openmentor.base import clock
from openmentor.delivery import times
from openmentor.web import themes, zones


@dataclass(frozen=True)
class Place:
    """A page that the navigation leads to."""

    label: str
    name: str
    icon: str
    for_mentors: bool = False

    @property
    def url(self) -> str:
        """Its address; empty while there is no such page."""
        return _address(self.name)


MAIN = (
    Place("Find a mentor", "mentors", "search"),
    Place("Group sessions", "group_sessions", "users"),
    Place("Open requests", "board", "hand-helping", for_mentors=True),
)
MINE = (
    Place("My sessions", "my_sessions", "calendar-check"),
    Place("My payments", "my_payments", "receipt"),
    Place("Calendar", "calendar", "calendar-days"),
    Place("My mentorships", "my_mentorships", "sprout"),
    Place("My requests", "requests", "message-circle-question-mark"),
    Place("Mentor's house", "mentor", "house", for_mentors=True),
)
ACCOUNT = (
    Place("Profile", "profile", "user-round"),
    Place("Mails", "mail_preferences", "bell"),
    Place("Email addresses", "account_email", "mail"),
    Place("Password", "account_change_password", "key-round"),
    Place("Two-step sign-in", "mfa_index", "shield-check"),
    Place("Signed-in devices", "usersessions_list", "laptop"),
    Place("Access tokens", "access_tokens", "terminal"),
)


@cache
def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Page:
    """Read by templates as `page`; each part is worked out only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.site = settings.SITE_NAME
        self.theme = themes.readers_theme(request)
        self.themes = themes.CHOICES
        self.demo = settings.DEMO

    @property
    def now(self) -> datetime:
        """The present instant."""
        return clock.now()

    @property
    def zone(self) -> ZoneInfo:
        """The zone that times on this page are in."""
        return getattr(self._request, "zone", None) or ZoneInfo(settings.DEFAULT_TIMEZONE)

    @property
    def zone_label(self) -> str:
        """The zone for people: `Europe/London (GMT)`."""
        return f"{times.place(self.zone)} ({times.abbreviation(self.now, zone=self.zone)})"

    @property
    def zone_is_a_guess(self) -> bool:
        """Whether nobody has said or detected a zone yet."""
        known = self._signed_in or zones.COOKIE in self._request.COOKIES
        return not known

    @property
    def main(self) -> list[Place]:
        """The main navigation."""
        return self._open(MAIN)

    @property
    def mine(self) -> list[Place]:
        """The signed-in reader's own pages."""
        return self._open(MINE)

    @property
    def account(self) -> list[Place]:
        """The pages about the reader's account."""
        return self._open(ACCOUNT)

    @property
    def _signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return user is not None and user.is_authenticated

    def _open(self, places: Iterable[Place]) -> list[Place]:
        mentor = self._signed_in and self._request.user.is_mentor  # type: ignore[union-attr]
        return [place for place in places if place.url and (mentor or not place.for_mentors)]


def page(request: HttpRequest) -> dict[str, Page]:
    """The context processor."""
    return {"page": Page(request)}
