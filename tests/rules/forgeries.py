"""A great many ways to forge a webhook: in its bytes, its content, its signature, its time."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.rules.provider_messages import (
    NOW,
    RAZORPAY,
    SECRET,
    STRIPE,
    Sender,
    Webhook,
    hexdigest,
    sign_as_razorpay,
    sign_as_stripe,
)

WRONG: tuple[Any, ...] = (
    *(None, True, -1, 1.5, 10**30, "", "ünï\0", "x" * 300, [], {}, [[]], {"id": {}}),
)
"""Values that are wrong wherever an id, a kind, a currency or an amount is wanted."""


def forgeries(sender: Sender) -> Iterator[tuple[str, Webhook]]:
    """Each a name and a webhook that must be refused."""
    for kind, event in sender.events.items():
        real = sender.webhook(event)
        yield from _tampered(kind, real)
        yield from _not_a_message(sender, kind, real)
        for path in sender.needed[kind]:
            yield f"{kind} without {'.'.join(path)}", sender.webhook(_changed(event, path))
            for number, wrong in enumerate(WRONG):
                name = f"{kind} with wrong {number} for {'.'.join(path)}"
                yield name, sender.webhook(_changed(event, path, wrong))
    yield from FORGED_SIGNATURES[sender.name]()


def _changed(event: dict[str, Any], path: tuple[str, ...], *value: Any) -> dict[str, Any]:
    """The event with another value at this path, or with none."""
    changed = copy.deepcopy(event)
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    if value:
        inner[path[-1]] = value[0]
    else:
        del inner[path[-1]]
    return changed


def _tampered(kind: str, real: Webhook) -> Iterator[tuple[str, Webhook]]:
    """Its own signature over other bytes."""
    body = real.body
    event = json.loads(body)
    bodies = {
        "sorted": json.dumps(event, sort_keys=True).encode(),
        "indented": json.dumps(event, indent=1).encode(),
        "compact": json.dumps(event, separators=(",", ":")).encode(),
        "with a newline": body + b"\n",
        "with a space": b" " + body,
        "with a mark": b"\xef\xbb\xbf" + body,
        "in UTF-16": body.decode().encode("utf-16"),
        "twice": body + body,
        "gone": b"",
        "with another amount": body.replace(b"50000", b"50001").replace(b"10000", b"10001"),
        "with another kind": body.replace(kind.encode(), b"payment.failed"),
    }
    for name, other in bodies.items():
        yield f"{kind} {name}", replace(real, body=other)
    for cut in range(1, len(body), max(1, len(body) // 12)):
        yield f"{kind} cut at {cut}", replace(real, body=body[:cut])
        flipped = body[:cut] + bytes([body[cut] ^ 1]) + body[cut + 1 :]
        yield f"{kind} flipped at {cut}", replace(real, body=flipped)


def _not_a_message(sender: Sender, kind: str, real: Webhook) -> Iterator[tuple[str, Webhook]]:
    """Well signed, and still nothing that the provider would say."""
    bodies = {
        "cut": real.body[:-1],
        "bad UTF-8": real.body.replace(b'"id"', b'"\xff"'),
        "nothing but bad UTF-8": b"\xff\xfe\xfd",
        "in UTF-16": real.body.decode().encode("utf-16"),
        "empty": b"",
        "null": b"null",
        "a list": b"[" + real.body + b"]",
        "text": json.dumps(real.body.decode()).encode(),
        "a number": b"7",
        "not a number": real.body.replace(b"0000", b"NaN"),
        "infinity": b'{"amount": Infinity}',
        "with long digits": b'{"amount": ' + b"9" * 5000 + b"}",
        "deep in lists": b"[" * 100_000,
        "deep in objects": b'{"a":' * 100_000,
        "huge": b'{"a": "' + b"x" * 1_000_000 + b'"}',
        "a page": b"<html><body>502</body></html>",
        "a form": b"event=payment.captured&amount=50000",
        "empty object": b"{}",
    }
    for name, body in bodies.items():
        yield f"{kind} signed, {name}", sender.webhook(body)


def _bad_digests(real: str) -> Iterator[tuple[str, str]]:
    """Ways to get a signature of 64 hexadecimal digits wrong."""
    for at in range(0, 64, 4):
        yield f"cut at {at}", real[:at]
        other = "0" if real[at] != "0" else "1"
        yield f"wrong at {at}", real[:at] + other + real[at + 1 :]
    others = {
        "in capitals": real.upper() if real.upper() != real else "0" * 64,
        "named": f"sha256={real}",
        "padded": f" {real}",
        "repeated": f"{real}{real}",
        "not hexadecimal": "z" * 64,
        "not ASCII": "ü" * 64,
        "wide digits": "１" * 64,
        "a lone surrogate": "\ud800" * 64,
        "with a null": real[:-1] + "\0",
        "of nothing": hexdigest(SECRET, b""),
        "very long": "a" * 100_000,
    }
    yield from others.items()


def _forged_razorpay() -> Iterator[tuple[str, Webhook]]:
    event = RAZORPAY.events["payment.captured"]
    real = RAZORPAY.webhook(event)
    signature = real.headers["x-razorpay-signature"]

    def with_headers(**changes: str) -> Webhook:
        renamed = {f"x-razorpay-{name.replace('_', '-')}": text for name, text in changes.items()}
        return replace(real, headers={**real.headers, **renamed})

    for name, bad in _bad_digests(signature):
        yield f"signature {name}", with_headers(signature=bad)
    for secret in ("", "whsec_other", "key_secret", SECRET.upper(), SECRET + " "):
        headers = sign_as_razorpay(real.body, secret)
        yield f"signed with {secret!r}", replace(real, headers=headers)
    refund = RAZORPAY.webhook(RAZORPAY.events["refund.processed"])
    yield "headers of another event", replace(real, headers=refund.headers)
    yield "signed like Stripe", replace(real, headers=sign_as_stripe(real.body))
    yield "without headers", replace(real, headers={})
    for missing in real.headers:
        rest = {name: text for name, text in real.headers.items() if name != missing}
        yield f"without {missing}", replace(real, headers=rest)
    for bad in ("", "ünï", "a b", "x" * 201, "\0", "\ud800"):
        yield f"event id {bad[:5]!r}", with_headers(event_id=bad)
    other = {**event, "account_id": "acc_00000000000000"}
    yield "about another account", RAZORPAY.webhook(other)


def _forged_stripe() -> Iterator[tuple[str, Webhook]]:
    event = STRIPE.events["checkout.session.completed"]
    real = STRIPE.webhook(event)
    for name, header in _bad_headers(real):
        yield name, replace(real, headers={"stripe-signature": header})
    for secret in ("", "whsec_other", "sk_test", SECRET.upper(), SECRET + " "):
        headers = sign_as_stripe(real.body, secret)
        yield f"signed with {secret!r}", replace(real, headers=headers)
    for seconds in (-(10**9), -86_400, -301, 301, 3600, 10**9):
        headers = sign_as_stripe(real.body, at=NOW + timedelta(seconds=seconds))
        yield f"signed {seconds} s from now", replace(real, headers=headers)
        yield f"heard {seconds} s off", replace(real, now=NOW + timedelta(seconds=seconds))
    refund = STRIPE.webhook(STRIPE.events["refund.updated"])
    yield "headers of another event", replace(real, headers=refund.headers)
    yield "signed like Razorpay", replace(real, headers=sign_as_razorpay(real.body))
    yield "without headers", replace(real, headers={})
    yield "about another account", STRIPE.webhook({**event, "account": "acct_other"})
    yield "about no account's name", STRIPE.webhook({**event, "account": {}})


def _bad_headers(real: Webhook) -> Iterator[tuple[str, str]]:
    """Stripe's header with a wrong digest, a wrong time, or wrongly put together."""
    signed_at, _, signature = real.headers["stripe-signature"].partition(",")
    moment, digest = signed_at.removeprefix("t="), signature.removeprefix("v1=")
    for name, bad in _bad_digests(digest):
        yield f"signature {name}", f"t={moment},v1={bad}"
        yield f"two signatures {name}", f"t={moment},v1={bad},v1={bad}"
    odd = ("", "0", "-1", "+1", "1.5", "1e9", "NaN", "１２３", "9" * 400)
    for time in (*odd, f"0{moment}", f" {moment} "):
        signed = hexdigest(SECRET, f"{time}.".encode() + real.body)
        yield f"time {time[:12]!r}", f"t={time},v1={signed}"
    wrong = [
        *(f"v1={digest}", f"t={moment}", digest, ",,,", "=", "t=,v1=", f"{moment},{digest}"),
        *(f"t={moment},v0={digest}", f"t={moment},V1={digest}", f"t={moment};v1={digest}"),
        *(f"t={moment},t={moment},v1={digest}", f"t={int(moment) + 1},v1={digest}"),
        *(f"t:{moment},v1:{digest}", f"t={moment},v1={digest}," + "v1=0," * 2000),
    ]
    for header in wrong:
        yield f"header {header[:60]!r}", header


FORGED_SIGNATURES: dict[str, Callable[[], Iterator[tuple[str, Webhook]]]] = {
    "razorpay": _forged_razorpay,
    "stripe": _forged_stripe,
}
