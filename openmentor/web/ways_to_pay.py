"""The payment providers by the names that payers know, and what one can pay with there."""

from typing import NamedTuple


class Way(NamedTuple):
    """One way to pay."""

    provider: str
    name: str
    means: str


WAYS = {
    "razorpay": Way("razorpay", "Razorpay", "Card, UPI, netbanking or wallet"),
    "stripe": Way("stripe", "Stripe", "Card, or what else your country pays with"),
    "mock": Way("mock", "Play money", "For trying out: nothing real moves"),
}
