"""The line to Razorpay: its SDK, made to wait only so long and to say what it does not know.

The SDK waits for ever, prints about trouble, follows redirects with the order in hand, and fails
in many ways on an answer that is not JSON. All of that ends here, beneath it.
"""

from dataclasses import dataclass
from typing import Any

import razorpay
import requests
from razorpay.errors import BadRequestError, GatewayError, ServerError

from openmentor.payments.providers import documents
from openmentor.payments.providers.documents import Document, Misshapen
from openmentor.payments.providers.interface import Declined, Unclear

_CLEAR = {200, 201, 400}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where Razorpay is, who we are there, and how many seconds we wait for each step."""

    key_id: str
    key_secret: str
    base_url: str
    timeout: int

    def ask(self, thing: str, verb: str, *facts: Any, **options: Any) -> Document:
        """The answer to one call of the SDK; `Declined` or `Unclear` if there is none.

        A connection is not kept: one that Razorpay has closed meanwhile would make a call unclear.
        """
        with _Session(self.timeout) as session:
            client = razorpay.Client(
                session=session, auth=(self.key_id, self.key_secret), base_url=self.base_url
            )
            try:
                return documents.of(getattr(getattr(client, thing), verb)(*facts, **options))
            except BadRequestError as refusal:
                raise _refused(str(refusal)) from refusal
            except (GatewayError, ServerError, Misshapen) as trouble:
                raise Unclear(f"Razorpay answered: {trouble}") from trouble

    def look_up(self, thing: str, verb: str, *facts: Any) -> Document:
        """As `ask`, for calls that only read: whatever the trouble, it proves nothing."""
        try:
            return self.ask(thing, verb, *facts)
        except Declined as refusal:
            raise Unclear(f"Razorpay answered: {refusal}") from refusal


class _Session(requests.Session):
    """Lets only clear answers through to the SDK: JSON objects with status 200 or 400."""

    def __init__(self, timeout: int) -> None:
        super().__init__()
        self.timeout = timeout

    def request(self, method: Any, url: Any, *args: Any, **options: Any) -> requests.Response:
        """As `requests.Session`; `Unclear` for no answer in time, or none that can be read."""
        options |= {"timeout": self.timeout, "allow_redirects": False, "verify": True}
        try:
            response = super().request(method, url, *args, **options)
            answer = response.json()
        except (requests.RequestException, RecursionError) as trouble:
            raise Unclear(f"Razorpay gave no answer ({type(trouble).__name__}).") from trouble
        if response.status_code not in _CLEAR or not _is_whole(answer, response.ok):
            raise Unclear(f"Razorpay answered with status {response.status_code}.")
        return response


def _is_whole(answer: object, ok: bool) -> bool:
    """Whether the answer has the form the SDK relies on."""
    return isinstance(answer, dict) and (ok or isinstance(answer.get("error"), dict))


def _refused(words: str) -> Exception:
    """A no is certain, except about a key that was used before: then something had happened."""
    if "idempoten" in words.lower():
        return Unclear(f"Razorpay answered: {documents.readable(words)}")
    return Declined(documents.readable(words) or "Razorpay declined.")
