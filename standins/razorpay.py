"""A Razorpay-like server: orders, payments in a checkout, refunds, webhooks.

Its form is that of razorpay.com/docs/api; what it promises is what our adapter relies on.
"""

import base64
import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from standins import razorpay_checkout
from standins import razorpay_forms as forms
from standins.front import Route
from standins.journal import Journal
from standins.keys import Keys
from standins.outbox import Outbox
from standins.razorpay_events import Events
from standins.script import Script
from standins.server import Answer, Request, json_answer

ACCOUNT_ID = "acc_StandIn0000001"
_KEY = re.compile(r"[A-Za-z0-9_-]{10,}")


class Razorpay:
    """One account, in memory."""

    def __init__(self, *, key_id: str, key_secret: str, journal: Journal, outbox: Outbox) -> None:
        self.key_id = key_id
        self.key_secret = key_secret
        self.journal = journal
        self.outbox = outbox
        self.script = Script()
        self.lock = threading.RLock()
        self.keys = Keys(kept={200}, mark={})
        self.events = Events(outbox, account_id=ACCOUNT_ID)
        self.orders: dict[str, dict[str, Any]] = {}
        self.payments: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.checkout = razorpay_checkout.Checkout(self)
        ident = r"([A-Za-z0-9_-]+)"
        self.routes: Sequence[Route] = (
            Route("POST", "/v1/orders", "create_order", self.create_order),
            Route("GET", f"/v1/orders/{ident}", "fetch_order", self.fetch_order),
            Route("GET", f"/v1/orders/{ident}/payments", "fetch_payments", self.fetch_payments),
            Route("GET", f"/v1/payments/{ident}", "fetch_payment", self.fetch_payment),
            Route("POST", f"/v1/payments/{ident}/refund", "refund", self.refund),
            Route("GET", f"/v1/payments/{ident}/refunds", "fetch_refunds", self.fetch_refunds),
            *self.checkout.routes,
        )

    def refused(self, request: Request) -> Answer | None:
        """Basic authentication with key and secret."""
        expected = base64.b64encode(f"{self.key_id}:{self.key_secret}".encode()).decode()
        if request.headers.get("authorization") == f"Basic {expected}":
            return None
        return forms.error("Authentication failed", status=401)

    def idempotency_key(self, request: Request) -> str:
        """Only refunds take one."""
        return request.headers.get("x-refund-idempotency", "")

    def failure(self, status: int) -> Answer:
        """Trouble, in Razorpay's form."""
        code = "BAD_REQUEST_ERROR" if status < 500 else "SERVER_ERROR"
        words = {
            404: "The requested URL was not found on the server.",
            409: "Request failed because another request is in progress.",
            429: "Request failed. Please try after sometime.",
        }
        return forms.error(
            words.get(status, "We are facing some trouble."), status=status, code=code
        )

    def mismatch(self) -> Answer:
        """The same key with another body."""
        return forms.error("Different request with the same idempotency key was already made")

    def do(self, command: dict[str, Any]) -> None:
        """As `obey`, from a thread of one's own."""
        with self.lock:
            self.obey(command)

    def obey(self, command: dict[str, Any]) -> bool:
        """`{"capture": "pay_…"}`, `{"fail": "pay_…"}`, `{"settle_refund": "rfnd_…", "to": "…"}`."""
        if payment := self.payments.get(command.get("capture", "")):
            self.capture(payment)
        elif payment := self.payments.get(command.get("fail", "")):
            self.fail(payment)
        elif refund := self.refunds.get(command.get("settle_refund", "")):
            self.settle_refund(refund, command["to"])
        else:
            return False
        return True

    def create_order(self, request: Request) -> Answer:
        """A new order, or the one of this receipt if `unique_receipt` asks for that."""
        asked = request.json()
        if trouble := forms.order_trouble(asked):
            return trouble
        receipt = asked.get("receipt")
        if asked.get("unique_receipt") and receipt:
            for known in self.orders.values():
                if known["receipt"] == receipt:
                    return json_answer(known)
        order = forms.order(asked)
        self.orders[order["id"]] = order
        facts = {"order": order["id"], "reference": receipt, "currency": order["currency"]}
        self.journal.write("order_created", amount=order["amount"], **facts)
        return json_answer(order)

    def fetch_order(self, request: Request, order_id: str) -> Answer:
        """One order."""
        return forms.found(self.orders.get(order_id))

    def fetch_payments(self, request: Request, order_id: str) -> Answer:
        """Every attempt to pay an order."""
        if order_id not in self.orders:
            return forms.found(None)
        return forms.collection(
            [one for one in self.payments.values() if one["order_id"] == order_id]
        )

    def fetch_payment(self, request: Request, payment_id: str) -> Answer:
        """One payment."""
        return forms.found(self.payments.get(payment_id))

    def fetch_refunds(self, request: Request, payment_id: str) -> Answer:
        """The refunds of a payment, newest first, `count` of them after `skip`."""
        if payment_id not in self.payments:
            return forms.found(None)
        known = [one for one in self.refunds.values() if one["payment_id"] == payment_id]
        limits = request.form()
        skip, count = int(limits.get("skip", 0)), int(limits.get("count", 10))
        return forms.collection(known[::-1][skip : skip + count])

    def refund(self, request: Request, payment_id: str) -> Answer:
        """Pay a part or the rest of a captured payment back."""
        payment = self.payments.get(payment_id)
        asked = request.json()
        key = self.idempotency_key(request)
        if payment is None:
            return forms.found(None)
        if key and not _KEY.fullmatch(key):
            return forms.error("The idempotency key is not valid")
        if payment["status"] != "captured":
            return forms.error("The payment status should be captured for action to be taken")
        left = payment["amount"] - payment["amount_refunded"]
        amount = asked.get("amount", left)
        if trouble := forms.amount_trouble(amount, payment["currency"], least=1):
            return trouble
        if amount > left:
            return forms.error("The total refund amount is greater than the refund payment amount")
        return json_answer(self.pay_back(payment, amount, asked))

    def pay_back(
        self, payment: dict[str, Any], amount: int, asked: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The refund, written down, told, and as good as its plan says."""
        refund = forms.refund(payment, amount, asked)
        self.refunds[refund["id"]] = refund
        self._add_refunded(payment, amount)
        key = asked.get("receipt") or ""
        facts = {"refund": refund["id"], "payment": payment["id"], "key": key}
        self.journal.write("refunded", amount=amount, currency=payment["currency"], **facts)
        self.events.about_refund("refund.created", refund, payment)
        if (plan := self.script.plan("refunds", "processed").outcome) != "pending":
            self.settle_refund(refund, plan)
        return refund

    def settle_refund(self, refund: dict[str, Any], status: str) -> None:
        """The bank has taken a refund (`processed`) or not (`failed`)."""
        payment = self.payments[refund["payment_id"]]
        refund["status"] = status
        if status == "failed":
            self._add_refunded(payment, -refund["amount"])
            self.journal.write("refund_failed", refund=refund["id"], payment=payment["id"])
        self.events.about_refund(f"refund.{status}", refund, payment)

    def capture(self, payment: dict[str, Any]) -> None:
        """The money is ours; at once returned if the order was paid before."""
        if payment["status"] in {"captured", "refunded"}:
            return
        order = self.orders[payment["order_id"]]
        was_paid = order["status"] == "paid"
        payment.update(status="authorized", error_code=None, error_description=None)
        self.events.about_payment("payment.authorized", payment)
        payment.update(status="captured", captured=True)
        facts = {"payment": payment["id"], "order": order["id"], "currency": order["currency"]}
        self.journal.write("captured", amount=payment["amount"], **facts)
        self.events.about_payment("payment.captured", payment)
        if was_paid:
            self.pay_back(payment, payment["amount"], {})
            return
        order.update(status="paid", amount_paid=payment["amount"], amount_due=0)
        self.events.about_payment("order.paid", payment, order=order)

    def fail(self, payment: dict[str, Any]) -> None:
        """The bank said no."""
        payment.update(
            status="failed",
            error_code="BAD_REQUEST_ERROR",
            error_description="Your payment could not be completed due to insufficient funds.",
        )
        self.events.about_payment("payment.failed", payment)

    def _add_refunded(self, payment: dict[str, Any], amount: int) -> None:
        total = payment["amount_refunded"] + amount
        whole = total == payment["amount"]
        payment.update(
            amount_refunded=total,
            refund_status="full" if whole else "partial" if total else None,
            status="refunded" if whole else "captured",
        )
