"""Each provider in turn, for the tables of the contract."""

import pytest

from openmentor.payments.providers import mock
from standins.remote import Remote
from tests.contracts.parties import Party, adapter


@pytest.fixture(params=["razorpay", "stripe"])
def remote(request: pytest.FixtureRequest) -> Remote:
    """Each stand-in in turn."""
    standin: Remote = request.getfixturevalue(f"{request.param}_standin")
    return standin


@pytest.fixture
def served(remote: Remote) -> Party:
    """Each adapter that talks to a server."""
    return Party(adapter(remote), remote)


@pytest.fixture(params=["mock", "razorpay", "stripe"])
def party(request: pytest.FixtureRequest) -> Party:
    """Each adapter there is."""
    if request.param == "mock":
        return Party(mock.configured({}), None)
    standin: Remote = request.getfixturevalue(f"{request.param}_standin")
    return Party(adapter(standin), standin)
