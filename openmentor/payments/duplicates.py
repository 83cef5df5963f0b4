"""An order that was paid twice: one payment pays for it, the other goes back.

Razorpay sends the second one back by itself, and what we hear first need not be what came first;
staff may have sent one back by hand. The payment that stayed is the one that pays.
"""

from django.db import transaction

from openmentor.payments import orders
from openmentor.payments.models import Payment
from openmentor.payments.providers.interface import Outcome, PaymentReport, RefundReport


def settling(duplicate: Payment) -> Payment | None:
    """The payment of the same sum that its order was settled with, if none of it goes back."""
    return Payment.objects.filter(
        order=duplicate.order_id,
        settles=True,
        refunded_minor=0,
        amount_minor=duplicate.amount_minor,
        currency=duplicate.currency,
    ).first()


def went_back(payment: PaymentReport, known: list[RefundReport]) -> bool:
    """Whether all of it was sent back without us, going by the refunds that its provider knows."""
    return any(
        not refund.key
        and refund.amount_minor == payment.amount_minor
        and refund.outcome is not Outcome.FAILED
        for refund in known
    )


@transaction.atomic
def change_places(duplicate: Payment) -> None:
    """The duplicate is what pays for the order, and what paid for it until now was sent back.

    Only the provider's ids are exchanged: whatever is booked about the two stays true.
    """
    orders.locked(duplicate.order_id)
    settled = settling(duplicate)
    if settled is None:
        return
    stayed, gone = duplicate.provider_payment_id, settled.provider_payment_id
    for payment, provider_payment_id in ((duplicate, ""), (settled, stayed), (duplicate, gone)):
        payment.provider_payment_id = provider_payment_id
        payment.save(update_fields=["provider_payment_id"])
