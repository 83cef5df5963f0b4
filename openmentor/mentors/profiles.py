"""What a mentor may say about themselves, and the numbers they may set."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypedDict, cast

from openmentor.base import money
from openmentor.base.errors import Invalid
from openmentor.mentors.models import LONGEST_WORD, PRICES, SETTINGS, TEXTS, Mentor
from openmentor.people import zones

MOST_WORDS: Final = 20
"""How many specialisations, or languages, a profile can list."""

_LISTS = ("specialisations", "languages")
_CHOICES = {"refund_policy": Mentor.RefundPolicy, "confirmation": Mentor.Confirmation}
_LIMITS = PRICES | SETTINGS
_MAY_BE_EMPTY = {name for name in _LIMITS if Mentor._meta.get_field(name).null}


class Profile(TypedDict, total=False):
    """A profile with its prices and settings; what is left out stays as it is.

    Prices are per hour in minor units of `currency`; the group price is per person.
    `session_price_minor` is the one-on-one price under its old name.
    """

    headline: str
    job_title: str
    bio: str
    specialisations: list[str]
    languages: list[str]
    timezone: str
    currency: str
    one_on_one_price_minor: int
    group_price_minor: int
    session_price_minor: int
    max_active_mentees: int | None
    grace_period_days: int
    refund_policy: str
    min_notice_minutes: int | None
    horizon_days: int
    step_minutes: int | None
    buffer_before: int
    buffer_after: int
    max_per_day: int | None
    max_per_week: int | None
    confirmation: str
    pending_requests_hold_time: bool


def cleaned(given: Profile) -> Profile:
    """The profile as it is kept: trimmed, words listed once, the currency in capitals.

    `Invalid` with a line for every field that cannot be kept.
    """
    profile = _under_new_names(given)
    for name in TEXTS:
        if name in profile:
            profile[name] = profile[name].strip().replace("\r\n", "\n")
    for name in _LISTS:
        if name in profile:
            profile[name] = _once_each(profile[name])
    if "currency" in profile:
        profile["currency"] = profile["currency"].strip().upper()
    errors = [
        {"field": name, "message": mistake}
        for name, value in profile.items()
        if (mistake := _mistake(name, value))
    ]
    if errors:
        raise Invalid(errors=errors)
    return cast(Profile, profile)


def _under_new_names(given: Profile) -> dict[str, Any]:
    profile = dict(given)
    if "session_price_minor" in profile:
        price = profile.pop("session_price_minor")
        if profile.setdefault("one_on_one_price_minor", price) != price:
            raise Invalid.field(
                "session_price_minor",
                "This is the one-on-one price under its old name. The two must not differ.",
            )
    return profile


def _once_each(words: Iterable[str]) -> list[str]:
    """The words without spaces around them, each once whatever its case, in order."""
    trimmed = (" ".join(word.split()) for word in words)
    return list({word.casefold(): word for word in reversed(list(trimmed)) if word}.values())[::-1]


def _mistake(name: str, value: Any) -> str:
    """What is wrong with one value, in a sentence; empty when nothing is."""
    if name in TEXTS:
        return text_mistake(value, most=TEXTS[name])
    if name in _LISTS:
        return next(_list_mistakes(value), "")
    if name in _LIMITS:
        return number_mistake(value, limits=_LIMITS[name], may_be_empty=name in _MAY_BE_EMPTY)
    if name in _CHOICES:
        known = _CHOICES[name].values
        return "" if value in known else f"Choose one of {', '.join(known)}."
    if name == "timezone":
        return "" if zones.exists(value) else "We do not know that time zone."
    if name == "currency":
        return currency_mistake(value)
    return ""


def text_mistake(text: str, *, most: int) -> str:
    """What is wrong with a text of at most so many characters; empty when nothing is."""
    if "\x00" in text:
        return "This has a character in it that cannot be kept."
    return f"Use at most {most} characters; this has {len(text)}." if len(text) > most else ""


def number_mistake(
    number: int | None, *, limits: tuple[int, int], may_be_empty: bool = False
) -> str:
    """What is wrong with a number; empty when nothing is."""
    least, most = limits
    if number is None:
        return "" if may_be_empty else "This needs a number."
    return "" if least <= number <= most else f"Choose a number from {least:,} to {most:,}."


def currency_mistake(code: str) -> str:
    """What is wrong with a currency; empty when nothing is."""
    return "" if money.is_currency(code) else "Use the three letters of a currency, such as INR."


def _list_mistakes(words: list[str]) -> Iterator[str]:
    if len(words) > MOST_WORDS:
        yield f"List at most {MOST_WORDS}."
    for word in words:
        if mistake := text_mistake(word, most=LONGEST_WORD):
            yield f"{word[:LONGEST_WORD]!r}: {mistake}"
