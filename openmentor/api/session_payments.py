"""Paying for a session: begin the checkout, say that it is paid, see where the money is."""

from datetime import datetime
from typing import Any, Literal, Self

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import ConfigDict

from openmentor.api.auth import caller
from openmentor.api.pack_shapes import PackAnswer
from openmentor.api.schema import Answer, Body, answer
from openmentor.api.session_shapes import SessionAnswer
from openmentor.base import clock, money
from openmentor.base.errors import Invalid
from openmentor.booking import checkout, sessions, settlement
from openmentor.payments.models import Order, Refund

router = Router(tags=["Payments"], by_alias=True)

PaymentMode = Literal["mock", "razorpay", "stripe"]


class ToPay(Answer):
    """An order: what is to pay, through whom, and until when."""

    order_id: str
    amount: int
    currency: str
    amount_display: str
    provider: PaymentMode
    expires_at: datetime

    @classmethod
    def of(cls, order: Order, **more: Any) -> Self:
        """The order as its payer sees it."""
        return cls(
            order_id=order.reference,
            amount=order.amount_minor,
            currency=order.currency,
            amount_display=money.display(order.amount_minor, order.currency),
            provider=order.provider,  # type: ignore[arg-type]  # one of the enabled ones
            expires_at=order.expires_at,
            **more,
        )


class CheckoutAnswer(ToPay):
    """An order with what the payer's browser needs for the provider's checkout."""

    checkout: dict[str, Any]


class NewCheckout(Body):
    """What to pay for, a session or a pack's order, and through whom (else the usual provider)."""

    session_id: str | None = None
    order_id: str | None = None
    provider: PaymentMode | None = None


class Verification(Body):
    """What the provider's checkout brought back, with our own order id.

    Razorpay: `razorpayPaymentId` and `razorpaySignature`. Stripe: nothing more. Mock: `outcome`.
    """

    model_config = ConfigDict(extra="ignore")

    order_id: str
    payment_mode: PaymentMode
    session_id: str | None = None
    outcome: str | None = None
    razorpay_payment_id: str | None = None
    razorpay_order_id: str | None = None
    razorpay_signature: str | None = None

    def returned(self) -> dict[str, str]:
        """The provider's own fields under the provider's own names."""
        fields = self.model_dump(include=PROVIDER_FIELDS, exclude_none=True)
        return {name: str(value) for name, value in fields.items()}


PROVIDER_FIELDS = {"outcome", "razorpay_payment_id", "razorpay_order_id", "razorpay_signature"}


class Verified(Answer):
    """`paid`, or `checking` while the provider does not know yet; then a webhook will tell."""

    status: Literal["paid", "checking"]
    order_id: str
    payment_id: str | None
    session: SessionAnswer | None
    pack: PackAnswer | None


class RefundAnswer(Answer):
    """Money on its way back, or back."""

    id: str
    amount: int
    amount_display: str
    status: Literal["pending", "succeeded", "failed"]
    reason: str
    created_at: datetime


class PaymentAnswer(Answer):
    """Where the money of the caller's place in a session is."""

    session_id: str
    status: Literal["free", "pending", "paid", "failed", "refunded", "partially_refunded"]
    amount: int
    currency: str
    amount_display: str
    provider: str | None
    order_id: str | None
    payment_id: str | None
    paid_at: datetime | None
    receipt_number: int | None
    expires_at: datetime | None
    refunds: list[RefundAnswer]


@router.post("/create", response=CheckoutAnswer)
def create(request: HttpRequest, wanted: NewCheckout) -> HttpResponse:
    """Begin to pay for a held session or seat. Asked again, it is the same order."""
    payer, provider, now = caller(request), wanted.provider or "", clock.now()
    if wanted.order_id:
        begun = checkout.begin_order(wanted.order_id, payer=payer, provider=provider, now=now)
    elif wanted.session_id:
        begun = checkout.begin(wanted.session_id, payer=payer, provider=provider, now=now)
    else:
        raise Invalid.field("session_id", "Say what to pay for: a session, or an order.")
    order, opened = begun
    return answer(CheckoutAnswer.of(order, checkout=opened.browser))


@router.post("/verify", response=Verified)
def verify(request: HttpRequest, told: Verification) -> HttpResponse:
    """Say that the checkout came back. Only what the provider confirms changes anything."""
    payer, now = caller(request), clock.now()
    payment = checkout.verify(
        told.order_id,
        payer=payer,
        provider=told.payment_mode,
        session=told.session_id or "",
        returned=told.returned(),
        now=now,
    )
    bought = checkout.session_of(told.order_id, payer=payer)
    pack = checkout.pack_of(told.order_id, payer=payer)
    return answer(
        Verified(
            status="paid" if payment else "checking",
            order_id=told.order_id.upper(),
            payment_id=payment.reference if payment else None,
            session=SessionAnswer.of(bought, reader=payer, now=now) if bought else None,
            pack=PackAnswer.of(pack) if pack else None,
        )
    )


@router.get("/session/{session_id}", response=PaymentAnswer)
def show(request: HttpRequest, session_id: str) -> HttpResponse:
    """What the caller paid for a session, and what came back."""
    payer = caller(request)
    session = sessions.find(session_id, for_=payer)
    orders = settlement.orders_of(session, payer)
    told = SessionAnswer.of(session, reader=payer, now=clock.now())
    return answer(_shown(told, next(iter(orders), None), orders))


def _shown(told: SessionAnswer, order: Order | None, orders: list[Order]) -> PaymentAnswer:
    payments = [payment for one in orders for payment in one.payments.all()]
    return PaymentAnswer(
        session_id=told.id,
        status=told.payment_status,
        amount=told.amount,
        currency=told.currency,
        amount_display=told.amount_display,
        provider=order.provider if order else None,
        order_id=order.reference if order else None,
        payment_id=told.payment_id,
        paid_at=order.paid_at if order else None,
        receipt_number=order.receipt_number if order else None,
        expires_at=order.expires_at if order else None,
        refunds=[_refund(refund) for payment in payments for refund in payment.refunds.all()],
    )


def _refund(refund: Refund) -> RefundAnswer:
    return RefundAnswer(
        id=refund.reference,
        amount=refund.amount_minor,
        amount_display=money.display(refund.amount_minor, refund.currency),
        status=refund.status,  # type: ignore[arg-type]  # one of the column's choices
        reason=refund.reason,
        created_at=refund.created_at,
    )
