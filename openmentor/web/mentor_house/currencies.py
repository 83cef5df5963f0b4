"""The currencies a mentor can choose, by name."""

from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies


@cache
def choices() -> tuple[tuple[str, str], ...]:
    """Every currency that some country pays in today, as (code, `INR – Indian Rupee`)."""
    codes = {
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory)
    }
    return tuple(
        (code, f"{code} – {get_currency_name(code, locale='en')}") for code in sorted(codes)
    )
