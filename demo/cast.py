"""Who is in the demo: people with their zones, mentors with their profiles, hours and prices.

The mentors' words are in `mentors/*.toml`. Tests and screenshots play with the same people.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from openmentor.availability.entries import Day, Hours
from openmentor.mentors.profiles import Profile

PASSWORD = "openmentor-demo"  # noqa: S105 - said on the first page of the demo
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PROFILES = Path(__file__).parent / "mentors"


@dataclass(frozen=True, kw_only=True)
class Character:
    """Somebody with an account."""

    name: str
    email: str
    timezone: str

    @property
    def key(self) -> str:
        """The name before the @, by which the story calls them."""
        return self.email.partition("@")[0]


@dataclass(frozen=True, kw_only=True)
class OfferedType:
    """A session type; the price is in minor units of the mentor's currency."""

    title: str
    minutes: int
    price: int
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class MentorCharacter(Character):
    """Somebody with a mentor profile. `settings` are the booking settings that differ."""

    currency: str
    job_title: str
    headline: str
    bio: str
    specialisations: tuple[str, ...]
    languages: tuple[str, ...]
    hourly: int
    group: int
    week: tuple[Day, ...]
    types: tuple[OfferedType, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    paused: bool = False

    @property
    def profile(self) -> Profile:
        """The profile as the verb takes it."""
        words = Profile(
            headline=self.headline,
            job_title=self.job_title,
            bio=self.bio,
            specialisations=list(self.specialisations),
            languages=list(self.languages),
            currency=self.currency,
            one_on_one_price_minor=self.hourly,
            group_price_minor=self.group,
        )
        return cast(Profile, words | self.settings)

    @property
    def free_type(self) -> OfferedType:
        """The session type that costs nothing; everybody in the cast has one."""
        return next(offered for offered in self.types if not offered.price)


TOM = Character(name="Tom Becker", email="tom@example.com", timezone="Europe/London")
LENA = Character(name="Lena Fischer", email="lena@example.com", timezone="America/New_York")
ZOE = Character(name="Zoe Martin", email="zoe@example.com", timezone="Europe/Athens")
"""Nobody shares anything with Zoe: whatever she sees of others, she must not."""
STAFF = Character(name="Stella Onyango", email="staff@example.com", timezone="Africa/Nairobi")
GUESTS = (
    Character(name="Arjun Mehta", email="arjun@example.com", timezone="Asia/Kolkata"),
    Character(name="Beatriz Lima", email="beatriz@example.com", timezone="America/Sao_Paulo"),
    Character(name="Chidi Eze", email="chidi@example.com", timezone="Africa/Lagos"),
    Character(name="Elif Yılmaz", email="elif@example.com", timezone="Europe/Istanbul"),
    Character(name="Freya Olsen", email="freya@example.com", timezone="Europe/Copenhagen"),
    Character(name="Hana Suzuki", email="hana@example.com", timezone="Asia/Tokyo"),
)
"""Mentees who are there so that mentors have a past."""


def mentors() -> list[MentorCharacter]:
    """The mentors; Maya and Kiri, whom the story needs, are among them."""
    told = [
        profile
        for file in sorted(_PROFILES.glob("*.toml"))
        for profile in tomllib.loads(file.read_text("utf-8"))["mentor"]
    ]
    return [_mentor(**profile) for profile in told]


def everybody() -> list[Character]:
    """The whole cast."""
    return [*mentors(), TOM, LENA, ZOE, *GUESTS, STAFF]


def week(lines: list[str]) -> tuple[Day, ...]:
    """Weekly hours from lines such as `Mon-Fri 09:00-17:00` or `Tue, Sat 10:00-12:00`."""
    slots: dict[int, list[Hours]] = {}
    for line in lines:
        days, _, times = line.rpartition(" ")
        start, _, end = times.partition("-")
        for weekday in _weekdays(days):
            slots.setdefault(weekday, []).append(Hours(start, end))
    return tuple(Day(weekday, slots[weekday]) for weekday in sorted(slots))


def _weekdays(text: str) -> list[int]:
    """`Sun-Tue, Fri` is Sunday, Monday, Tuesday and Friday; Monday is 0."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        begin = WEEK.index(first)
        length = (WEEK.index(last or first) - begin) % len(WEEK) + 1
        found += [(begin + number) % len(WEEK) for number in range(length)]
    return found


def _mentor(
    *,
    hours: list[str],
    types: list[dict[str, Any]],
    specialisations: list[str],
    languages: list[str],
    **facts: Any,
) -> MentorCharacter:
    return MentorCharacter(
        week=week(hours),
        types=tuple(OfferedType(**offered) for offered in types),
        specialisations=tuple(specialisations),
        languages=tuple(languages),
        **facts,
    )
