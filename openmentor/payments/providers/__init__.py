"""Those who move the money: one interface, one file for each, chosen by the operator's settings."""

from functools import cache
from importlib import import_module

from django.conf import settings

from openmentor.base.errors import Invalid
from openmentor.payments.providers.interface import Provider


@cache
def of(name: str) -> Provider:
    """The provider of this name, as the operator set it up; `invalid` if it is not enabled."""
    if name not in settings.PAYMENT_PROVIDERS:
        raise Invalid.field("paymentMode", f"Paying with {name!r} is not possible here.")
    module = import_module(f"openmentor.payments.providers.{name}")
    provider: Provider = module.configured(settings.PAYMENT_PROVIDERS[name])
    return provider


def usual() -> str:
    """The name of the provider that an order goes to unless the payer chooses another."""
    return enabled()[0]


def enabled() -> list[str]:
    """The names of the providers one can pay with, the usual one first."""
    return list(settings.PAYMENT_PROVIDERS)
