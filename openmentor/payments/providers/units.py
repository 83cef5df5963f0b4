"""A provider's minor units and ours: they differ for the currencies that have lost theirs.

We go by how people use a currency (Babel, from CLDR): a krona has no parts. A provider may still
want it in hundredths. Only whole numbers are multiplied and divided here.
"""

from dataclasses import dataclass

from openmentor.base import money
from openmentor.payments.providers.documents import Misshapen
from openmentor.payments.providers.interface import Declined


@dataclass(frozen=True, slots=True)
class MinorUnits:
    """How many decimal digits a provider gives to each currency: none, three, or else two."""

    none: frozenset[str]
    three: frozenset[str]

    def digits(self, currency: str) -> int:
        """The decimal digits of this provider's minor unit."""
        if currency in self.none:
            return 0
        return 3 if currency in self.three else 2

    def outward(self, amount_minor: int, currency: str) -> int:
        """Our amount as the provider counts it.

        Declined where the provider has no such amount. Card networks know hundredths at most, so
        the last of three digits must be 0.
        """
        theirs, rest = self._shifted(amount_minor, self.digits(currency) - money.digits(currency))
        if rest or (self.digits(currency) == 3 and theirs % 10):
            shown = money.display(amount_minor, currency)
            raise Declined(f"{shown} cannot be paid with a card: it is not a round amount.")
        return theirs

    def inward(self, amount: int, currency: str) -> int:
        """The provider's amount as we count it, to the unit; `Misshapen` if it has a remainder."""
        ours, rest = self._shifted(amount, money.digits(currency) - self.digits(currency))
        if rest:
            raise Misshapen(f"{amount} {currency} is not a whole amount")
        return ours

    def rounded_down(self, amount: int, currency: str) -> int:
        """As `inward`, without a remainder that somebody made at the provider."""
        return self._shifted(amount, money.digits(currency) - self.digits(currency))[0]

    @staticmethod
    def _shifted(amount: int, digits: int) -> tuple[int, int]:
        factor: int = 10 ** abs(digits)
        return (amount * factor, 0) if digits >= 0 else divmod(amount, factor)
