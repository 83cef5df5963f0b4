"""What every provider does with an order: made once, paid, verified, looked up, closed."""

from dataclasses import replace

import pytest

from openmentor.payments.providers.interface import Declined, Forged, Outcome, Unclear
from standins import journal
from standins.remote import Remote
from tests.contracts.parties import Party, adapter, an_order, known


def test_an_order_made_twice_is_one_order(party: Party) -> None:
    order = an_order()
    assert party.provider.create(order) == party.provider.create(order)
    if party.remote:
        facts = journal.facts(party.remote.book, "order_created")
        assert [(fact["reference"], fact["amount"]) for fact in facts] == [
            (order.reference, 150_000)
        ]


def test_two_orders_are_two(party: Party) -> None:
    assert party.order().provider_order_id != party.order().provider_order_id


def test_a_paid_order_is_verified_to_the_unit(party: Party) -> None:
    order = party.order(123_457)
    report = party.paid(order)
    assert (report.outcome, report.amount_minor, report.currency, report.provider_order_id) == (
        Outcome.CAPTURED,
        123_457,
        "INR",
        order.provider_order_id,
    )
    assert report.provider_payment_id != ""


def test_verifying_again_reports_the_same_payment(party: Party) -> None:
    order = party.order()
    returned = party.pay(order)
    assert party.provider.verify(order, returned) == party.provider.verify(order, returned)


def test_a_payment_is_captured_once_in_the_journal(served: Party) -> None:
    order = served.order()
    report = served.paid(order)
    served.pay(order)
    assert served.remote is not None
    assert served.remote.captured() == {report.provider_payment_id: 150_000}


def test_what_the_bank_has_not_answered_is_pending_and_captured_later(served: Party) -> None:
    order = served.order()
    assert served.remote is not None
    served.pay(order, "late")
    (waiting,) = served.provider.fetch(order)
    assert (waiting.outcome, served.remote.captured()) == (Outcome.PENDING, {})
    served.remote.script(capture=waiting.provider_payment_id)
    (captured,) = served.provider.fetch(order)
    assert captured == replace(waiting, outcome=Outcome.CAPTURED)
    assert served.remote.captured() == {captured.provider_payment_id: 150_000}


def test_a_late_payment_can_fail_in_the_end(served: Party) -> None:
    order = served.order()
    served.pay(order, "late")
    (waiting,) = served.provider.fetch(order)
    assert served.remote is not None
    served.remote.script(fail=waiting.provider_payment_id)
    (failed,) = served.provider.fetch(order)
    assert (failed.outcome, failed.reason != "") == (Outcome.FAILED, True)


def test_a_failed_try_is_reported_with_its_reason_and_the_next_one_captures(served: Party) -> None:
    order = served.order()
    served.pay(order, "failure")
    (failed,) = served.provider.fetch(order)
    assert (failed.outcome, failed.reason != "", failed.amount_minor) == (
        Outcome.FAILED,
        True,
        150_000,
    )
    served.pay(order)
    outcomes = {report.outcome for report in served.provider.fetch(order)}
    # Razorpay lists both tries; at Stripe it is one payment, tried twice.
    wanted = {"razorpay": {Outcome.FAILED, Outcome.CAPTURED}, "stripe": {Outcome.CAPTURED}}
    assert outcomes == wanted[served.provider.name]


def test_an_order_that_nobody_tried_to_pay_has_no_payment(party: Party) -> None:
    assert party.provider.fetch(party.order()) == []
    assert party.provider.fetch(an_order()) == []


@pytest.mark.parametrize(
    ("amount_minor", "currency", "theirs"),
    [
        (295, "JPY", {"razorpay": 295, "stripe": 295}),
        (99_990, "KWD", {"razorpay": 99_990, "stripe": 99_990}),
        (5, "UGX", {"razorpay": 5, "stripe": 500}),
        (700, "ISK", {"razorpay": 700, "stripe": 70_000}),
        (1, "RSD", {"razorpay": 100, "stripe": 100}),
        (1, "EUR", {"razorpay": 1, "stripe": 1}),
        (10_000_000_000, "IDR", {"razorpay": 10_000_000_000, "stripe": 10_000_000_000}),
    ],
)
def test_every_currency_is_right_to_the_unit(
    served: Party, amount_minor: int, currency: str, theirs: dict[str, int]
) -> None:
    report = served.paid(served.order(amount_minor, currency))
    assert (report.amount_minor, report.currency) == (amount_minor, currency)
    assert served.remote is not None
    assert served.remote.captured() == {report.provider_payment_id: theirs[served.provider.name]}


def test_a_third_decimal_that_no_card_can_pay_is_declined(served: Party) -> None:
    with pytest.raises(Declined, match="round amount"):
        served.order(99_991, "KWD")
    assert served.remote is not None
    assert journal.facts(served.remote.book) == []


def test_an_amount_that_the_provider_refuses_is_declined(razorpay_standin: Remote) -> None:
    with pytest.raises(Declined, match="at least INR 1"):
        adapter(razorpay_standin).create(an_order(99))


def test_the_same_reference_with_another_amount_is_not_the_same_order(
    razorpay_standin: Remote,
) -> None:
    provider, order = adapter(razorpay_standin), an_order()
    provider.create(order)
    with pytest.raises(Declined, match="another order"):
        provider.create(replace(order, amount_minor=1_000))


def test_an_unknown_outcome_of_play_money_is_forged(party: Party) -> None:
    if party.remote is None:
        with pytest.raises(Forged):
            party.provider.verify(party.order(), {"outcome": "miracle"})


def test_a_word_for_another_order_is_forged(served: Party) -> None:
    paid, mine = served.order(), served.order()
    returned = served.pay(paid)
    with pytest.raises(Forged):
        served.provider.verify(mine, returned)


def test_a_word_about_an_order_that_was_never_made_is_forged(served: Party) -> None:
    with pytest.raises(Forged):
        served.provider.verify(an_order(), served.pay(served.order()))


def test_a_session_of_another_reference_is_forged(stripe_standin: Remote) -> None:
    party = Party(adapter(stripe_standin), stripe_standin)
    paid = party.order()
    party.pay(paid)
    with pytest.raises(Forged):
        party.provider.verify(known(an_order(), paid.provider_order_id), {})


@pytest.mark.parametrize(
    "change",
    [
        {"razorpay_signature": "0" * 64},
        {"razorpay_signature": ""},
        {"razorpay_signature": "ünï" * 20},
        {"razorpay_signature": "\ud800"},
        {"razorpay_payment_id": "pay_00000000000000"},
        {"razorpay_payment_id": ""},
        {"razorpay_payment_id": "../orders"},
        {"razorpay_payment_id": "ünï\0"},
        {"razorpay_order_id": "order_00000000000000"},
    ],
)
def test_a_changed_word_of_the_browser_is_forged(
    razorpay_standin: Remote, change: dict[str, str]
) -> None:
    party = Party(adapter(razorpay_standin), razorpay_standin)
    order = party.order()
    returned = {**party.pay(order), **change}
    with pytest.raises(Forged):
        party.provider.verify(order, returned)


def test_an_authorised_payment_is_only_pending(razorpay_standin: Remote) -> None:
    party = Party(adapter(razorpay_standin), razorpay_standin)
    order = party.order()
    assert party.provider.verify(order, party.pay(order, "authorized")).outcome is Outcome.PENDING
    assert razorpay_standin.captured() == {}


def test_an_unpaid_session_is_pending_whatever_the_browser_says(stripe_standin: Remote) -> None:
    party = Party(adapter(stripe_standin), stripe_standin)
    order = party.order()
    report = party.provider.verify(order, {"session_id": order.provider_order_id, "paid": "yes"})
    assert (report.outcome, report.provider_payment_id, report.amount_minor) == (
        Outcome.PENDING,
        "",
        150_000,
    )


def test_a_closed_order_takes_no_money(stripe_standin: Remote) -> None:
    party = Party(adapter(stripe_standin), stripe_standin)
    order = party.order()
    party.provider.close(order)
    party.provider.close(order)
    party.pay(order)
    assert stripe_standin.captured() == {}
    report = party.provider.verify(order, {})
    assert (report.outcome, report.reason) == (Outcome.FAILED, "The checkout was closed unpaid.")


def test_closing_changes_nothing_about_a_paid_order(served: Party) -> None:
    order = served.order()
    report = served.paid(order)
    served.provider.close(order)
    assert served.provider.fetch(order) == [report]


def test_closing_what_was_never_made_is_nothing(party: Party) -> None:
    party.provider.close(an_order())


@pytest.mark.parametrize("hold", [1, 15, 60, 23 * 60, 24 * 60, 48 * 60])
def test_a_session_outlives_every_hold_that_stripe_allows(
    stripe_standin: Remote, hold: int
) -> None:
    party = Party(adapter(stripe_standin), stripe_standin)
    order = party.order(hold=hold)
    again = party.provider.create(order)
    assert again.provider_order_id == order.provider_order_id


def test_a_second_success_for_a_paid_order_is_returned_by_razorpay_itself(
    razorpay_standin: Remote,
) -> None:
    party = Party(adapter(razorpay_standin), razorpay_standin)
    order = party.order()
    party.pay(order, "late")
    (late,) = party.provider.fetch(order)
    party.paid(order)
    razorpay_standin.script(capture=late.provider_payment_id)
    outcomes = {one.provider_payment_id: one.outcome for one in party.provider.fetch(order)}
    assert outcomes[late.provider_payment_id] is Outcome.REFUNDED
    assert razorpay_standin.refunded() == {late.provider_payment_id: 150_000}


def test_the_wrong_keys_prove_nothing(remote: Remote) -> None:
    provider = adapter(remote, key_secret="wrong", secret_key="sk_test_wrong")
    with pytest.raises(Unclear):
        provider.create(an_order())


@pytest.mark.parametrize(
    ("description", "begins"), [("Mock interview", "Mock"), ("“Design”", "ORDER-"), ("", "ORDER-")]
)
def test_razorpays_checkout_gets_words_that_it_takes(
    razorpay_standin: Remote, description: str, begins: str
) -> None:
    order = replace(an_order(), description=description)
    options = adapter(razorpay_standin).create(order).browser["options"]
    assert options["description"].startswith(begins)
    assert {name: options[name] for name in ("amount", "currency", "key")} == {
        "amount": 150_000,
        "currency": "INR",
        "key": "rzp_test_standin",
    }
