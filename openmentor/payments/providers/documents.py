"""What a provider writes, read strictly: each field of the right type, or `Misshapen`.

Nothing from outside goes further unread: ids are plain ASCII, amounts are whole and not negative,
sentences hold no control characters.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from openmentor.base import money
from openmentor.payments.providers.interface import Unclear

LONGEST = 512 * 1024
"""Bytes; a real message has a few thousand."""
_LARGEST = 10**15
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


class Misshapen(Exception):  # noqa: N818 - a verdict; the adapters say what follows from it
    """Not in the form that the provider promises."""


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON object, asked for its fields by name and type."""

    fields: Mapping[str, Any]

    def identifier(self, name: str) -> str:
        """An id of the provider's."""
        value = self.fields.get(name)
        if not is_identifier(value):
            raise Misshapen(f"{name} is not an id")
        return str(value)

    def word(self, name: str, among: Collection[str]) -> str:
        """One of the words the provider has for this."""
        value = self.fields.get(name)
        if not isinstance(value, str) or value not in among:
            raise Misshapen(f"{name} is none of {', '.join(sorted(among))}")
        return value

    def kind(self, name: str) -> str:
        """What kind of thing this is, such as `payment.captured`; there may be new ones."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9_.]{1,80}", value):
            raise Misshapen(f"{name} is not a kind")
        return value

    def whole(self, name: str) -> int:
        """A whole number, not negative."""
        value = self.fields.get(name)
        if type(value) is not int or not 0 <= value <= _LARGEST:
            raise Misshapen(f"{name} is not a whole number of a usual size")
        return value

    def currency(self, name: str = "currency") -> str:
        """A currency's code, in capitals."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not money.is_currency(value.upper()):
            raise Misshapen(f"{name} is not a currency")
        return value.upper()

    def sentence(self, name: str) -> str:
        """Words for people, at most 200 characters; empty where there are none."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            raise Misshapen(f"{name} is not text")
        return readable(value or "")

    def address(self, name: str) -> str:
        """Where to send a browser."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not re.fullmatch(r"https?://[!-~]{1,4000}", value):
            raise Misshapen(f"{name} is not an address")
        return value

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.fields.get(name) is not None

    def is_part(self, name: str) -> bool:
        """Whether the field holds a document, and not the id of one."""
        return isinstance(self.fields.get(name), dict)

    def part(self, name: str) -> "Document":
        """The document inside this one."""
        return of(self.fields.get(name))

    def parts(self, name: str) -> "list[Document]":
        """The list of documents inside this one."""
        value = self.fields.get(name)
        if not isinstance(value, list):
            raise Misshapen(f"{name} is not a list")
        return [of(entry) for entry in value]

    def label(self, name: str, key: str) -> str:
        """Our own label on the provider's thing (`metadata`, `notes`); empty if it has none."""
        labels = self.fields.get(name)
        value = labels.get(key) if isinstance(labels, dict) else None
        return value if isinstance(value, str) and is_identifier(value) else ""


def parse(body: bytes) -> Document:
    """The JSON object in these bytes, which are UTF-8."""
    if len(body) > LONGEST:
        raise Misshapen("it is too long")
    try:
        return of(json.loads(body.decode(), parse_constant=_refuse))
    except (ValueError, RecursionError) as trouble:
        raise Misshapen("it is not JSON") from trouble


@contextmanager
def unclear_if_misshapen() -> Iterator[None]:
    """An answer that cannot be read does not tell what happened: `Unclear`."""
    try:
        yield
    except Misshapen as trouble:
        raise Unclear(f"The answer cannot be read: {trouble}.") from trouble


def of(value: object) -> Document:
    """This value as a document."""
    if not isinstance(value, dict):
        raise Misshapen("it is not an object")
    return Document(value)


def is_identifier(value: object) -> bool:
    """Whether this could be a provider's id."""
    return isinstance(value, str) and bool(_IDENTIFIER.fullmatch(value))


def readable(text: str) -> str:
    """The text without what cannot be shown or stored, at most 200 characters."""
    return "".join(letter for letter in text if letter.isprintable())[:200]


def _refuse(constant: str) -> NoReturn:
    raise Misshapen(f"{constant} is not a number")
