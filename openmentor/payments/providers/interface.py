"""What OpenMentor asks of whoever moves the money, and when money may move.

The payer's money moves at the provider's own checkout, for an order that `create` made; `verify`,
`read_webhook` and `fetch` merely report it. Money moves back on `refund` only, which is repeated
with the same key until its outcome is known: the provider pays a key back once.

Every call either answers, or raises `Unclear` (nobody knows whether it happened: ask `fetch` or
repeat it later with the same key), or raises `Declined` (it certainly did not happen). Calls that
only read raise `Unclear` for every trouble: not being told of a refund proves nothing. Amounts are
our minor units; where a provider counts otherwise, its adapter converts. Nothing here touches our
database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Unclear(Exception):  # noqa: N818 - a state of knowledge
    """The provider did not answer in a way that tells whether the call took effect."""


class Declined(Exception):  # noqa: N818 - an answer
    """The provider said no, for certain; the sentence says why."""


class Forged(Exception):  # noqa: N818 - a verdict
    """A message that does not come from the provider, or not in this form, or not recently."""


class Outcome(StrEnum):
    """What became of one payment attempt or one refund.

    A payment is `refunded` when all of it went back: there is no money to give anything for. It
    goes forward only, but a failed one may still be captured. A refund may fail after all.
    """

    PENDING = "pending"
    CAPTURED = "captured"
    REFUNDED = "refunded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderToPay:
    """An order as the provider gets it. `reference` is ours and the same on every retry."""

    reference: str
    amount_minor: int
    currency: str
    description: str
    expires_at: datetime
    return_url: str
    cancel_url: str
    provider_order_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What the provider made: its own id of the order, and what the payer's browser needs.

    That is `url` to go to (stripe); `script` to load and `options` for its checkout (razorpay); or
    the `outcomes` to choose from (mock).
    """

    provider_order_id: str
    browser: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReport:
    """One payment attempt as the provider sees it; `reason` says why a failed one failed.

    Its id is empty where nobody has tried to pay yet (then it is pending, or closed unpaid).
    """

    provider_order_id: str
    provider_payment_id: str
    outcome: Outcome
    amount_minor: int
    currency: str
    refunded_minor: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReport:
    """One refund as the provider sees it; `key` is the one that `refund` was called with.

    It is empty for one that was made without us, by the provider itself or by hand on its pages.
    """

    provider_refund_id: str
    provider_payment_id: str
    key: str
    outcome: Outcome
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One webhook, proven to be the provider's: its id and what it reports (maybe nothing)."""

    event_id: str
    kind: str
    payments: tuple[PaymentReport, ...] = ()
    refunds: tuple[RefundReport, ...] = ()


class Provider(Protocol):
    """One way to pay."""

    name: str

    def create(self, order: OrderToPay) -> Checkout:
        """Make the order at the provider. Repeated with the same reference: the same order."""

    def verify(self, order: OrderToPay, returned: Mapping[str, str]) -> PaymentReport:
        """Judge what the payer's browser brought back, with our own order id.

        Raises `Forged` when it is not the provider's word about this order. The amount and the
        currency in the report are the provider's; the caller compares them with the order.
        """

    def read_webhook(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Message:
        """Read a webhook from its raw body. Raises `Forged` for anything not authentic and whole.

        Header names are lower case. A kind we do not know is a message that reports nothing.
        """

    def fetch(self, order: OrderToPay) -> list[PaymentReport]:
        """Every payment attempt that the provider knows for this order."""

    def close(self, order: OrderToPay) -> None:
        """Ask the provider to take no more money for this order, where it can be asked."""

    def refund(
        self, payment: PaymentReport, amount_minor: int, *, key: str, reason: str
    ) -> RefundReport:
        """Pay back a part or all of a captured payment, once for each key.

        A whole payment that went back without us, in one refund, is the refund of this key.
        """

    def fetch_refunds(self, payment: PaymentReport) -> list[RefundReport]:
        """Every refund that the provider knows for this payment."""
