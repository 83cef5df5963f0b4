"""The other end of a stand-in: for tests, and for programs that try OpenMentor out.

Works the same whether the stand-in runs in a thread or in a process of its own.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standins import accounts, journal
from standins.accounts import KEY_ID, RAZORPAY_SECRET, STRIPE_SECRET, WEBHOOK_SECRET


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A stand-in that is listening at `url` and writes to `book`."""

    name: str
    url: str
    book: Path

    def options(self) -> dict[str, Any]:
        """What OpenMentor's `PAYMENT_PROVIDERS` holds to use it."""
        common = {"base_url": self.url, "webhook_secret": WEBHOOK_SECRET, "timeout": 5}
        if self.name == "stripe":
            return {"secret_key": STRIPE_SECRET, "checkout_url": self.url, **common}
        return {
            "key_id": KEY_ID,
            "key_secret": RAZORPAY_SECRET,
            "checkout_url": f"{self.url}/v1/checkout.js",
            **common,
        }

    def script(self, **command: Any) -> None:
        """Tell it what to do wrong, late or now."""
        assert self._post("/_script", command)["known"], command

    def pay(self, order_id: str, outcome: str = "success") -> dict[str, str]:
        """Be the payer in the checkout; what the browser brings back to us (or the error)."""
        if self.name == "razorpay":
            return self._post("/v1/checkout/pay", {"order_id": order_id, "outcome": outcome})
        body = urllib.parse.urlencode({"outcome": outcome}).encode()
        request = urllib.request.Request(f"{self.url}/c/pay/{order_id}", data=body)
        try:
            with _STAY.open(request, timeout=10) as page:
                page.read()
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 303:
                    return {"session_id": order_id, "location": error.headers["Location"]}
        return {"error": outcome}

    def webhooks(self) -> list[tuple[dict[str, str], bytes]]:
        """The webhooks it has signed so far: headers in lower case, and the raw body."""
        with urllib.request.urlopen(f"{self.url}/_webhooks", timeout=10) as answer:
            sent = json.load(answer)
        return [
            ({name.lower(): value for name, value in one["headers"].items()}, one["body"].encode())
            for one in sent
        ]

    def captured(self) -> dict[str, int]:
        """What it captured, by payment, in its own minor units."""
        return journal.captured(self.book)

    def refunded(self) -> dict[str, int]:
        """What it gave back, by payment, in its own minor units."""
        return journal.refunded(self.book)

    def _post(self, path: str, value: object) -> dict[str, Any]:
        request = urllib.request.Request(self.url + path, data=json.dumps(value).encode())
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                known: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                known = json.load(error)
        return known


@contextmanager
def running(name: str, *, book: Path, **settings: Any) -> Iterator[Remote]:
    """A stand-in in threads of this process, on a free port, until the block ends."""
    account = accounts.opened(name, journal=book, **settings)
    account.server.start()
    try:
        yield Remote(name=name, url=account.server.url, book=book)
    finally:
        account.close()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **options: Any) -> None:
        """Nowhere: the redirect is the answer."""


_STAY = urllib.request.build_opener(_Stay)
