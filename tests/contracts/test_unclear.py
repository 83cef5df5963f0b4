"""When nobody knows whether a call took effect: said so, read, and repeated without harm."""

import socket
import threading
import time
from pathlib import Path

import pytest

from openmentor.payments.providers.interface import Unclear
from standins.remote import Remote
from standins.server import Answer, Server
from tests.contracts.parties import Party, adapter, an_order, known

KEY = "REFUND-7K3M9QX2-0"
FAULTS = ["drop", "409", "429", "500", "502"]
MOMENTS = ["before", "after"]
NONSENSE = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"ok"',
    b"\xff\xfe",
    b'{"error": "no"}',
    b'{"error": null}',
    b'{"id": 7, "amount": 150000}',
    b"[" * 20_000,
    b"<html>",
]


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_refund_is_made_once_whatever_happens_to_the_answer(
    served: Party, fault: str, when: str
) -> None:
    assert served.remote is not None
    paid = served.paid(served.order())
    served.remote.script(call="refund", fault=fault, when=when)
    with pytest.raises(Unclear):
        served.provider.refund(paid, 40_000, key=KEY, reason="policy")
    known_keys = [one.key for one in served.provider.fetch_refunds(paid)]
    assert known_keys == ([KEY] if when == "after" else [])
    for _ in range(2):
        made = served.provider.refund(paid, 40_000, key=KEY, reason="policy")
    assert made.amount_minor == 40_000
    assert served.remote.refunded() == {paid.provider_payment_id: 40_000}


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_an_order_is_payable_once_whatever_happened_to_the_first_answer(
    served: Party, fault: str, when: str
) -> None:
    assert served.remote is not None
    order = an_order()
    served.remote.script(call="create_order", fault=fault, when=when)
    with pytest.raises(Unclear):
        served.provider.create(order)
    first, second = (served.provider.create(order).provider_order_id for _ in range(2))
    assert first == second
    report = served.paid(known(order, first))
    assert served.remote.captured() == {report.provider_payment_id: 150_000}


@pytest.mark.parametrize("fault", FAULTS)
def test_reading_in_trouble_proves_nothing(served: Party, fault: str) -> None:
    assert served.remote is not None
    order = served.order()
    paid = served.paid(order)
    served.remote.script(call="*", fault=fault, times=2)
    with pytest.raises(Unclear):
        served.provider.fetch(order)
    with pytest.raises(Unclear):
        served.provider.fetch_refunds(paid)
    assert served.provider.fetch(order) == [paid]


@pytest.mark.parametrize("fault", FAULTS)
def test_verifying_in_trouble_is_unclear_and_works_later(served: Party, fault: str) -> None:
    assert served.remote is not None
    order = served.order()
    returned = served.pay(order)
    served.remote.script(call="*", fault=fault)
    with pytest.raises(Unclear):
        served.provider.verify(order, returned)
    assert served.provider.verify(order, returned).amount_minor == 150_000


@pytest.mark.parametrize("fault", FAULTS)
def test_closing_in_trouble_is_unclear_and_works_later(stripe_standin: Remote, fault: str) -> None:
    party = Party(adapter(stripe_standin), stripe_standin)
    order = party.order()
    stripe_standin.script(call="close_order", fault=fault, when="before")
    with pytest.raises(Unclear):
        party.provider.close(order)
    party.provider.close(order)
    party.pay(order)
    assert stripe_standin.captured() == {}


def test_nobody_waits_longer_than_the_time_limit(remote: Remote) -> None:
    party = Party(adapter(remote), remote)
    hasty = Party(adapter(remote, timeout=0.3), remote)
    paid = party.paid(party.order())
    remote.script(call="refund", fault="delay", when="after", seconds=1)
    with pytest.raises(Unclear):
        hasty.provider.refund(paid, 150_000, key=KEY, reason="policy")
    assert party.provider.fetch_refunds(paid)[0].key == KEY
    assert remote.refunded() == {paid.provider_payment_id: 150_000}


def test_a_refund_still_in_progress_is_unclear(remote: Remote) -> None:
    party = Party(adapter(remote), remote)
    paid = party.paid(party.order())
    remote.script(call="refund", fault="delay", when="before", seconds=1)

    def refund() -> None:
        party.provider.refund(paid, 150_000, key=KEY, reason="policy")

    slow = threading.Thread(target=refund)
    slow.start()
    time.sleep(0.4)
    with pytest.raises(Unclear):
        refund()
    slow.join()
    refund()
    assert remote.refunded() == {paid.provider_payment_id: 150_000}


def test_a_provider_that_is_down_is_unclear(remote: Remote) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unclear):
        adapter(remote, base_url=nowhere).create(an_order())


@pytest.mark.parametrize("name", ["razorpay", "stripe"])
@pytest.mark.parametrize("status", [200, 302, 400, 402, 404, 500])
def test_an_answer_that_makes_no_sense_is_unclear(name: str, status: int, tmp_path: Path) -> None:
    answers = iter(NONSENSE)
    server = Server(lambda _: Answer(status=status, body=next(answers)), host="127.0.0.1", port=0)
    server.start()
    try:
        provider = adapter(Remote(name=name, url=server.url, book=tmp_path / "none"))
        for _ in NONSENSE:
            with pytest.raises(Unclear):
                provider.create(an_order())
    finally:
        server.stop()
