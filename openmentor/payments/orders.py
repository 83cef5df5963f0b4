"""Orders: opened with what they pay for, paid once, or expired."""

from datetime import datetime

from django.db import connection

from openmentor.base import references
from openmentor.base.errors import NotFound
from openmentor.payments import ledger
from openmentor.payments.lifecycle import ORDER
from openmentor.payments.models import Order, Payment
from openmentor.payments.providers.interface import Checkout, PaymentReport
from openmentor.people.models import Person


def open_for(
    payer: Person,
    *,
    purpose: str,
    purpose_id: int,
    mentor_id: int,
    description: str,
    amount_minor: int,
    currency: str,
    commission_basis_points: int,
    provider: str,
    expires_at: datetime,
    now: datetime,
) -> Order:
    """A new order, payable until `expires_at`, written in the caller's transaction."""
    order = Order.objects.create(
        payer=payer,
        mentor_id=mentor_id,
        purpose=purpose,
        purpose_id=purpose_id,
        description=description[:200],
        amount_minor=amount_minor,
        currency=currency,
        commission_minor=ledger.commission_on(amount_minor, basis_points=commission_basis_points),
        provider=provider,
        expires_at=expires_at,
        created_at=now,
    )
    ORDER.begin(order, by=payer.pk, at=now)
    return order


def find(reference: str, *, payer: Person | None = None) -> Order:
    """The order of this public id, of this payer if one is given; else `not_found`."""
    orders = Order.objects.filter(reference=references.normalised(reference, "ORDER"))
    if payer is not None:
        orders = orders.filter(payer=payer)
    order = orders.first()
    if order is None:
        raise NotFound("There is no such order.")
    return order


def locked(order_id: int) -> Order:
    """The order, its row locked until the transaction ends."""
    return Order.objects.select_for_update().get(pk=order_id)


def record_capture(order: Order, report: PaymentReport, *, now: datetime) -> Payment | None:
    """Write down that money was captured; None if it was written before, by whoever told first.

    The caller holds the order's lock and then either settles the order with it or refunds it.
    """
    payment, is_new = Payment.objects.get_or_create(
        provider=order.provider,
        provider_payment_id=report.provider_payment_id,
        defaults={
            "order": order,
            "amount_minor": report.amount_minor,
            "currency": report.currency,
            "captured_at": now,
        },
    )
    return payment if is_new else None


def settle(order: Order, payment: Payment, *, now: datetime) -> None:
    """This payment is what the order was for: the order is paid and gets its receipt's number."""
    payment.settles = True
    payment.save(update_fields=["settles"])
    order.paid_at = now
    order.receipt_number = _next_receipt_number()
    ORDER.move(
        order,
        Order.Status.PAID,
        by=None,
        at=now,
        also=["paid_at", "receipt_number"],
        payment=payment.reference,
    )
    ledger.book_capture(payment, now=now)


def fail(order: Order, *, reason: str, now: datetime) -> None:
    """A try to pay failed; the order stays payable until it expires."""
    order.failure = reason[:300]
    if order.status == Order.Status.FAILED:
        order.save(update_fields=["failure"])
        return
    ORDER.move(order, Order.Status.FAILED, by=None, at=now, why=order.failure, also=["failure"])


def expire(order: Order, *, now: datetime, why: str) -> None:
    """Nobody paid in time (or somebody pays in another way); money that comes later is late."""
    ORDER.move(order, Order.Status.EXPIRED, by=None, at=now, why=why)


def _next_receipt_number() -> int:
    """The next number, without gaps: a rolled back transaction gives its number back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_receiptcounter AS counter (id, last_number) VALUES (1, 1)"
            " ON CONFLICT (id) DO UPDATE SET last_number = counter.last_number + 1"
            " RETURNING last_number"
        )
        return int(cursor.fetchone()[0])


def keep_checkout(order: Order, checkout: Checkout) -> None:
    """Remember the order's id at its provider; a crash before this is mended by asking again."""
    order.provider_order_id = checkout.provider_order_id
    order.checkout = checkout.browser
    order.save(update_fields=["provider_order_id", "checkout"])


def at_provider(provider: str, provider_order_id: str) -> Order | None:
    """The order that a provider means by its own id, if it is one of ours."""
    return Order.objects.filter(provider=provider, provider_order_id=provider_order_id).first()
