"""Money on its way back: promised in the books first, then carried out until its end is known.

A promise is a row written together with what causes it. A worker then asks the provider, always
with the same key, so that however often it is asked the money goes back once. After an unclear
answer the provider's own list of refunds is read before anything is tried again.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from openmentor.base import later, references
from openmentor.base.errors import Invalid, NotFound
from openmentor.payments import duplicates, ledger, providers
from openmentor.payments.lifecycle import ORDER, REFUND
from openmentor.payments.models import Order, Payment, Refund
from openmentor.payments.providers.interface import (
    Declined,
    Outcome,
    PaymentReport,
    Provider,
    RefundReport,
    Unclear,
)

TASK = "carry_out_refund"
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)


def find(reference: str) -> Refund:
    """The refund of this public id; else `not_found`."""
    refund = Refund.objects.filter(reference=references.normalised(reference, "REFUND")).first()
    if refund is None:
        raise NotFound("There is no such refund.")
    return refund


def promise(
    payment: Payment, amount_minor: int, *, reason: str, by: int | None, now: datetime
) -> Refund:
    """Owe this part of a payment back, in the books at once; a worker carries it out.

    The caller holds the order's lock. The database refuses to give back more than was paid
    (`payment_gives_back_at_most_itself`).
    """
    payment.refunded_minor += amount_minor
    payment.save(update_fields=["refunded_minor"])
    refund = Refund.objects.create(
        payment=payment,
        reason=reason,
        amount_minor=amount_minor,
        currency=payment.currency,
        next_try_at=now,
        created_at=now,
    )
    REFUND.begin(refund, by=by, at=now, reason=reason)
    ledger.book_refund(refund, now=now)
    if payment.settles:
        _move_order(payment, by=by, now=now)
    later.do(TASK, refund_id=refund.pk)
    return refund


def carry_out(refund_id: int, *, now: datetime) -> bool:
    """Ask the provider to pay a promised refund back; nothing if it is final or not yet due.

    False if the provider was asked and gave no clear answer.
    """
    if not _claim(refund_id, now=now):
        return True
    refund = Refund.objects.select_related("payment__order").get(pk=refund_id)
    try:
        report = _asked(refund)
    except (Unclear, Invalid) as unclear:
        Refund.objects.filter(pk=refund_id).update(trouble=f"No clear answer: {unclear}"[:300])
        return False
    except Declined as declined:
        _finish(refund_id, Outcome.FAILED, "", trouble=str(declined), now=now)
    else:
        _finish(refund_id, report.outcome, report.provider_refund_id, trouble="", now=now)
    return True


def carry_out_due(*, now: datetime, most: int = 100) -> int:
    """Carry out every refund whose next try is due; how many were.

    A provider that gives no clear answer is left alone until the next run.
    """
    due = list(
        Refund.objects.filter(status=Refund.Status.PENDING, next_try_at__lte=now)
        .order_by("next_try_at")
        .values_list("pk", "payment__provider")[:most]
    )
    silent: set[str] = set()

    def try_one(refund: tuple[int, str]) -> None:
        refund_id, provider = refund
        if provider not in silent and not carry_out(refund_id, now=now):
            silent.add(provider)

    later.each(due, try_one)
    return len(due)


def hear(report: RefundReport, *, now: datetime) -> None:
    """A webhook told how a refund of ours ended; one that we did not make is not ours to move."""
    refund = Refund.objects.filter(reference=report.key.rpartition("-")[0]).first()
    if refund is not None and refund.key == report.key:
        _finish(refund.pk, report.outcome, report.provider_refund_id, trouble="", now=now)


@transaction.atomic
def try_again(refund_id: int, *, by: int, now: datetime) -> None:
    """Staff has mended what made a refund fail; it is tried anew. Else `not_possible`."""
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    refund.round += 1
    refund.tries = 0
    refund.next_try_at = now
    REFUND.move(
        refund, Refund.Status.PENDING, by=by, at=now, also=["round", "tries", "next_try_at"]
    )
    later.do(TASK, refund_id=refund.pk)


def _claim(refund_id: int, *, now: datetime) -> bool:
    """Whether this worker may try now; the next try is put off first, so a crash only delays."""
    tries = Refund.objects.filter(pk=refund_id).values_list("tries", flat=True).first() or 0
    pause = min(_FIRST_PAUSE * 2 ** min(tries, 10), _LONGEST_PAUSE)
    return bool(
        Refund.objects.filter(
            pk=refund_id, status=Refund.Status.PENDING, tries=tries, next_try_at__lte=now
        ).update(tries=F("tries") + 1, next_try_at=now + pause)
    )


def _asked(refund: Refund) -> RefundReport:
    provider = providers.of(refund.payment.provider)
    if refund.reason == Refund.Reason.DUPLICATE:
        _keep_what_stayed(refund.payment, provider)
    paid = report_of(refund.payment)
    if refund.tries > 1:
        for known in provider.fetch_refunds(paid):
            if known.key == refund.key:
                return known
    return provider.refund(paid, refund.amount_minor, key=refund.key, reason=refund.reason)


def _keep_what_stayed(duplicate: Payment, provider: Provider) -> None:
    """Before a second payment goes back: see that the first one is still there."""
    settling = duplicates.settling(duplicate)
    if settling is not None:
        paid = report_of(settling)
        if duplicates.went_back(paid, provider.fetch_refunds(paid)):
            duplicates.change_places(duplicate)


def report_of(payment: Payment) -> PaymentReport:
    """A payment of ours in the provider's words."""
    return PaymentReport(
        provider_order_id=payment.order.provider_order_id,
        provider_payment_id=payment.provider_payment_id,
        outcome=Outcome.CAPTURED,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )


@transaction.atomic
def _finish(
    refund_id: int, outcome: Outcome, provider_refund_id: str, *, trouble: str, now: datetime
) -> None:
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    refund.provider_refund_id = provider_refund_id or refund.provider_refund_id
    refund.trouble = trouble[:300]
    columns = ["provider_refund_id", "trouble"]
    after = {Outcome.REFUNDED: Refund.Status.SUCCEEDED, Outcome.FAILED: Refund.Status.FAILED}
    if outcome not in after or not REFUND.allows(refund.status, after[outcome]):
        refund.save(update_fields=columns)
        return
    refund.done_at = now
    REFUND.move(
        refund, after[outcome], by=None, at=now, why=refund.trouble, also=[*columns, "done_at"]
    )


def _move_order(payment: Payment, *, by: int | None, now: datetime) -> None:
    order = payment.order
    whole = payment.refunded_minor == payment.amount_minor
    after = Order.Status.REFUNDED if whole else Order.Status.PARTIALLY_REFUNDED
    if order.status != after:
        ORDER.move(order, after, by=by, at=now)
