"""Money: a whole number of the currency's minor unit, and an ISO 4217 code. Never a float."""

import re
from decimal import ROUND_HALF_UP, Decimal

from babel.core import get_global
from babel.numbers import format_currency

_CODE = re.compile(r"[A-Z]{3}")
LIMIT_MINOR = 10_000_000_000
"""The largest amount accepted anywhere: a hundred million of a two-decimal currency."""


def is_currency(code: str) -> bool:
    """Whether this is a three-letter code of a currency that exists."""
    return bool(_CODE.fullmatch(code)) and code in get_global("all_currencies")


def digits(currency: str) -> int:
    """How many decimal digits the currency's minor unit has: 0 for JPY, 2 for INR, 3 for KWD."""
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


def major(amount_minor: int, currency: str) -> Decimal:
    """The amount in whole units of the currency, exact."""
    return Decimal(amount_minor).scaleb(-digits(currency))


def minor(amount: Decimal, currency: str) -> int:
    """The amount in minor units, half a unit rounded up."""
    return int(amount.scaleb(digits(currency)).to_integral_value(ROUND_HALF_UP))


def share(amount_minor: int, part: int, whole: int, *, step: int = 1) -> int:
    """`part` of `whole` of an amount, in minor units, half a step rounded up; `whole` > 0."""
    return (2 * amount_minor * part + whole * step) // (2 * whole * step) * step


def step(currency: str) -> int:
    """In what steps, in minor units, cards can pay and be paid back: tens of a third decimal."""
    return 10 if digits(currency) == 3 else 1


def display(amount_minor: int, currency: str, *, locale: str = "en") -> str:
    """The amount as people of this locale write it, such as `₹1,500.00`."""
    return format_currency(major(amount_minor, currency), currency, locale=locale.replace("-", "_"))
