"""Where money meets what it buys (SPEC §10).

Whoever tells that money was captured, the browser, a webhook or the reconciling job, ends in
`settle`, under the locks of the thing that was bought. The first one gives it to the payer; for
the others there is nothing left to do. Money that nothing can be given for goes back in full,
once.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from openmentor.base import later
from openmentor.booking import prepaid
from openmentor.booking.models import Booking, Session
from openmentor.booking.paid_places import PURPOSE, PaidPlace
from openmentor.booking.quotes import Part
from openmentor.booking.refusals import AlreadyPaid, HoldOver, NothingToPay
from openmentor.booking.seat_line import SeatBought
from openmentor.mentorships import purchases
from openmentor.payments import ledger, orders, providers, refunds
from openmentor.payments.bought import Bought
from openmentor.payments.models import Order, Payment, Refund
from openmentor.payments.providers.interface import PaymentReport
from openmentor.people.models import Person

HOLD = timedelta(minutes=15)
CLOSE = "close_order"
SOLD: Mapping[str, Callable[[int, int], Bought]] = {
    PURPOSE: PaidPlace,
    purchases.PURPOSE: SeatBought,
}
"""What orders are for, by their purpose: each is made of the mentor's key and its own."""


def open_order(booking: Booking, *, provider: str, now: datetime) -> Order:
    """The order of a held booking, payable until the hold ends; in the caller's transaction."""
    session = booking.session
    assert booking.hold_until is not None  # noqa: S101 - booking_held_has_an_end
    return orders.open_for(
        booking.mentee,
        purpose=PURPOSE,
        purpose_id=booking.pk,
        mentor_id=session.mentor_id,
        description=session.title,
        amount_minor=booking.amount_minor,
        currency=booking.currency,
        commission_basis_points=settings.COMMISSION_BASIS_POINTS,
        provider=provider,
        expires_at=booking.hold_until,
        now=now,
    )


def open_order_of(session: Session) -> Order | None:
    """The order of a one-on-one session that can still be paid, if there is one."""
    places = session.bookings.filter(status=Booking.Status.HELD)
    return Order.objects.filter(
        purpose=PURPOSE, purpose_id__in=places.values("pk"), status__in=Order.PAYABLE
    ).first()


def order_to_pay(booking: Booking) -> Order | None:
    """The order by which this place can still be paid, if there is one."""
    return Order.objects.filter(
        purpose=PURPOSE, purpose_id=booking.pk, status__in=Order.PAYABLE
    ).first()


def orders_of(session: Session, payer: Person) -> list[Order]:
    """The orders of this payer's place in a session, the newest first."""
    places = session.bookings.filter(mentee=payer)
    return list(
        Order.objects.filter(purpose=PURPOSE, purpose_id__in=places.values("pk"))
        .order_by("-pk")
        .prefetch_related("payments__refunds")
    )


def demand_payable(booking: Booking, *, now: datetime) -> None:
    """Refuse `nothing_to_pay`, `already_paid` and `too_late` (the hold is over)."""
    if booking.payment_status == Booking.PaymentStatus.FREE:
        raise NothingToPay
    if booking.status != Booking.Status.HELD:
        raise AlreadyPaid if booking.payment_status == Booking.PaymentStatus.PAID else HoldOver
    if booking.hold_until is None or booking.hold_until <= now:
        raise HoldOver


@transaction.atomic
def order_at(booking: Booking, *, provider: str, now: datetime) -> Order:
    """The booking's payable order, at the provider that the payer chose (none: as it is).

    An order at another provider, or at one that is no longer enabled, is given up for a new one.
    Refuses as `demand_payable`: what the caller knew may be over by now.
    """
    booking = PaidPlace(booking.session.mentor_id, booking.pk).booking
    demand_payable(booking, now=now)
    order = (
        Order.objects.select_for_update()
        .filter(purpose=PURPOSE, purpose_id=booking.pk, status__in=Order.PAYABLE)
        .first()
    )
    if order is not None and not provider and order.provider in providers.enabled():
        return order
    provider = provider or providers.usual()
    if order is not None and provider == order.provider:
        return order
    providers.of(provider)
    if order is not None:
        _give_up(order, why="paid in another way", now=now)
    return open_order(booking, provider=provider, now=now)


@transaction.atomic
def order_again(order_id: int, *, provider: str, now: datetime) -> Order:
    """Any payable order, at the provider that the payer chose (none: as it is).

    As `order_at`, for what is no place in a session. Refuses `already_paid` and `too_late`.
    """
    order, bought = _held(order_id)
    if bought.is_paid:
        raise AlreadyPaid("This is already paid.")
    if order.status not in Order.PAYABLE or order.expires_at <= now:
        raise HoldOver("It was not paid while it was held for you.")
    if provider == order.provider or (not provider and order.provider in providers.enabled()):
        return order
    provider = provider or providers.usual()
    providers.of(provider)
    _give_up(order, why="paid in another way", now=now)
    return orders.open_for(
        order.payer,
        purpose=order.purpose,
        purpose_id=order.purpose_id,
        mentor_id=order.mentor_id,
        description=order.description,
        amount_minor=order.amount_minor,
        currency=order.currency,
        commission_basis_points=settings.COMMISSION_BASIS_POINTS,
        provider=provider,
        expires_at=order.expires_at,
        now=now,
    )


@transaction.atomic
def settle(order_id: int, report: PaymentReport, *, now: datetime) -> Payment | None:
    """Money was captured for this order: give what it is for, or send the money back.

    Gives the payment if this call was the first to tell of it, else None.
    """
    order, bought = _held(order_id)
    payment = orders.record_capture(order, report, now=now)
    if payment is None:
        return None
    if (report.amount_minor, report.currency) != (order.amount_minor, order.currency):
        _give_back(payment, Refund.Reason.WRONG_AMOUNT, now=now)
    elif order.paid_at is not None or bought.is_paid:
        _give_back(payment, Refund.Reason.DUPLICATE, now=now)
    elif bought.give(payment, now=now):
        _give_up_others(order, now=now)
        orders.settle(order, payment, now=now)
    else:
        _give_back(payment, Refund.Reason.LATE, now=now)
    return payment


@transaction.atomic
def fail(order_id: int, *, reason: str, now: datetime) -> None:
    """A try to pay did not work; the order stays payable until its hold ends."""
    order, bought = _held(order_id)
    if order.status in Order.PAYABLE:
        orders.fail(order, reason=reason, now=now)
        bought.note_failure()


@transaction.atomic
def expire(order_id: int, *, now: datetime) -> bool:
    """End a hold whose time is over: it is free again; whether there was one to end."""
    order, bought = _held(order_id)
    if order.status not in Order.PAYABLE or order.expires_at > now:
        return False
    _give_up(order, why="not paid in time", now=now)
    bought.let_go(now=now)
    return True


def expire_due(*, now: datetime, most: int = 200) -> int:
    """End every hold whose time is over; how many."""
    due = Order.objects.filter(
        purpose__in=SOLD, status__in=Order.PAYABLE, expires_at__lte=now
    ).order_by("expires_at")
    keys = due.values_list("pk", flat=True)[:most]
    return sum(later.each(keys, lambda order_id: expire(order_id, now=now)))


def cancel(booking: Booking, part: Part, *, by: int | None, now: datetime) -> None:
    """End what a booking has to do with money: promise `part` back, or stop waiting for payment.

    What a pack paid comes back to it, or counts as used.

    The caller moved the booking, and holds the session's row.
    """
    for order in Order.objects.select_for_update().filter(purpose=PURPOSE, purpose_id=booking.pk):
        if order.status in Order.PAYABLE:
            _give_up(order, why="the booking was cancelled", now=now)
        elif order.status == Order.Status.PAID and part.amount_minor:
            _give_part_back(booking, order, part, by=by, now=now)
    prepaid.end(booking, comes_back=part.pack_session, by=by, now=now)


def _give_part_back(
    booking: Booking, order: Order, part: Part, *, by: int | None, now: datetime
) -> None:
    payment = order.payments.get(settles=True)
    payment.order = order
    refunds.promise(payment, part.amount_minor, reason=part.reason, by=by, now=now)
    booking.payment_status = (
        Booking.PaymentStatus.REFUNDED
        if payment.refunded_minor == payment.amount_minor
        else Booking.PaymentStatus.PARTIALLY_REFUNDED
    )
    booking.save(update_fields=["payment_status"])


def _held(order_id: int) -> tuple[Order, Bought]:
    """The order and what it is for; locked in the order that everybody keeps, the order last."""
    facts = Order.objects.values_list("purpose", "mentor_id", "purpose_id").get(pk=order_id)
    purpose, mentor_id, purpose_id = facts
    bought = SOLD[purpose](mentor_id, purpose_id)
    return orders.locked(order_id), bought


def _give_up(order: Order, *, why: str, now: datetime) -> None:
    """Wait for this order's money no longer, and have its provider take none."""
    orders.expire(order, now=now, why=why)
    later.do(CLOSE, order_id=order.pk)


def _give_up_others(order: Order, *, now: datetime) -> None:
    """The payer chose another way to pay, and then paid in the first one after all."""
    same = Order.objects.filter(purpose=order.purpose, purpose_id=order.purpose_id)
    others = same.filter(status__in=Order.PAYABLE).exclude(pk=order.pk)
    for other in others.select_for_update():
        _give_up(other, why="paid in another way", now=now)


def _give_back(payment: Payment, reason: str, *, now: datetime) -> None:
    """Money for which there is nothing to give: booked as such, and all of it sent back."""
    ledger.book_capture(payment, now=now)
    refunds.promise(payment, payment.amount_minor, reason=reason, by=None, now=now)
