"""The process is killed: between the provider and us, before and after each commit, in a refund,
in a webhook. After a restart and one run of the jobs the books are right.
"""

import pytest

from openmentor.base import clock
from openmentor.booking import settlement
from openmentor.payments.models import Payment, ProviderMessage, Refund
from standins import journal
from tests import make
from tests.money.counter import (
    HALF_HOUR,
    PRICE,
    START,
    Counter,
    cancel,
    come_back,
    settled_up,
)
from tests.money.processes import Process, begun, restart, state

pytestmark = pytest.mark.django_db(transaction=True)
KEEPING = "openmentor.payments.orders:keep_checkout"
REFUND_CALLS = {
    "razorpay": "openmentor.payments.providers.razorpay:Razorpay.refund",
    "stripe": "openmentor.payments.providers.stripe:Stripe.refund",
}


def going_back(counter: Counter, provider: str) -> Refund:
    """A refund that is promised, and that nobody has asked the provider for yet."""
    booking = counter.paid(make.person(), provider)
    cancel(booking, booking.mentee)
    return Refund.objects.get()


@pytest.fixture(params=["razorpay", "stripe"])
def provider(request: pytest.FixtureRequest) -> str:
    """Each provider in turn."""
    return str(request.param)


def test_after_the_providers_order_exists_and_before_we_saved_it(
    process: Process, counter: Counter, provider: str
) -> None:
    booking = counter.book(make.person())
    facts = {"session": booking.session.reference, "payer": booking.mentee_id}
    process.dies(KEEPING, "before", "begin", **facts, provider=provider)
    made = journal.facts(counter.remotes[provider].book, "order_created")
    order = counter.begin(booking, provider)
    assert [fact["order"] for fact in made] == [order.provider_order_id]
    come_back(order, counter.pay(order))
    restart(counter)
    assert state(booking) == ("confirmed", "paid")
    settled_up(counter)


def test_after_the_providers_order_exists_and_nobody_comes_back(
    process: Process, counter: Counter
) -> None:
    booking = counter.book(make.person())
    facts = {"session": booking.session.reference, "payer": booking.mentee_id}
    process.dies(KEEPING, "before", "begin", **facts, provider="razorpay")
    restart(counter)
    assert state(booking) == ("expired", "pending")
    assert counter.book(make.person()).status == "held"


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("openmentor.payments.orders:settle", "after"),  # The last before the commit.
        ("openmentor.booking.checkout:take", "after"),  # The first after it.
        ("tests.money.acts:answer", "before"),
    ],
)
def test_in_the_payers_return(
    process: Process, counter: Counter, provider: str, at: str, when: str
) -> None:
    booking, order = begun(counter, provider)
    returned = counter.pay(order)
    facts = {"order": order.reference, "payer": order.payer_id, "returned": returned}
    process.dies(at, when, "come_back", **facts)
    assert Payment.objects.count() == (at != "openmentor.payments.orders:settle")
    restart(counter)
    assert state(booking) == ("confirmed", "paid")
    assert come_back(order, returned) == Payment.objects.get()
    settled_up(counter)


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("openmentor.payments.messages:is_new", "after"),
        ("openmentor.payments.orders:settle", "after"),
        ("openmentor.api.webhooks:JsonResponse", "before"),
    ],
)
@pytest.mark.parametrize("is_sent_again", [True, False])
def test_in_a_webhook(
    process: Process, counter: Counter, *, at: str, when: str, is_sent_again: bool
) -> None:
    booking, order = begun(counter, "razorpay")
    counter.pay(order)
    headers, body = counter.remotes["razorpay"].webhooks()[-1]
    facts = {"provider": "razorpay", "headers": headers, "body": body.decode()}
    process.dies(at, when, "hear", **facts)
    assert ProviderMessage.objects.count() == ("webhooks" in at)
    if is_sent_again:
        counter.hear_all()
        assert state(booking) == ("confirmed", "paid")
    restart(counter)
    assert state(booking) == ("confirmed", "paid")
    settled_up(counter)


def test_before_a_cancellation_is_committed(process: Process, counter: Counter) -> None:
    booking = counter.paid(make.person())
    facts = {"session": booking.session.reference, "payer": booking.mentee_id}
    process.dies("openmentor.payments.refunds:promise", "after", "cancel", **facts)
    restart(counter)
    assert state(booking) == ("confirmed", "paid")
    settled_up(counter)


def test_after_a_cancellation_is_committed_and_before_anybody_is_told(
    process: Process, counter: Counter
) -> None:
    booking = counter.paid(make.person())
    facts = {"session": booking.session.reference, "payer": booking.mentee_id}
    process.dies("tests.money.acts:answer", "before", "cancel", **facts)
    restart(counter)
    assert state(booking) == ("cancelled", "refunded")
    settled_up(counter)


@pytest.mark.parametrize("when", ["before", "after"])
def test_around_the_refund_call(
    process: Process, counter: Counter, provider: str, when: str
) -> None:
    refund = going_back(counter, provider)
    process.dies(REFUND_CALLS[provider], when, "run_jobs")
    made = {"before": 0, "after": 1}[when]
    assert len(journal.refunds(counter.remotes[provider].book)) == made
    restart(counter)
    refund.refresh_from_db()
    assert (refund.status, refund.tries) == ("succeeded", 2)
    assert counter.remotes[provider].refunded() == {refund.payment.provider_payment_id: PRICE}
    settled_up(counter)


@pytest.mark.parametrize(
    ("at", "when"),
    [
        ("openmentor.payments.orders:expire", "after"),
        ("openmentor.booking.settlement:settle", "after"),
        ("openmentor.payments.refunds:_finish", "after"),
    ],
)
def test_in_the_jobs(process: Process, counter: Counter, at: str, when: str) -> None:
    """One of all kinds is due: a hold that is over, late money for a lost time, a refund."""
    going_back(counter, "stripe")
    lost = counter.begin(counter.book(make.person(), starts_at=START + HALF_HOUR))
    counter.pay(lost)
    counter.wait(minutes=16)
    settlement.expire(lost.pk, now=clock.now())
    make.session(counter.mentor, make.person(), starts_at=START + HALF_HOUR)
    unpaid = counter.book(make.person(), starts_at=START + 2 * HALF_HOUR)
    counter.wait(minutes=16)
    process.dies(at, when, "run_jobs")
    restart(counter)
    assert state(unpaid) == ("expired", "pending")
    reasons = Refund.objects.order_by("pk").values_list("reason", "status")
    assert list(reasons) == [("policy", "succeeded"), ("late", "succeeded")]
    settled_up(counter)
