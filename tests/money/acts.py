"""What a process that is to be killed can be in the middle of."""

from collections.abc import Callable

from openmentor.base import clock
from openmentor.booking import checkout, sessions
from openmentor.people.models import Person
from tests.money import counter


def begin(session: str, payer: int, provider: str) -> None:
    """The payer goes to the checkout."""
    by = Person.objects.get(pk=payer)
    checkout.begin(session, payer=by, provider=provider, now=clock.now())
    answer()


def come_back(order: str, payer: int, returned: dict[str, str]) -> None:
    """The payer's browser returns."""
    by = Person.objects.get(pk=payer)
    checkout.verify(order, payer=by, returned=returned, now=clock.now())
    answer()


def cancel(session: str, payer: int) -> None:
    """The payer cancels."""
    sessions.cancel(session, by=Person.objects.get(pk=payer), now=clock.now())
    answer()


def hear(provider: str, headers: dict[str, str], body: str) -> None:
    """A webhook comes in by the door."""
    counter.post(provider, headers, body.encode())


def run_jobs() -> None:
    """The worker does what is due."""
    counter.run_jobs()


def answer() -> None:
    """Where a door writes its answer: all is committed, and nobody knows."""


ACTS: dict[str, Callable[..., None]] = {
    act.__name__: act for act in (begin, come_back, cancel, hear, run_jobs)
}
