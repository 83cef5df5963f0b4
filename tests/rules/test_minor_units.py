"""Amounts go out to a provider and come back to the unit, whatever it calls a unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmentor.base import money
from openmentor.payments.providers import razorpay_reports, stripe_reports
from openmentor.payments.providers.documents import Misshapen
from openmentor.payments.providers.interface import Declined
from openmentor.payments.providers.units import MinorUnits

UNITS = {"razorpay": razorpay_reports.UNITS, "stripe": stripe_reports.UNITS}
ALL = [pytest.param(units, id=name) for name, units in UNITS.items()]
CURRENCIES = [
    "AED",
    "BHD",
    "CLP",
    "EUR",
    "GBP",
    "IDR",
    "INR",
    "ISK",
    "JPY",
    "KRW",
    "KWD",
    "LAK",
    "MGA",
    "OMR",
    "RSD",
    "TND",
    "UGX",
    "USD",
    "VND",
]


@given(
    units=st.sampled_from(list(UNITS.values())),
    currency=st.sampled_from(CURRENCIES),
    amount=st.integers(1, money.LIMIT_MINOR),
)
def test_what_goes_out_comes_back(units: MinorUnits, currency: str, amount: int) -> None:
    if units.digits(currency) == 3:
        amount *= 10
    theirs = units.outward(amount, currency)
    assert type(theirs) is int
    assert units.inward(theirs, currency) == amount
    assert units.rounded_down(theirs, currency) == amount


@given(
    units=st.sampled_from(list(UNITS.values())),
    currency=st.sampled_from(CURRENCIES),
    amount=st.integers(1, money.LIMIT_MINOR),
)
def test_both_sides_mean_the_same_money(units: MinorUnits, currency: str, amount: int) -> None:
    if units.digits(currency) == 3:
        amount *= 10
    theirs = units.outward(amount, currency)
    ours = amount * 10 ** units.digits(currency)
    assert theirs * 10 ** money.digits(currency) == ours


@pytest.mark.parametrize("units", ALL)
@pytest.mark.parametrize("currency", ["KWD", "BHD", "OMR"])
def test_the_third_decimal_must_be_zero(units: MinorUnits, currency: str) -> None:
    assert units.outward(99_990, currency) == 99_990
    with pytest.raises(Declined, match=r"99\.991"):
        units.outward(99_991, currency)


def test_a_remainder_from_the_provider_is_never_rounded_silently() -> None:
    assert stripe_reports.UNITS.inward(500, "UGX") == 5
    with pytest.raises(Misshapen):
        stripe_reports.UNITS.inward(501, "UGX")
    assert stripe_reports.UNITS.rounded_down(501, "UGX") == 5
