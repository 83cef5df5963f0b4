"""Where money meets a place in a session (SPEC §10).

Whoever tells that money was captured, the browser, a webhook or the reconciling job, ends in
`settle`, under the mentor's calendar lock and the rows' locks. The first one confirms the
booking; for the others there is nothing left to do. Money that nothing can be given for goes back
in full, once.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from openmentor.base import later, locks
from openmentor.base.errors import refusing
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, Session
from openmentor.booking.quotes import Part
from openmentor.booking.refusals import TimeTaken, YouAreBusy
from openmentor.payments import ledger, orders, providers, refunds
from openmentor.payments.models import Order, Payment, Refund
from openmentor.payments.providers.interface import PaymentReport
from openmentor.people.models import Person

PURPOSE = "booking"
HOLD = timedelta(minutes=15)
CLOSE = "close_order"


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


def orders_of(session: Session, payer: Person) -> list[Order]:
    """The orders of this payer's place in a session, the newest first."""
    places = session.bookings.filter(mentee=payer)
    return list(
        Order.objects.filter(purpose=PURPOSE, purpose_id__in=places.values("pk"))
        .order_by("-pk")
        .prefetch_related("payments__refunds")
    )


@transaction.atomic
def order_at(booking: Booking, *, provider: str, now: datetime) -> Order:
    """The booking's payable order, at the provider that the payer chose (none: as it is).

    An order that another provider already knows is given up for a new one.
    """
    locks.hold(locks.MENTOR_CALENDAR, booking.session.mentor_id)
    order = (
        Order.objects.select_for_update()
        .filter(purpose=PURPOSE, purpose_id=booking.pk, status__in=Order.PAYABLE)
        .first()
    )
    if order is not None and (not provider or provider == order.provider):
        return order
    provider = provider or providers.usual()
    providers.of(provider)
    if order is not None:
        orders.expire(order, now=now, why="paid in another way")
        later.do(CLOSE, order_id=order.pk)
    return open_order(booking, provider=provider, now=now)


@transaction.atomic
def settle(order_id: int, report: PaymentReport, *, now: datetime) -> Payment | None:
    """Money was captured for this order: confirm what it is for, or send it back.

    Gives the payment if this call was the first to tell of it, else None.
    """
    order, session, booking = _held(order_id)
    payment = orders.record_capture(order, report, now=now)
    if payment is None:
        return None
    if (report.amount_minor, report.currency) != (order.amount_minor, order.currency):
        _give_back(payment, Refund.Reason.WRONG_AMOUNT, now=now)
    elif order.paid_at is not None or _is_paid(booking):
        _give_back(payment, Refund.Reason.DUPLICATE, now=now)
    elif _confirm(session, booking, payment, now=now):
        orders.settle(order, payment, now=now)
    else:
        _give_back(payment, Refund.Reason.LATE, now=now)
    return payment


@transaction.atomic
def fail(order_id: int, *, reason: str, now: datetime) -> None:
    """A try to pay did not work; the order stays payable until its hold ends."""
    order, _, booking = _held(order_id)
    if order.status not in Order.PAYABLE:
        return
    orders.fail(order, reason=reason, now=now)
    if booking.status == Booking.Status.HELD:
        booking.payment_status = Booking.PaymentStatus.FAILED
        booking.save(update_fields=["payment_status"])


@transaction.atomic
def expire(order_id: int, *, now: datetime) -> bool:
    """End a hold whose time is over: the place is free again; whether there was one to end."""
    order, session, booking = _held(order_id)
    if order.status not in Order.PAYABLE or order.expires_at > now:
        return False
    orders.expire(order, now=now, why="not paid in time")
    later.do(CLOSE, order_id=order.pk)
    if booking.status == Booking.Status.HELD:
        BOOKING.move(booking, Booking.Status.EXPIRED, by=None, at=now, why="not paid in time")
        _release(session, now=now)
    return True


def expire_due(*, now: datetime, most: int = 200) -> int:
    """End every hold whose time is over; how many."""
    due = Order.objects.filter(
        purpose=PURPOSE, status__in=Order.PAYABLE, expires_at__lte=now
    ).order_by("expires_at")
    return sum(expire(order_id, now=now) for order_id in due.values_list("pk", flat=True)[:most])


def cancel(booking: Booking, part: Part, *, by: int, now: datetime) -> None:
    """End what a booking has to do with money: promise `part` back, or stop waiting for payment.

    The caller moved the booking, and holds the mentor's calendar.
    """
    for order in Order.objects.select_for_update().filter(purpose=PURPOSE, purpose_id=booking.pk):
        if order.status in Order.PAYABLE:
            orders.expire(order, now=now, why="the booking was cancelled")
            later.do(CLOSE, order_id=order.pk)
        elif order.status == Order.Status.PAID and part.amount_minor:
            _give_part_back(booking, order, part, by=by, now=now)


def _give_part_back(booking: Booking, order: Order, part: Part, *, by: int, now: datetime) -> None:
    payment = order.payments.get(settles=True)
    payment.order = order
    refunds.promise(payment, part.amount_minor, reason=part.reason, by=by, now=now)
    booking.payment_status = (
        Booking.PaymentStatus.REFUNDED
        if payment.refunded_minor == payment.amount_minor
        else Booking.PaymentStatus.PARTIALLY_REFUNDED
    )
    booking.save(update_fields=["payment_status"])


def _held(order_id: int) -> tuple[Order, Session, Booking]:
    """The order and what it is for, read after the mentor's calendar and the rows are locked."""
    mentor_id, booking_id = Order.objects.values_list("mentor_id", "purpose_id").get(pk=order_id)
    locks.hold(locks.MENTOR_CALENDAR, mentor_id)
    session = Session.objects.select_for_update(of=("self",)).get(bookings=booking_id)
    booking = Booking.objects.select_for_update().get(pk=booking_id)
    booking.session = session
    return orders.locked(order_id), session, booking


def _is_paid(booking: Booking) -> bool:
    return booking.payment_status in {
        Booking.PaymentStatus.PAID,
        Booking.PaymentStatus.REFUNDED,
        Booking.PaymentStatus.PARTIALLY_REFUNDED,
    }


def _confirm(session: Session, booking: Booking, payment: Payment, *, now: datetime) -> bool:
    """Confirm a held booking, or one whose hold ended while its time is still free."""
    if not BOOKING.allows(booking.status, Booking.Status.CONFIRMED):
        return False
    if booking.status == Booking.Status.EXPIRED and now >= session.starts_at:
        return False
    try:
        with transaction.atomic(), refusing(LAWS):
            if booking.status == Booking.Status.EXPIRED:
                _revive(session, now=now)
            booking.payment_status = Booking.PaymentStatus.PAID
            booking.payment_mode = payment.provider
            booking.payment_reference = payment.reference
            booking.hold_until = None
            BOOKING.move(
                booking,
                Booking.Status.CONFIRMED,
                by=None,
                at=now,
                also=["payment_status", "payment_mode", "payment_reference", "hold_until"],
            )
    except (TimeTaken, YouAreBusy):
        return False
    return True


def _revive(session: Session, *, now: datetime) -> None:
    """Late money takes the time again; the database refuses if somebody else has it."""
    session.cancelled_at = None
    session.cancelled_by = session.cancel_reason = ""
    session.revision += 1
    SESSION.move(
        session,
        Session.Status.SCHEDULED,
        by=None,
        at=now,
        why="paid late, still free",
        also=["cancelled_at", "cancelled_by", "cancel_reason", "revision"],
    )


def _release(session: Session, *, now: datetime) -> None:
    """Give an unpaid one-on-one session's time back to the mentor's calendar."""
    session.cancelled_at = now
    session.cancelled_by = "system"
    session.cancel_reason = "It was not paid in time."
    session.revision += 1
    SESSION.move(
        session,
        Session.Status.CANCELLED,
        by=None,
        at=now,
        why=session.cancel_reason,
        also=["cancelled_at", "cancelled_by", "cancel_reason", "revision"],
    )


def _give_back(payment: Payment, reason: str, *, now: datetime) -> None:
    """Money for which there is nothing to give: booked as such, and all of it sent back."""
    ledger.book_capture(payment, now=now)
    refunds.promise(payment, payment.amount_minor, reason=reason, by=None, now=now)
