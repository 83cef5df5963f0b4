"""The line to Stripe: its SDK, with our own timeout and keys, and words for what is not known.

The SDK's own repeats are off: a repeat of ours has the same idempotency key in any process.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import stripe

from openmentor.payments.providers import documents
from openmentor.payments.providers.documents import Document
from openmentor.payments.providers.interface import Declined, Unclear

_KEYS = 3


class Refused(Declined):
    """Stripe's no, and the parameter that it is about."""

    def __init__(self, words: str, *, about: str) -> None:
        super().__init__(words)
        self.about = about


class Spent(Unclear):
    """Stripe remembers for this key that it failed, and will say nothing else for it."""


@dataclass(slots=True, kw_only=True)
class Line:
    """Where Stripe is, who we are there, and how many seconds we wait for each step."""

    secret_key: str
    base_url: str
    timeout: int
    client: stripe.StripeClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = stripe.StripeClient(
            self.secret_key,
            base_addresses={"api": self.base_url},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=self.timeout),
        )

    def ask(self, call: Callable[[], stripe.StripeObject]) -> Document:
        """The answer to one call of the SDK; `Declined` or `Unclear` if there is none."""
        with _clear():
            return documents.of(call().to_dict())

    def look_up(self, call: Callable[[], stripe.StripeObject]) -> Document:
        """As `ask`, for calls that only read: whatever the trouble, it proves nothing."""
        try:
            return self.ask(call)
        except Declined as refusal:
            raise Unclear(f"Stripe answered: {refusal}") from refusal

    def ask_once(self, key: str, call: Callable[[str], stripe.StripeObject]) -> Document:
        """As `ask`, with an idempotency key: repeated, it happens once.

        Stripe keeps the answer of a key, a 500 too, for a day. So a key that is spent on a known
        500 gives way to the next one; the caller has made sure that nothing came of the first.
        """
        for number in range(1, _KEYS + 1):
            own = key if number == 1 else f"{key}-{number}"
            try:
                return self.ask(lambda own=own: call(own))  # type: ignore[misc] # mypy cannot infer a lambda with a default
            except Spent:
                continue
        raise Unclear("Stripe keeps answering that it failed.")


@contextmanager
def _clear() -> Iterator[None]:
    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError) as refusal:
        words = documents.readable(refusal.user_message or "Stripe declined.")
        raise Refused(words, about=refusal.param or "") from refusal
    except stripe.StripeError as trouble:
        replayed = (trouble.headers or {}).get("idempotent-replayed") == "true"
        if replayed and (trouble.http_status or 0) >= 500:
            raise Spent("Stripe remembers a failure.") from trouble
        raise Unclear(
            f"Stripe gave no clear answer ({type(trouble).__name__}, {trouble.http_status})."
        ) from trouble
    except (AttributeError, KeyError, TypeError, ValueError) as trouble:
        # What the SDK runs into when an answer has not the shape it relies on.
        raise Unclear("Stripe's answer cannot be read.") from trouble
