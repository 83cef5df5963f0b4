"""What the templates and components of OpenMentor can ask for; loaded everywhere."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.widgets import FileInput, Select, Textarea
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from openmentor.base import clock
from openmentor.base import money as amounts
from openmentor.delivery import times
from openmentor.web import markdown as texts
from openmentor.web import statuses

register = template.Library()
TINTS = 8
STARS = 5
ROWS = "5"
DJANGO_ROWS = "10"  # What Django gives every textarea: more than a phone's screen has.


_SAID_BY_CSS = re.compile(r' (?:width|height|fill|stroke|stroke-\w+)="[^"]*"')


@lru_cache(maxsize=512)
def _drawn(name: str, classes: str, label: str) -> SafeString:
    spoken = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    drawing = lucide(name, size=None, **{"class": f"icon {classes}", "focusable": "false"} | spoken)
    opening, _, shapes = drawing.partition(">")
    shapes = re.sub(r"\n *| (?=/>)", "", shapes)
    return mark_safe(_SAID_BY_CSS.sub("", opening) + ">" + shapes)  # noqa: S308 - lucide's own


@register.simple_tag
def icon(name: str, classes: str = "size-5", label: str = "") -> SafeString:
    """An icon of lucide.dev as inline SVG; silent for screen readers unless it has a label."""
    return _drawn(str(name), str(classes), str(escape(label)))


@register.filter
def money(amount_minor: int, currency: str) -> str:
    """An amount in minor units as people write it: `{{ 50000|money:"INR" }}`."""
    return amounts.display(amount_minor, currency, locale="en")


@register.filter
def markdown(text: str) -> SafeString:
    """Text from people as safe HTML."""
    return texts.html(text)


@register.filter
def status(word: str) -> statuses.Status:
    """The label, tone and icon of a stored status."""
    return statuses.read(str(word))


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a name."""
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def tint(name: str) -> int:
    """A number from 1 to 8 that is always the same for a name: its colour."""
    return crc32(str(name).encode()) % TINTS + 1


@register.filter
def stars(rating: float) -> list[str]:
    """Five words, `full`, `half` or `none`, for a rating rounded to the nearest half."""
    halves = round(float(rating) * 2)
    return [
        "full" if halves >= 2 * place else "half" if halves == 2 * place - 1 else "none"
        for place in range(1, STARS + 1)
    ]


@register.simple_tag
def in_words(
    at: datetime, zone: ZoneInfo, until: datetime | str = "", other: ZoneInfo | str = ""
) -> times.Shown:
    """What `c-when` shows; empty strings stand for what was not given."""
    end = until if isinstance(until, datetime) else None
    return times.shown(at, zone=zone, until=end, other=_zone(other))


@register.filter
def distance(at: datetime) -> str:
    """How far an instant is from now: `3 hours ago`."""
    return times.distance(at, now=clock.now())


@register.filter
def place(zone: ZoneInfo | str) -> str:
    """A zone's name as people read it."""
    return str(zone).replace("_", " ")


@register.filter
def kind(field: BoundField) -> str:
    """Which form control a field is drawn as."""
    widget = field.field.widget
    kinds: list[tuple[type | tuple[type, ...], str]] = [
        (CheckboxSelectMultiple, "checkboxes"),
        (RadioSelect, "radios"),
        (CheckboxInput, "checkbox"),
        (Select, "select"),
        (Textarea, "textarea"),
        (FileInput, "file"),
    ]
    return next((name for type_, name in kinds if isinstance(widget, type_)), "input")


_CLASSES = {
    "checkbox": "checkbox checkbox-primary",
    "select": "select",
    "textarea": "textarea",
    "file": "file-input",
    "input": "input",
}


@register.simple_tag
def control(field: BoundField, described_by: str = "", **attributes: Any) -> SafeString:
    """A form field's own control, with our classes and tied to its hint and error."""
    name = kind(field)
    attrs = {key.replace("_", "-"): value for key, value in attributes.items() if value != ""}
    attrs["class"] = f"{_CLASSES.get(name, '')} {attrs.get('class', '')}".strip()
    if name == "textarea" and field.field.widget.attrs.get("rows") == DJANGO_ROWS:
        attrs["rows"] = ROWS
    if described_by:
        attrs["aria-describedby"] = described_by
    hint = str(field.field.widget.attrs.get("placeholder", ""))
    if hint.casefold().startswith(str(field.label).casefold()):
        attrs["placeholder"] = False  # It would only repeat the label.
    return field.as_widget(attrs=attrs)


@register.filter
def pairs(choices: Iterable[Any]) -> list[tuple[str, str]]:
    """Choices as (value, label), whether they were given as pairs or as plain words."""
    return [
        (str(choice[0]), str(choice[1])) if isinstance(choice, tuple | list) else (str(choice),) * 2
        for choice in choices
    ]


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with some values changed; an empty value takes one out."""
    params: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value not in ("", None):
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"


def _zone(value: ZoneInfo | str) -> ZoneInfo | None:
    if isinstance(value, ZoneInfo) or not value:
        return value or None
    return ZoneInfo(str(value))


@register.filter
def chosen(option: str, value: object) -> bool:
    """Whether an option is the value, or one of several values."""
    if isinstance(value, list | tuple | set | frozenset):
        return str(option) in {str(each) for each in value}
    return str(option) == str(value)


@register.filter
def begins(path: str, start: str) -> bool:
    """Whether an address is this page or one below it."""
    return bool(start) and (path == start or path.startswith(start.rstrip("/") + "/"))


@register.filter
def split(words: str) -> list[str]:
    """The parts of a text between its commas."""
    return str(words).split(",")


@register.filter
def browser(user_agent: str) -> str:
    """A browser in words: `Firefox on Windows`."""
    programs = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
    programs |= {"CriOS": "Chrome", "Safari": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
    systems |= {"Mac OS": "a Mac", "CrOS": "a Chromebook", "Linux": "Linux"}
    program = next((name for mark, name in programs.items() if mark in user_agent), "A browser")
    system = next((name for mark, name in systems.items() if mark in user_agent), "")
    return f"{program} on {system}" if system else program
