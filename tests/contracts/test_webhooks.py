"""What the stand-ins send is what the adapters read: signed, repeated, in any order."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from openmentor.payments.providers.interface import Forged, Message, Outcome
from standins import journal
from standins.remote import Remote
from tests.contracts.parties import Party, adapter

KEY = "REFUND-7K3M9QX2-0"


def heard(party: Party) -> list[Message]:
    """Every webhook that was signed so far, as we read it."""
    assert party.remote is not None
    now = datetime.now(UTC)
    return [
        party.provider.read_webhook(headers, body, now=now)
        for headers, body in party.remote.webhooks()
    ]


def told(party: Party) -> list[tuple[str, list[Outcome]]]:
    """The kinds of what was heard, with the outcomes that they report."""
    return [(message.kind, outcomes(message)) for message in heard(party)]


def outcomes(message: Message) -> list[Outcome]:
    payments = [report.outcome for report in message.payments]
    return payments + [report.outcome for report in message.refunds]


def test_a_payment_is_told_as_it_went(served: Party) -> None:
    order = served.order()
    report = served.paid(order)
    wanted = {
        "razorpay": [
            ("payment.authorized", [Outcome.PENDING]),
            ("payment.captured", [Outcome.CAPTURED]),
            ("order.paid", [Outcome.CAPTURED]),
        ],
        "stripe": [
            ("charge.succeeded", []),
            ("payment_intent.succeeded", []),
            ("checkout.session.completed", [Outcome.CAPTURED]),
        ],
    }
    assert told(served) == wanted[served.provider.name]
    assert heard(served)[-1].payments == (report,)


def test_every_event_has_an_id_of_its_own(served: Party) -> None:
    served.paid(served.order())
    assert len({message.event_id for message in heard(served)}) == 3


def test_a_failure_is_told_with_its_reason(served: Party) -> None:
    order = served.order()
    served.pay(order, "failure")
    reports = [one for message in heard(served) for one in message.payments]
    if served.provider.name == "razorpay":
        assert [(one.outcome, one.reason != "") for one in reports] == [(Outcome.FAILED, True)]
    else:
        # Stripe's payer is still on its page and may try again: nothing for us to do.
        assert reports == []


@pytest.mark.parametrize(("command", "outcome"), [("capture", "captured"), ("fail", "failed")])
def test_a_late_answer_of_the_bank_is_told(served: Party, command: str, outcome: str) -> None:
    order = served.order()
    served.pay(order, "late")
    assert served.remote is not None
    (waiting,) = served.provider.fetch(order)
    served.remote.script(**{command: waiting.provider_payment_id})
    assert heard(served)[-1].payments[0].outcome == outcome


def test_a_payment_comes_late_by_itself(served: Party) -> None:
    order = served.order()
    assert served.remote is not None
    served.remote.script(payments="late", seconds=0.2)
    served.pay(order, "")
    assert served.remote.captured() == {}
    deadline = time.monotonic() + 5
    while not served.remote.captured():
        assert time.monotonic() < deadline, "the money did not come"
        time.sleep(0.02)
    assert served.provider.fetch(order)[0].outcome is Outcome.CAPTURED


def test_a_closed_checkout_is_told(stripe_standin: Remote) -> None:
    party = Party(adapter(stripe_standin), stripe_standin)
    order = party.order()
    party.provider.close(order)
    assert told(party) == [("checkout.session.expired", [Outcome.FAILED])]


def test_a_refund_is_told_with_our_key(served: Party) -> None:
    paid = served.paid(served.order())
    made = served.provider.refund(paid, 50_000, key=KEY, reason="policy")
    reports = [one for message in heard(served) for one in message.refunds]
    assert [(one.key, one.amount_minor, one.provider_refund_id) for one in reports] == [
        (KEY, 50_000, made.provider_refund_id)
    ] * 2
    assert [one.outcome for one in reports] == [Outcome.PENDING, Outcome.REFUNDED]


def test_a_refund_that_fails_after_all_is_told(served: Party) -> None:
    paid = served.paid(served.order())
    made = served.provider.refund(paid, 50_000, key=KEY, reason="policy")
    assert served.remote is not None
    served.remote.script(settle_refund=made.provider_refund_id, to="failed")
    assert [one.outcome for one in heard(served)[-1].refunds] == [Outcome.FAILED]


def test_webhooks_can_be_doubled_held_and_turned_round(served: Party) -> None:
    assert served.remote is not None
    served.remote.script(webhooks={"hold": True, "copies": 2})
    served.paid(served.order())
    assert heard(served) == []
    served.remote.script(webhooks={"release": "backward"})
    kinds = [message.kind for message in heard(served)]
    assert kinds[::2] == kinds[1::2]
    assert kinds[-1] in {"payment.authorized", "charge.succeeded"}


def test_a_disabled_webhook_says_nothing_and_the_money_still_moves(served: Party) -> None:
    assert served.remote is not None
    served.remote.script(webhooks={"enabled": False})
    report = served.paid(served.order())
    assert heard(served) == []
    assert served.remote.captured() == {report.provider_payment_id: 150_000}


def test_both_secrets_are_good_while_one_is_replaced(remote: Remote) -> None:
    party = Party(adapter(remote, webhook_secret="whsec_new, whsec_standin"), remote)
    party.paid(party.order())
    remote.script(webhooks={"secret": "whsec_new"})
    party.paid(party.order())
    assert len(heard(party)) == 6
    remote.script(webhooks={"secret": "whsec_unknown"})
    party.paid(party.order())
    with pytest.raises(Forged):
        heard(party)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A door that answers 500 to the first webhook and 204 to all others."""
    received: list[tuple[dict[str, str], bytes]] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(({name.lower(): text for name, text in self.headers.items()}, body))
            self.send_response(500 if len(received) == 1 else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/webhooks", received
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_is_posted_until_it_is_taken(
    served: Party, listener: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, received = listener
    assert served.remote is not None
    served.remote.script(webhooks={"url": url})
    served.paid(served.order())
    deadline = time.monotonic() + 5
    while len(journal.facts(served.remote.book, "webhook_sent")) < 4:
        assert time.monotonic() < deadline, "the webhooks did not come"
        time.sleep(0.02)
    statuses = [fact["status"] for fact in journal.facts(served.remote.book, "webhook_sent")]
    assert statuses == [500, 204, 204, 204]
    now = datetime.now(UTC)
    ids = [served.provider.read_webhook(*one, now=now).event_id for one in received]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
