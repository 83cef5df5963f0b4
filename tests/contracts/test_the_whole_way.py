"""From a held place to money and back, at a stand-in: the journal and our books agree."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from openmentor.booking import checkout
from openmentor.booking.models import Booking
from openmentor.payments import providers, refunds
from openmentor.payments.models import LedgerEntry, Order, Payment, Refund
from standins import journal
from standins.remote import Remote
from tests import make

pytestmark = pytest.mark.django_db
PRICE = 150_000


@pytest.fixture
def counter(remote: Remote, settings: Any) -> Iterator[Remote]:
    """The stand-in at which one pays here."""
    settings.PAYMENT_PROVIDERS = {remote.name: remote.options()}
    providers.of.cache_clear()
    yield remote
    providers.of.cache_clear()


@pytest.fixture
def held() -> Booking:
    """A place in two days' time; the stand-in's clock cannot be turned, so neither is ours."""
    now = datetime.now(UTC)
    start = (now + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    mentor = make.mentor(hours=make.ALWAYS)
    return make.held(mentor, make.person(), starts_at=start, now=now, price=PRICE)


def begun(booking: Booking) -> Order:
    order, _ = checkout.begin(
        booking.session.reference, payer=booking.mentee, now=datetime.now(UTC)
    )
    return order


def hear_all(counter: Remote) -> None:
    for headers, body in counter.webhooks():
        checkout.hear(counter.name, headers=headers, body=body, now=datetime.now(UTC))


def come_back(order: Order, returned: dict[str, str]) -> Payment | None:
    return checkout.verify(
        order.reference, payer=order.payer, returned=returned, now=datetime.now(UTC)
    )


def books() -> list[tuple[str, int]]:
    """What our ledger says that the provider holds, and that all of it adds up to nothing."""
    assert LedgerEntry.objects.aggregate(total=Sum("amount_minor"))["total"] in {0, None}
    return list(
        LedgerEntry.objects.filter(account__startswith="provider:")
        .order_by("pk")
        .values_list("cause", "amount_minor")
    )


@pytest.mark.parametrize("first", ["webhook", "browser"])
def test_a_place_is_paid_once_whoever_tells_first(
    counter: Remote, held: Booking, first: str
) -> None:
    order = begun(held)
    returned = counter.pay(order.provider_order_id)
    if first == "webhook":
        hear_all(counter)
    payment = come_back(order, returned)
    hear_all(counter)
    hear_all(counter)
    assert payment is not None
    held.refresh_from_db()
    assert (held.status, held.payment_status) == ("confirmed", "paid")
    assert counter.captured() == {payment.provider_payment_id: PRICE}
    assert books() == [("capture", PRICE)]


def test_money_that_nobody_told_of_is_found(counter: Remote, held: Booking) -> None:
    order = begun(held)
    counter.script(webhooks={"enabled": False})
    counter.pay(order.provider_order_id)
    checkout.reconcile(order.pk, now=datetime.now(UTC))
    held.refresh_from_db()
    assert (held.status, held.payment_status) == ("confirmed", "paid")


def test_a_refund_whose_answer_was_lost_goes_back_once(counter: Remote, held: Booking) -> None:
    order = begun(held)
    payment = come_back(order, counter.pay(order.provider_order_id))
    assert payment is not None
    now = datetime.now(UTC)
    with transaction.atomic():
        refund = refunds.promise(payment, PRICE, reason=Refund.Reason.STAFF, by=None, now=now)
    counter.script(call="refund", fault="drop", when="after")
    refunds.carry_out(refund.pk, now=now)
    refund.refresh_from_db()
    assert (refund.status, refund.trouble != "") == ("pending", True)
    refunds.carry_out(refund.pk, now=now + timedelta(hours=1))
    refund.refresh_from_db()
    assert (refund.status, refund.trouble) == ("succeeded", "")
    hear_all(counter)
    assert counter.refunded() == {payment.provider_payment_id: PRICE}
    assert len(journal.refunds(counter.book)) == 1
    assert books() == [("capture", PRICE), ("refund", -PRICE)]
