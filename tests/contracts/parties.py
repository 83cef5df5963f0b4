"""The parties of a payment: a provider's adapter, and whoever pays at its other end."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from openmentor.base import references
from openmentor.payments.providers.interface import OrderToPay, PaymentReport, Provider
from standins.remote import Remote


@dataclass(frozen=True, slots=True)
class Party:
    """An adapter, and the stand-in at its other end (play money has none)."""

    provider: Provider
    remote: Remote | None

    def order(
        self,
        amount_minor: int = 150_000,
        currency: str = "INR",
        *,
        hold: int = 15,
        return_url: str = "",
    ) -> OrderToPay:
        """An order that the provider knows, held for so many minutes."""
        order = an_order(amount_minor, currency, hold=hold)
        order = replace(order, return_url=return_url or order.return_url)
        return known(order, self.provider.create(order).provider_order_id)

    def pay(self, order: OrderToPay, outcome: str = "success") -> Mapping[str, str]:
        """Be the payer; what the browser brings back."""
        if self.remote is None:
            return {"outcome": outcome}
        return self.remote.pay(order.provider_order_id, outcome)

    def paid(self, order: OrderToPay) -> PaymentReport:
        """The payment of an order that was just paid."""
        return self.provider.verify(order, self.pay(order))


def an_order(amount_minor: int = 150_000, currency: str = "INR", *, hold: int = 15) -> OrderToPay:
    """An order of ours that no provider knows yet."""
    reference = references.fresh("ORDER")
    return OrderToPay(
        reference=reference,
        amount_minor=amount_minor,
        currency=currency,
        description="Mock interview — “system design”",
        expires_at=datetime.now(UTC) + timedelta(minutes=hold),
        return_url=f"http://testserver/payments/{reference}/return",
        cancel_url=f"http://testserver/payments/{reference}",
    )


def known(order: OrderToPay, provider_order_id: str) -> OrderToPay:
    """The same order, with the provider's id."""
    return replace(order, provider_order_id=provider_order_id)


def adapter(remote: Remote, **options: Any) -> Provider:
    """The adapter for a stand-in; `options` replace the usual ones."""
    module = import_module(f"openmentor.payments.providers.{remote.name}")
    provider: Provider = module.configured(remote.options() | options)
    return provider
