"""What an open request says: the need in words, and when the mentee can meet."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from openmentor.availability import spans
from openmentor.availability.spans import Span
from openmentor.base.errors import Invalid
from openmentor.booking.diary import instant, moment
from openmentor.booking.models import OpenRequest
from openmentor.booking.models.open_requests import DURATIONS
from openmentor.booking.slots import MINUTE, stamp
from openmentor.mentors import profiles

TEXTS: Final = {"title": 100, "description": 2000, "language": 40}
"""The most characters of each text."""
LONGEST_TAG: Final = 40
MOST_TAGS: Final = 10
MOST_WINDOWS: Final = 100
FURTHEST: Final = timedelta(days=366)
_CHOICES: Final = {
    "kind": OpenRequest.Kind,
    "format": OpenRequest.Format,
    "urgency": OpenRequest.Urgency,
}

type Window = tuple[datetime, datetime]
type Lines = list[dict[str, str]]


class Need(TypedDict, total=False):
    """What a mentee says of a need; what is left out stays as it is, or is the usual.

    `windows` are starts and ends; `language` is the one to meet in, empty for any.
    """

    kind: str
    title: str
    description: str
    format: str
    duration_minutes: int
    urgency: str
    tags: Sequence[str]
    language: str
    windows: Sequence[Window]


def cleaned(given: Need, *, known: OpenRequest, now: datetime) -> dict[str, Any]:
    """The need as it is kept: trimmed, tags once each, windows joined where they touch.

    `known` is the request that it changes, or an unsaved one. Refuses with a line per field.
    """
    need: dict[str, Any] = dict(given)
    for name in TEXTS:
        if name in need:
            need[name] = need[name].strip().replace("\r\n", "\n")
    if "tags" in need:
        need["tags"] = _once_each(need["tags"])
    errors = [
        {"field": name, "message": mistake}
        for name, value in need.items()
        if (mistake := _mistake(name, value))
    ]
    minutes = need.get("duration_minutes", known.duration_minutes)
    if minutes in DURATIONS:
        errors += _windows(need, known=known, minutes=minutes, now=now)
    if errors:
        raise Invalid(errors=errors)
    return need


def windows_of(request: OpenRequest) -> list[Window]:
    """The windows of an open request, in order; they neither touch nor overlap."""
    return [(window.during.lower, window.during.upper) for window in request.windows.all()]


def ranges(windows: Iterable[Window]) -> list[DateTimeTZRange]:
    """Windows as the database keeps them: half-open."""
    return [DateTimeTZRange(start, end) for start, end in windows]


def stamped(windows: Iterable[Window]) -> list[dict[str, str]]:
    """Windows as clients read them."""
    return [{"start": stamp(instant(start)), "end": stamp(instant(end))} for start, end in windows]


def offers(windows: Iterable[Window], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether all of this time is inside one window."""
    return spans.covers(map(_span, windows), _span((starts_at, ends_at)))


def _windows(need: dict[str, Any], *, known: OpenRequest, minutes: int, now: datetime) -> Lines:
    """Joins the windows of the need; gives back what is wrong with them."""
    if "windows" not in need:
        kept = windows_of(known) if known.pk else []
        short = [window for window in kept if window[1] - window[0] < minutes * _MINUTE]
        return [_line("windows", _too_short(minutes))] if short else []
    typed = need["windows"]
    if not 0 < len(typed) <= MOST_WINDOWS:
        most = f"Offer at least one time, and at most {MOST_WINDOWS}."
        return [_line("windows", most)]
    joined = spans.merge(map(_span, typed))
    need["windows"] = [(moment(start), moment(end)) for start, end in joined]
    lines = []
    for number, window in enumerate(typed):
        if mistake := _window_mistake(window, joined, minutes=minutes, now=now):
            lines.append(_line(f"windows[{number}]", mistake))
    return lines


_MINUTE = timedelta(minutes=1)


def _window_mistake(window: Window, joined: list[Span], *, minutes: int, now: datetime) -> str:
    start, end = window
    if any(at.second or at.microsecond for at in window):
        return "Times are at full minutes."
    if start >= end:
        return "The end is not after the start."
    if end > now + FURTHEST:
        return "This is more than a year ahead."
    first, last = next(each for each in joined if spans.overlaps(each, _span(window)))
    if last - first < minutes * MINUTE:
        return _too_short(minutes)
    if moment(last) - minutes * _MINUTE <= now:
        return "This time is over."
    return ""


def _too_short(minutes: int) -> str:
    return f"Each time must be at least {minutes} minutes long."


def _span(window: Window) -> Span:
    return instant(window[0]), instant(window[1])


def _line(field: str, message: str) -> dict[str, str]:
    return {"field": field, "message": message}


def _once_each(words: Iterable[str]) -> list[str]:
    """The words without spaces around them, each once whatever its case, in order."""
    once: dict[str, str] = {}
    for word in (" ".join(word.split()) for word in words):
        once.setdefault(word.casefold(), word)
    once.pop("", None)
    return list(once.values())


def _mistake(name: str, value: Any) -> str:
    """What is wrong with one value, in a sentence; empty when nothing is."""
    if name == "title" and not value:
        return "Say in a few words what it is about."
    if name in TEXTS:
        return profiles.text_mistake(value, most=TEXTS[name])
    if name in _CHOICES:
        known = _CHOICES[name].values
        return "" if value in known else f"Choose one of {', '.join(known)}."
    if name == "duration_minutes":
        return "" if value in DURATIONS else "Choose 30, 45 or 60 minutes."
    if name == "tags":
        return _tags_mistake(value)
    return ""


def _tags_mistake(tags: list[str]) -> str:
    if len(tags) > MOST_TAGS:
        return f"List at most {MOST_TAGS}."
    mistakes = (profiles.text_mistake(tag, most=LONGEST_TAG) for tag in tags)
    return next((mistake for mistake in mistakes if mistake), "")
