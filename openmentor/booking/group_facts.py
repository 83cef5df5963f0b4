"""What a host says of a group session, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict

from openmentor.base import money
from openmentor.base.errors import Invalid
from openmentor.booking.models import Group
from openmentor.mentors import profiles
from openmentor.people import people

TEXTS: Final = {"title": 140, "description": 5000, "instructions": 5000}
"""The most characters of each text."""
NUMBERS: Final = {
    "duration_minutes": (15, 480),
    "capacity": (2, 1000),
    "price_minor": (0, money.LIMIT_MINOR),
    "min_participants": (1, 1000),
}
"""The least and the most of each number."""
_MAY_BE_EMPTY: Final = {"price_minor", "min_participants"}
LONGEST_TAG: Final = 40
MOST_TAGS: Final = 10
MOST_INVITATIONS: Final = 1000
FURTHEST: Final = timedelta(days=366)
JUDGED_BEFORE: Final = timedelta(hours=24)
"""So long before the start a minimum of participants must be reached."""


class Facts(TypedDict, total=False):
    """What a host says; what is left out stays as it is, or is the usual.

    `price_minor` is per person: None is the mentor's group price for the duration. `invitations`
    are the addresses of those who may see and join a private session.
    """

    title: str
    description: str
    starts_at: datetime
    duration_minutes: int
    capacity: int
    price_minor: int | None
    currency: str
    tags: Sequence[str]
    visibility: str
    instructions: str
    min_participants: int | None
    join_until: datetime | None
    names_shown: bool
    invitations: Sequence[str]


USUAL: Final = Facts(
    description="",
    price_minor=None,
    tags=(),
    visibility=Group.Visibility.PUBLIC,
    instructions="",
    min_participants=None,
    join_until=None,
    names_shown=False,
    invitations=(),
)
"""A new session's facts where nothing is said."""


def cleaned(given: Facts) -> dict[str, Any]:
    """The facts as they are kept: trimmed, tags and addresses once each.

    Refuses (`invalid`) with a line per field.
    """
    facts: dict[str, Any] = dict(given)
    for name in TEXTS:
        if name in facts:
            facts[name] = facts[name].strip().replace("\r\n", "\n")
    if "tags" in facts:
        facts["tags"] = _once_each(facts["tags"])
    if "currency" in facts:
        facts["currency"] = facts["currency"].strip().upper()
    if "invitations" in facts:
        facts["invitations"] = sorted({each.strip().lower() for each in facts["invitations"]})
    _refuse({name: _mistake(name, value) for name, value in facts.items()})
    return facts


def demand_coherent(facts: Mapping[str, Any], *, judges_minimum: bool, now: datetime) -> None:
    """Refuse (`invalid`) facts of which each is right and that do not go together.

    `judges_minimum` says that the minimum is still to be judged, a day before the start.
    """
    starts_at, minimum, until = (
        facts[name] for name in ("starts_at", "min_participants", "join_until")
    )
    mistakes = {"starts_at": _start_mistake(starts_at, now)}
    if minimum is not None and minimum > facts["capacity"]:
        mistakes["min_participants"] = "The minimum cannot be more than the places there are."
    elif judges_minimum and starts_at - JUDGED_BEFORE <= now:
        mistakes["min_participants"] = (
            "The minimum counts 24 hours before the start, and that is over."
        )
    if until is not None and until > starts_at:
        mistakes["join_until"] = "This is after the start."
    _refuse(mistakes)


def _refuse(mistakes: dict[str, str]) -> None:
    errors = [{"field": name, "message": mistake} for name, mistake in mistakes.items() if mistake]
    if errors:
        raise Invalid(errors=errors)


def _start_mistake(starts_at: datetime, now: datetime) -> str:
    if starts_at.second or starts_at.microsecond:
        return "Sessions begin at full minutes."
    if starts_at <= now:
        return "This time is over."
    return "This is more than a year ahead." if starts_at > now + FURTHEST else ""


def _once_each(words: Iterable[str]) -> list[str]:
    """The words without spaces around them, each once whatever its case, in order."""
    trimmed = (" ".join(word.split()) for word in words)
    return list({word.casefold(): word for word in trimmed if word}.values())


def _mistake(name: str, value: Any) -> str:
    """What is wrong with one value, in a sentence; empty when nothing is."""
    if name == "title" and not value:
        return "Say in a few words what it is about."
    if name in TEXTS:
        return profiles.text_mistake(value, most=TEXTS[name])
    if name in NUMBERS:
        return profiles.number_mistake(
            value, limits=NUMBERS[name], may_be_empty=name in _MAY_BE_EMPTY
        )
    if name == "currency":
        return profiles.currency_mistake(value)
    if name == "visibility":
        known = Group.Visibility.values
        return "" if value in known else f"Choose one of {', '.join(known)}."
    if name == "tags":
        return _tags_mistake(value)
    return _addresses_mistake(value) if name == "invitations" else ""


def _tags_mistake(tags: list[str]) -> str:
    if len(tags) > MOST_TAGS:
        return f"List at most {MOST_TAGS}."
    mistakes = (profiles.text_mistake(tag, most=LONGEST_TAG) for tag in tags)
    return next((mistake for mistake in mistakes if mistake), "")


def _addresses_mistake(addresses: list[str]) -> str:
    if len(addresses) > MOST_INVITATIONS:
        return f"Invite at most {MOST_INVITATIONS:,}."
    wrong = [address for address in addresses if people.email_fault(address)]
    return f"This is not an email address: {wrong[0][:80]}" if wrong else ""
