"""What an order can be for, as far as money has to know: it is given, or it is let go."""

from datetime import datetime
from typing import Protocol

from openmentor.payments.models import Payment


class Bought(Protocol):
    """A thing that somebody pays for, its locks held until the transaction ends.

    Each floor that sells something has a class like this; settling an order knows no other.
    """

    @property
    def is_paid(self) -> bool:
        """Whether other money has paid for it before, given back since or not."""

    def give(self, payment: Payment, *, now: datetime) -> bool:
        """Give it for this money; False, and nothing changed, if it cannot be had any more."""

    def note_failure(self) -> None:
        """A try to pay for it did not work; it stays held."""

    def let_go(self, *, now: datetime) -> None:
        """It was not paid in time: what was held for it is free again."""
