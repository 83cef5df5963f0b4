"""Only what a provider said is heard: hundreds of forged webhooks are refused, in one way."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmentor.payments.providers import mock, razorpay, stripe
from openmentor.payments.providers.interface import Forged, Message, Outcome, Provider
from tests.rules.forgeries import forgeries
from tests.rules.provider_messages import (
    ACCOUNT,
    NOW,
    RAZORPAY,
    SECRET,
    STRIPE,
    STRIPE_REFUND,
    Sender,
    Webhook,
    sign_as_stripe,
    stripe_event,
)

SENDERS = {"razorpay": RAZORPAY, "stripe": STRIPE}
PROVIDERS: dict[str, Provider] = {
    "razorpay": razorpay.configured(
        {
            "key_id": "rzp_test",
            "key_secret": "key_secret",
            "webhook_secret": SECRET,
            "base_url": "http://127.0.0.1:1",
            "checkout_url": "",
            "timeout": 1,
            "account_id": ACCOUNT,
        }
    ),
    "stripe": stripe.configured(
        {
            "secret_key": "sk_test",
            "webhook_secret": SECRET,
            "base_url": "http://127.0.0.1:1",
            "timeout": 1,
        }
    ),
}
CASES = [
    pytest.param(name, webhook, id=f"{name}: {title}".encode("ascii", "replace").decode())
    for name, sender in SENDERS.items()
    for title, webhook in forgeries(sender)
]


def heard(name: str, webhook: Webhook) -> Message:
    return PROVIDERS[name].read_webhook(webhook.headers, webhook.body, now=webhook.now)


@pytest.mark.parametrize(("name", "webhook"), CASES)
def test_a_forged_message_is_refused(name: str, webhook: Webhook) -> None:
    with pytest.raises(Forged):
        heard(name, webhook)


def test_there_are_hundreds_of_forgeries_for_each() -> None:
    counts = {name: len(list(forgeries(sender))) for name, sender in SENDERS.items()}
    assert {name: count >= 300 for name, count in counts.items()} == {
        "razorpay": True,
        "stripe": True,
    }


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for name, sender in SENDERS.items() for kind in sender.events]
)
def test_the_same_message_unforged_is_heard(name: str, kind: str) -> None:
    message = heard(name, SENDERS[name].webhook(SENDERS[name].events[kind]))
    if message.payments:
        (payment,) = message.payments
        assert (payment.outcome, payment.amount_minor, payment.currency) == (
            Outcome.CAPTURED,
            50_000,
            "INR",
        )
    else:
        (refund,) = message.refunds
        assert (refund.outcome, refund.amount_minor, refund.key) == (
            Outcome.REFUNDED,
            10_000,
            "REFUND-7K3M9QX2-0",
        )


@pytest.mark.parametrize("name", list(SENDERS))
def test_a_kind_that_we_do_not_know_reports_nothing(name: str) -> None:
    event = next(iter(SENDERS[name].events.values()))
    field = "event" if name == "razorpay" else "type"
    message = heard(name, SENDERS[name].webhook({**event, field: "invoice.something_new"}))
    assert (message.kind, message.payments, message.refunds) == ("invoice.something_new", (), ())


def test_a_payment_for_something_else_on_the_same_account_reports_nothing() -> None:
    event = RAZORPAY.events["payment.captured"]
    payment = event["payload"]["payment"]["entity"] | {"order_id": None}
    other = {**event, "payload": {"payment": {"entity": payment}}}
    assert heard("razorpay", RAZORPAY.webhook(other)).payments == ()


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "subscription"},
        {"client_reference_id": None},
        {"payment_status": "no_payment_required"},
    ],
)
def test_a_session_for_something_else_reports_nothing(change: dict[str, Any]) -> None:
    event = STRIPE.events["checkout.session.completed"]
    other = {**event, "data": {"object": event["data"]["object"] | change}}
    assert heard("stripe", STRIPE.webhook(other)).payments == ()


@pytest.mark.parametrize("name", list(SENDERS))
def test_a_refund_without_our_key_reports_nothing(name: str) -> None:
    kind = {"razorpay": "refund.processed", "stripe": "refund.updated"}[name]
    text = json.dumps(SENDERS[name].events[kind]).replace("openmentor_refund", "somebody_elses")
    assert heard(name, SENDERS[name].webhook(text.encode())).refunds == ()


def test_a_cancelled_refund_has_failed() -> None:
    event = stripe_event("refund.updated", STRIPE_REFUND | {"status": "canceled"})
    assert heard("stripe", STRIPE.webhook(event)).refunds[0].outcome is Outcome.FAILED


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_good(seconds: int) -> None:
    real = STRIPE.webhook(STRIPE.events["refund.updated"])
    moment = NOW.fromtimestamp(NOW.timestamp() + seconds, NOW.tzinfo)
    webhook = Webhook(headers=sign_as_stripe(real.body, at=moment), body=real.body)
    assert heard("stripe", webhook).kind == "refund.updated"


def test_one_good_signature_of_several_is_enough() -> None:
    real = STRIPE.webhook(STRIPE.events["refund.updated"])
    moment, good = real.headers["stripe-signature"].split(",")
    header = ",".join([moment, "v0=abc", "v1=" + "0" * 64, good])
    webhook = Webhook(headers={"stripe-signature": header}, body=real.body)
    assert heard("stripe", webhook).kind == "refund.updated"


def test_razorpay_may_say_it_again_a_day_later() -> None:
    real = RAZORPAY.webhook(RAZORPAY.events["payment.captured"])
    late = Webhook(headers=real.headers, body=real.body, now=NOW.replace(year=2027))
    assert heard("razorpay", late) == heard("razorpay", real)


def test_nobody_speaks_for_play_money() -> None:
    for sender in SENDERS.values():
        real = sender.webhook(next(iter(sender.events.values())))
        with pytest.raises(Forged):
            mock.configured({}).read_webhook(real.headers, real.body, now=NOW)


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    name=st.sampled_from(list(SENDERS)),
    body=st.binary() | ANYTHING.map(lambda it: json.dumps(it).encode()),
)
def test_anything_that_is_signed_but_no_event_is_forged(name: str, body: bytes) -> None:
    with pytest.raises(Forged):
        heard(name, SENDERS[name].webhook(body))


@given(
    name=st.sampled_from(list(SENDERS)),
    headers=st.dictionaries(
        st.sampled_from(["stripe-signature", "x-razorpay-signature", "x-razorpay-event-id"]),
        st.text(),
    ),
    body=st.binary(),
)
def test_whatever_is_not_signed_is_forged(name: str, headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(Forged):
        heard(name, Webhook(headers=headers, body=body))


@given(data=st.data())
def test_any_field_may_hold_anything_without_harm(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(SENDERS)))
    sender: Sender = SENDERS[name]
    event = json.loads(json.dumps(data.draw(st.sampled_from(list(sender.events.values())))))
    inner = event
    while True:
        key = data.draw(st.sampled_from(list(inner)))
        if isinstance(inner[key], dict) and inner[key] and data.draw(st.booleans()):
            inner = inner[key]
            continue
        inner[key] = data.draw(ANYTHING)
        break
    try:
        message = heard(name, sender.webhook(event))
    except Forged:
        return
    assert isinstance(message, Message)
    amounts = [report.amount_minor for report in message.payments]
    amounts += [report.amount_minor for report in message.refunds]
    assert [type(amount) is int and amount >= 0 for amount in amounts] == [True] * len(amounts)
