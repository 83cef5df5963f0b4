"""The front desk of a stand-in: finds who answers a request, and plays the script's tricks on it.

Open to whoever can reach it: `POST /_script` (see `standins.script` and `standins.outbox`) and
`GET /_webhooks`, the webhooks that were signed so far.
"""

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from standins.keys import Keys
from standins.outbox import Outbox
from standins.script import Fault, Script
from standins.server import Answer, Request, json_answer, page

BAD_GATEWAY = page("<html><body><h1>502 Bad Gateway</h1></body></html>", status=502)
_LOST = {"drop", "409", "429", "502"}
"""Faults between the caller and the provider, who remembers its real answer, if there is one."""


@dataclass(frozen=True, slots=True)
class Route:
    """One call: its method, its path as an expression, its name, and who answers.

    Calls that `is_public` need no key: a payer's browser makes them.
    """

    method: str
    path: str
    call: str
    do: Callable[..., Answer]
    is_public: bool = False


class Provider(Protocol):
    """What the front desk needs of a stand-in."""

    routes: Sequence[Route]
    script: Script
    outbox: Outbox
    keys: Keys
    lock: threading.RLock

    def refused(self, request: Request) -> Answer | None:
        """The answer to somebody without the right key."""

    def idempotency_key(self, request: Request) -> str:
        """The caller's key, if it sent one."""

    def failure(self, status: int) -> Answer:
        """An error of this status, in this provider's form."""

    def mismatch(self) -> Answer:
        """The answer to a key that comes back with another request."""

    def obey(self, command: dict[str, Any]) -> bool:
        """A command of this provider's own; whether it knows it."""


def answer(provider: Provider, request: Request) -> Answer:
    """What the stand-in answers to a request."""
    if request.path == "/_script":
        return _obey(provider, request.json())
    if request.path == "/_webhooks":
        return json_answer(provider.outbox.sent)
    for route in provider.routes:
        match = re.fullmatch(route.path, request.path)
        if match and route.method == request.method:
            return _called(provider, route, request, match.groups())
    return provider.failure(404)


def _obey(provider: Provider, command: dict[str, Any]) -> Answer:
    known = True
    if "webhooks" in command:
        provider.outbox.obey(command["webhooks"])
    elif command.get("forget_keys"):
        provider.keys.forget()
    else:
        with provider.lock:
            known = provider.script.obey(command) or provider.obey(command)
    return json_answer({"known": known}, 200 if known else 400)


def _called(provider: Provider, route: Route, request: Request, facts: tuple[str, ...]) -> Answer:
    if not route.is_public and (refusal := provider.refused(request)):
        return refusal
    fault = provider.script.fault(route.call)
    if fault and fault.fault in _LOST and fault.is_before:
        return _lost(provider, fault)

    def do() -> Answer:
        with provider.lock:
            return route.do(request, *facts)

    real = provider.keys.once(
        provider.idempotency_key(request),
        request.method.encode() + request.path.encode() + request.body,
        lambda: _troubled(provider, fault, do),
        busy=provider.failure(409),
        mismatch=provider.mismatch(),
    )
    return _lost(provider, fault) if fault and fault.fault in _LOST else real


def _troubled(provider: Provider, fault: Fault | None, do: Callable[[], Answer]) -> Answer:
    """The answer that the provider will remember."""
    if fault is None or fault.fault in _LOST:
        return do()
    if fault.is_before:
        time.sleep(fault.seconds)
        return provider.failure(500) if fault.fault == "500" else do()
    done = do()
    time.sleep(fault.seconds)
    return provider.failure(500) if fault.fault == "500" else done


def _lost(provider: Provider, fault: Fault) -> Answer:
    if fault.fault == "drop":
        return replace(Answer(), dropped=True)
    return BAD_GATEWAY if fault.fault == "502" else provider.failure(int(fault.fault))
