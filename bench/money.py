"""What money costs: a booking that is paid beside one that is free, and webhooks.

A paid booking is three calls: book, create the checkout, verify it with play money. Their rates
come one by one; a paid booking takes as long as the three together. `python -m bench.money` runs
this part alone, on a small table; the usual arguments apply.
"""

import argparse
import itertools
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from bench import load
from bench.load import Load
from bench.report import Report
from openmentor.base import embedded
from openmentor.base.embedded_server import find_server
from standins import razorpay_events, razorpay_forms
from standins.razorpay import ACCOUNT_ID

if TYPE_CHECKING:
    from bench.__main__ import Web

PRICE = 50_000
SECRET = "whsec_bench"
HEARING = {
    "RAZORPAY_KEY_ID": "rzp_bench",
    "RAZORPAY_KEY_SECRET": "bench",
    "RAZORPAY_WEBHOOK_SECRET": SECRET,
}
"""With this in its environment a web server hears Razorpay, and asks it nothing."""
DAYS_AHEAD = {"free": 12, "paid": 24, "heard": 36}
"""Where each measurement finds its free times."""
HELD = """
SELECT session.reference, orders.reference, orders.provider_order_id, booking.mentee_id
  FROM booking_booking booking
  JOIN booking_session session ON session.id = session_id
  JOIN payments_order orders ON purpose = 'booking' AND purpose_id = booking.id
 WHERE booking.status = 'held' AND orders.status = 'created' ORDER BY booking.id
"""
GUESTS = "SELECT id FROM people_person WHERE email LIKE 'guest-%' ORDER BY id"
AT_RAZORPAY = """
UPDATE payments_order SET provider = 'razorpay', provider_order_id = 'order_' || id
 WHERE status = 'created'
"""


def pay(web: "Web", asked: argparse.Namespace, report: Report) -> None:
    """Book free and book paid, each one after the other, and pay."""
    free = web.measure(bookings(web, "free"), asked, expected=201)
    with priced(web):
        booked = web.measure(bookings(web, "paid"), asked, expected=201)
        begun = web.measure(_calls(web, "create"), asked)
        verified = web.measure(_calls(web, "verify"), asked)
    report.load("a free booking", free)
    report.load("a booking with a price", booked)
    report.load("POST /api/session-payments/create", begun)
    report.load("POST /api/session-payments/verify", verified)
    report.load("booked, created and verified", together(booked, begun, verified), limit=free.rate)


def hear(web: "Web", asked: argparse.Namespace, report: Report) -> None:
    """Be told of captures by signed webhooks; `web` was started with HEARING."""
    with priced(web):
        web.measure(bookings(web, "heard"), asked, expected=201)
    with _connected(web) as connection:
        connection.execute(AT_RAZORPAY)
    report.load("a webhook that confirms", web.measure(_webhooks(web), asked))


def together(*calls: Load) -> Load:
    """One call after the other as a single one: as rare as all of them take time."""
    rate = 1 / sum(1 / call.rate for call in calls)
    latencies = sorted(sum(one) for one in zip(*(call.latencies for call in calls), strict=False))
    worked = [
        sum(call.worked[program] / len(call.latencies) for call in calls) * len(latencies)
        for program in (0, 1)
    ]
    seconds = len(latencies) / rate
    return replace(calls[-1], seconds=seconds, latencies=latencies, worked=(worked[0], worked[1]))


@contextmanager
def priced(web: "Web") -> Iterator[None]:
    """What the desks offer has a price meanwhile."""
    change = (
        "UPDATE mentors_sessiontype SET price_minor = %s WHERE mentor_id IN"
        " (SELECT id FROM mentors_mentor WHERE handle LIKE 'desk-%%')"
    )
    with _connected(web) as connection:
        connection.execute(change, [PRICE])
        try:
            yield
        finally:
            connection.execute(change, [0])


def bookings(web: "Web", what: str) -> Iterator[bytes]:
    """Bookings that all can be had: no mentor and no mentee twice at a time."""
    desks, tokens = web.stage.facts["desks"], web.stage.facts["tokens"]
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + timedelta(days=DAYS_AHEAD[what])
    for number in itertools.count():
        slot, desk = divmod(number, len(desks))
        handle, session_type = desks[desk]
        starts_at = first + timedelta(minutes=30 * slot)
        wanted = {
            "mentorId": handle,
            "sessionTypeId": session_type,
            "scheduledAt": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        yield _post("/api/sessions/book", wanted, tokens[(desk + slot) % len(tokens)])


def _calls(web: "Web", call: str) -> Iterator[bytes]:
    """`create` or `verify` for everything that is held, each by who holds it."""
    with _connected(web) as connection:
        guests = [guest for (guest,) in connection.execute(GUESTS)]
        held: Sequence[tuple[Any, ...]] = connection.execute(HELD).fetchall()
    tokens = dict(zip(guests, web.stage.facts["tokens"], strict=True))
    for session, order, known, mentee in held:
        if call == "verify" and known:
            body = {"orderId": order, "paymentMode": "mock"}
            yield _post("/api/session-payments/verify", body, tokens[mentee])
        elif call == "create":
            body = {"sessionId": session, "provider": "mock"}
            yield _post("/api/session-payments/create", body, tokens[mentee])


def _webhooks(web: "Web") -> Iterator[bytes]:
    """`payment.captured` for everything that is held, signed as Razorpay signs."""
    with _connected(web) as connection:
        held = connection.execute(HELD).fetchall()
    for _, _, order_id, _ in held:
        terms = {"id": order_id, "amount": PRICE, "currency": "EUR"}
        payment = razorpay_forms.payment(terms) | {"status": "captured", "captured": True}
        event = {
            "entity": "event",
            "account_id": ACCOUNT_ID,
            "event": "payment.captured",
            "contains": ["payment"],
            "payload": {"payment": {"entity": payment}},
            "created_at": payment["created_at"],
        }
        body = json.dumps(event).encode()
        signed = razorpay_events.sign(f"event_{order_id}", body, SECRET)
        named = {name: value for name, value in signed.items() if name != "Content-Type"}
        yield load.request("POST", "/webhooks/razorpay", body=body, **named)


def _post(path: str, value: object, token: str) -> bytes:
    return load.request("POST", path, body=json.dumps(value).encode(), token=token)


def _connected(web: "Web") -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(web.stage.environment["DATABASE_URL"], autocommit=True)


def main() -> int:
    """Measure this alone."""
    from bench import __main__ as whole  # noqa: PLC0415 - which imports this file

    asked = whole.arguments()
    data = Path(os.environ.get("OPENMENTOR_DATA", whole.ROOT / ".data" / "bench")).resolve()
    embedded.database_url(data)
    try:
        server = find_server(data)
        stage = whole.prepared(server, data, "bench_small", sessions=0)
        whole.with_money(Report(), asked, stage, server)
    finally:
        embedded.leave(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
