"""Paying for a booking: what the payer does, what the provider tells, what a job asks.

Calls to a provider are made outside of transactions; what they report is settled inside of one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from openmentor.base import later, references
from openmentor.base.errors import Invalid, NotFound, Refusal
from openmentor.booking import sessions, settlement
from openmentor.booking.models import Booking, Session
from openmentor.booking.paid_places import PURPOSE
from openmentor.booking.refusals import (
    MessageForged,
    PaymentNotVerified,
    PaymentUnavailable,
)
from openmentor.mentorships import purchases
from openmentor.mentorships.models import Pack
from openmentor.payments import messages, orders, providers, refunds
from openmentor.payments.models import Order, Payment
from openmentor.payments.providers.interface import (
    Checkout,
    Declined,
    Forged,
    OrderToPay,
    Outcome,
    PaymentReport,
    Unclear,
)
from openmentor.people.models import Person

RECONCILE_AFTER = timedelta(minutes=15)
RECONCILE_OPEN = timedelta(minutes=15)
RECONCILE_EXPIRED = timedelta(hours=1)
RECONCILE_UNTIL = timedelta(days=4)
"""Until an order was asked about so long after its hold: banks take up to three days to answer."""
ASK_EVERY = timedelta(seconds=8)
"""A payer who waits may have the provider asked so often."""


def payable(session: Session, payer: Person, *, now: datetime) -> Booking:
    """The payer's booking in this session if it can be paid now.

    Refuses `not_found`, `nothing_to_pay`, `already_paid` and `too_late` (the hold is over).
    """
    mine = [booking for booking in session.bookings.all() if booking.mentee_id == payer.pk]
    if not mine:
        raise NotFound("There is no such session.")
    booking = max(mine, key=lambda one: one.pk)
    settlement.demand_payable(booking, now=now)
    return booking


def objection(session: Session, payer: Person, *, now: datetime) -> Refusal | None:
    """Why the payer cannot pay for this session now; None if they can."""
    try:
        payable(session, payer, now=now)
    except Refusal as refusal:
        return refusal
    return None


def begin(
    reference: str, *, payer: Person, provider: str = "", now: datetime
) -> tuple[Order, Checkout]:
    """The order of a held booking, made at its provider, and what the browser needs to pay it.

    Called again it gives the same order; with another provider's name, a new one at that. Refuses
    as `payable`, `invalid` (a provider that is not enabled) and `payment_unavailable`.
    """
    session = sessions.find(reference, for_=payer)
    booking = payable(session, payer, now=now)
    return _made(settlement.order_at(booking, provider=provider, now=now))


def begin_order(
    reference: str, *, payer: Person, provider: str = "", now: datetime
) -> tuple[Order, Checkout]:
    """As `begin`, for an order by its own reference, whatever it is for."""
    order = orders.find(reference, payer=payer)
    if _is_for_place(order):
        return begin(_session(order).reference, payer=payer, provider=provider, now=now)
    return _made(settlement.order_again(order.pk, provider=provider, now=now))


def _made(order: Order) -> tuple[Order, Checkout]:
    """The order, known to its provider, and what the browser needs to pay it."""
    if order.provider_order_id:
        return order, Checkout(provider_order_id=order.provider_order_id, browser=order.checkout)
    try:
        checkout = providers.of(order.provider).create(to_pay(order))
    except (Unclear, Declined) as trouble:
        raise PaymentUnavailable from trouble
    orders.keep_checkout(order, checkout)
    return order, checkout


def verify(
    reference: str,
    *,
    payer: Person,
    returned: Mapping[str, str],
    provider: str = "",
    session: str = "",
    now: datetime,
) -> Payment | None:
    """Judge what the payer's browser brought back from the checkout of this order.

    `provider` and `session` are what the caller believes the order to be for, if said.
    Gives the payment that settled the order, also when it was settled before; None while the
    provider does not know yet ("checking"). Refuses `not_found`, `payment_not_verified` (forged,
    or the try failed: the order stays payable) and `payment_unavailable`.
    """
    order = orders.find(reference, payer=payer)
    _demand_meant(order, provider=provider, session=session)
    if order.paid_at is None:
        report = _verified(order, returned)
        take(order, report, now=now)
        if report.outcome is Outcome.FAILED:
            raise PaymentNotVerified(report.reason)
    return Payment.objects.filter(order=order, settles=True).first()


def session_of(reference: str, *, payer: Person) -> Session | None:
    """The session that an order is for, with both sides loaded; None if it is for no session."""
    order = orders.find(reference, payer=payer)
    return sessions.find(_session(order).reference, for_=payer) if _is_for_place(order) else None


def pack_of(reference: str, *, payer: Person) -> Pack | None:
    """The pack that an order has filled, with both sides loaded; None if there is none."""
    order = orders.find(reference, payer=payer)
    if order.purpose != purchases.PURPOSE:
        return None
    return Pack.objects.with_both_sides().filter(purchases=order.purpose_id).first()


def _is_for_place(order: Order) -> bool:
    return order.purpose == PURPOSE


def _session(order: Order) -> Session:
    return Booking.objects.select_related("session").get(pk=order.purpose_id).session


def _demand_meant(order: Order, *, provider: str, session: str) -> None:
    if provider and provider != order.provider:
        raise PaymentNotVerified(f"This order is paid with {order.provider}.")
    meant = references.normalised(session, "SESSION")
    if session and (not _is_for_place(order) or _session(order).reference != meant):
        raise Invalid.field("session_id", "This order is for another session.")


def _verified(order: Order, returned: Mapping[str, str]) -> PaymentReport:
    try:
        return providers.of(order.provider).verify(to_pay(order), returned)
    except Forged as forged:
        raise PaymentNotVerified from forged
    except (Unclear, Declined) as trouble:
        raise PaymentUnavailable from trouble


def take(order: Order, report: PaymentReport, *, now: datetime) -> None:
    """Act on one report about an order, whoever brought it."""
    if report.outcome is Outcome.CAPTURED:
        settlement.settle(order.pk, report, now=now)
    elif report.outcome is Outcome.FAILED:
        settlement.fail(order.pk, reason=report.reason, now=now)


def hear(provider: str, *, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """A webhook arrived: act on it once, and answer only after that is committed.

    Refuses whatever is not the provider's own word (`message_forged`), changing nothing.
    """
    if provider not in providers.enabled():
        raise NotFound("There is nothing at this address.")
    try:
        message = providers.of(provider).read_webhook(headers, body, now=now)
    except Forged as forged:
        raise MessageForged from forged
    with transaction.atomic():
        if not messages.is_new(provider, message, now=now):
            return
        for report in message.payments:
            order = orders.at_provider(provider, report.provider_order_id)
            if order is not None:
                take(order, report, now=now)
        for refund in message.refunds:
            refunds.hear(refund, now=now)


def ask(reference: str, *, payer: Person, now: datetime) -> Outcome | None:
    """How a try to pay went, from the provider unless it was asked within seconds.

    `captured` if the order is paid, `pending` while nobody knows yet, None if nobody has tried;
    else `failed`: no try worked, or the money came too late and is on its way back.
    """
    order = orders.find(reference, payer=payer)
    outcomes = {Outcome.PENDING}
    asked = order.reconciled_at
    if order.paid_at is None and (asked is None or now - asked >= ASK_EVERY):
        reports = reconcile(order.pk, now=now)
        outcomes = outcomes if reports is None else {report.outcome for report in reports}
    order.refresh_from_db()
    if order.paid_at is not None:
        return Outcome.CAPTURED
    if Outcome.PENDING in outcomes:
        return Outcome.PENDING
    return Outcome.FAILED if outcomes or order.payments.exists() else None


def reconcile(order_id: int, *, now: datetime) -> list[PaymentReport] | None:
    """Ask the provider what became of an order, and act on it: captures before failures.

    None if the provider gave no clear answer.
    """
    order = Order.objects.get(pk=order_id)
    try:
        reports = providers.of(order.provider).fetch(to_pay(order))
    except (Unclear, Declined):
        reports = None
    for report in sorted(reports or [], key=lambda one: one.outcome is not Outcome.CAPTURED):
        take(order, report, now=now)
    Order.objects.filter(pk=order_id).update(reconciled_at=now)
    return reports


def reconcile_due(*, now: datetime, most: int = 100) -> int:
    """Reconcile the orders still open after 15 minutes, and expired ones until no money can come.

    Who was asked about least lately comes first. A provider that gives no clear answer is left
    alone until the next run, so that one that is down does not hold up everything else. Gives how
    many were due.
    """
    waiting = Order.objects.filter(
        Q(reconciled_at=None) | Q(reconciled_at__lt=F("expires_at") + RECONCILE_UNTIL),
        _is_due(now),
        provider__in=providers.enabled(),
        created_at__lte=now - RECONCILE_AFTER,
    ).exclude(provider_order_id="")
    by_turn = waiting.order_by(F("reconciled_at").asc(nulls_first=True), "created_at")
    due = list(by_turn.values_list("pk", "provider")[:most])
    silent: set[str] = set()

    def ask_about(order: tuple[int, str]) -> None:
        order_id, provider = order
        if provider not in silent and reconcile(order_id, now=now) is None:
            silent.add(provider)

    later.each(due, ask_about)
    return len(due)


def _is_due(now: datetime) -> Q:
    """Orders that nobody asked about for a while; a waiting payer's asking does not count."""
    not_yet = Q(reconciled_at=None) | Q(reconciled_at__lt=F("created_at") + RECONCILE_AFTER)
    return Q(not_yet | Q(reconciled_at__lte=now - RECONCILE_OPEN), status__in=Order.PAYABLE) | Q(
        not_yet | Q(reconciled_at__lte=now - RECONCILE_EXPIRED), status=Order.Status.EXPIRED
    )


def close(order_id: int) -> None:
    """Ask the provider to take no more money for an order that is no longer payable."""
    order = Order.objects.get(pk=order_id)
    is_known = order.provider_order_id and order.provider in providers.enabled()
    if is_known and order.status == Order.Status.EXPIRED:
        providers.of(order.provider).close(to_pay(order))


def to_pay(order: Order) -> OrderToPay:
    """An order of ours as its provider gets it."""
    home = f"{settings.PUBLIC_URL}/payments/{order.reference}"
    return OrderToPay(
        reference=order.reference,
        amount_minor=order.amount_minor,
        currency=order.currency,
        description=order.description,
        expires_at=order.expires_at,
        return_url=f"{home}/return",
        cancel_url=home,
        provider_order_id=order.provider_order_id,
    )
