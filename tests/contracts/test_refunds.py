"""Money goes back once for each key, never more than was paid, and its state is told as it is."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests

from openmentor.payments.providers.interface import (
    Declined,
    Outcome,
    PaymentReport,
    RefundReport,
    Unclear,
)
from standins import journal
from standins.remote import Remote
from tests.contracts.parties import Party, adapter

KEY = "REFUND-7K3M9QX2-0"
OTHER = "REFUND-7K3M9QX3-0"


def refund(
    party: Party, report: PaymentReport, amount: int = 150_000, key: str = KEY
) -> RefundReport:
    return party.provider.refund(report, amount, key=key, reason="policy")


def test_the_same_key_pays_back_once(party: Party) -> None:
    paid = party.paid(party.order())
    first = refund(party, paid)
    assert (first.outcome, first.amount_minor, first.currency, first.key) == (
        Outcome.REFUNDED,
        150_000,
        "INR",
        KEY,
    )
    assert refund(party, paid) == first
    if party.remote:
        assert party.remote.refunded() == {paid.provider_payment_id: 150_000}
        assert len(journal.refunds(party.remote.book)) == 1
        assert party.provider.fetch_refunds(paid) == [first]


def test_the_same_key_pays_back_once_after_the_provider_forgot_it(served: Party) -> None:
    paid = served.paid(served.order())
    first = refund(served, paid, 50_000)
    assert served.remote is not None
    served.remote.script(forget_keys=True)
    assert refund(served, paid, 50_000) == first
    assert served.remote.refunded() == {paid.provider_payment_id: 50_000}


def test_the_same_key_at_the_same_moment_pays_back_once(served: Party) -> None:
    paid = served.paid(served.order())

    def attempt(_: int) -> str:
        try:
            return refund(served, paid, 10_000).outcome
        except Unclear:
            return "unclear"

    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(attempt, range(16)))
    assert set(outcomes) <= {"refunded", "unclear"}
    assert served.remote is not None
    assert served.remote.refunded() == {paid.provider_payment_id: 10_000}


def test_parts_add_up_to_the_whole(served: Party) -> None:
    order = served.order()
    paid = served.paid(order)
    refund(served, paid, 50_000, KEY)
    (part,) = served.provider.fetch(order)
    assert (part.outcome, part.refunded_minor) == (Outcome.CAPTURED, 50_000)
    refund(served, paid, 100_000, OTHER)
    (whole,) = served.provider.fetch(order)
    assert (whole.outcome, whole.refunded_minor) == (Outcome.REFUNDED, 150_000)
    assert served.remote is not None
    assert served.remote.refunded() == {paid.provider_payment_id: 150_000}


def test_more_than_was_paid_is_declined(party: Party) -> None:
    paid = party.paid(party.order())
    with pytest.raises(Declined):
        refund(party, paid, 150_001)
    if party.remote:
        assert party.remote.refunded() == {}


def test_more_than_is_left_is_declined(served: Party) -> None:
    paid = served.paid(served.order())
    refund(served, paid, 100_000, KEY)
    with pytest.raises(Declined):
        refund(served, paid, 50_001, OTHER)
    refund(served, paid, 50_000, OTHER)
    with pytest.raises(Declined):
        refund(served, paid, 1, "REFUND-7K3M9QX4-0")
    assert served.remote is not None
    assert served.remote.refunded() == {paid.provider_payment_id: 150_000}


def test_what_was_not_captured_cannot_be_refunded(served: Party) -> None:
    order = served.order()
    served.pay(order, "failure")
    (failed,) = served.provider.fetch(order)
    with pytest.raises(Declined):
        refund(served, failed)


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        ({"razorpay": "processed", "stripe": "succeeded"}, Outcome.REFUNDED),
        ({"razorpay": "failed", "stripe": "failed"}, Outcome.FAILED),
        ({"razorpay": "failed", "stripe": "canceled"}, Outcome.FAILED),
    ],
)
def test_a_refund_may_take_days_and_fail(
    served: Party, end: dict[str, str], outcome: Outcome
) -> None:
    paid = served.paid(served.order())
    assert served.remote is not None
    served.remote.script(refunds="pending")
    pending = refund(served, paid)
    assert pending.outcome is Outcome.PENDING
    served.remote.script(settle_refund=pending.provider_refund_id, to=end[served.provider.name])
    assert [one.outcome for one in served.provider.fetch_refunds(paid)] == [outcome]
    back = {paid.provider_payment_id: 150_000} if outcome is Outcome.REFUNDED else {}
    assert served.remote.refunded() == back


def test_refunds_of_every_currency_are_right_to_the_unit(served: Party) -> None:
    for amount, currency in ((295, "JPY"), (99_990, "KWD"), (5, "UGX"), (1, "RSD")):
        paid = served.paid(served.order(amount, currency))
        made = refund(served, paid, amount, f"REFUND-{currency}-0")
        assert (made.amount_minor, made.currency) == (amount, currency)


def test_all_refunds_are_found_beyond_the_first_page(served: Party) -> None:
    paid = served.paid(served.order())
    keys = [f"REFUND-{number:08}-0" for number in range(103)]
    for key in keys:
        refund(served, paid, 10, key)
    assert sorted(one.key for one in served.provider.fetch_refunds(paid)) == keys


def test_what_razorpay_returned_by_itself_is_not_returned_again(razorpay_standin: Remote) -> None:
    party = Party(adapter(razorpay_standin), razorpay_standin)
    order = party.order()
    party.pay(order, "late")
    (late,) = party.provider.fetch(order)
    party.paid(order)
    razorpay_standin.script(capture=late.provider_payment_id)
    (returned,) = party.provider.fetch_refunds(late)
    assert (returned.key, returned.amount_minor) == ("", 150_000)
    assert refund(party, late) == replace(returned, key=KEY)
    with pytest.raises(Declined):
        refund(party, late, 50_000, OTHER)
    assert razorpay_standin.refunded() == {late.provider_payment_id: 150_000}


def test_what_staff_returned_on_the_providers_pages_is_not_returned_again(served: Party) -> None:
    whole, part = served.paid(served.order()), served.paid(served.order())
    assert served.remote is not None
    _by_hand(served.remote, whole.provider_payment_id, 150_000)
    _by_hand(served.remote, part.provider_payment_id, 50_000)
    assert refund(served, whole).outcome is Outcome.REFUNDED
    assert refund(served, part, 50_000).key == KEY
    assert served.remote.refunded() == {
        whole.provider_payment_id: 150_000,
        part.provider_payment_id: 100_000,
    }


def _by_hand(remote: Remote, payment_id: str, amount: int) -> None:
    """Refund as the provider's own pages do: without any word of ours."""
    options = remote.options()
    if remote.name == "stripe":
        answer = requests.post(
            f"{remote.url}/v1/refunds",
            data={"payment_intent": payment_id, "amount": amount},
            auth=(options["secret_key"], ""),
            timeout=5,
        )
    else:
        answer = requests.post(
            f"{remote.url}/v1/payments/{payment_id}/refund",
            json={"amount": amount},
            auth=(options["key_id"], options["key_secret"]),
            timeout=5,
        )
    answer.raise_for_status()
