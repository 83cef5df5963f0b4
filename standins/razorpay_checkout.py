"""Razorpay's checkout: the script for our page, and the frame in which a payer decides.

A test posts to `/v1/checkout/pay` itself: `{"order_id": …, "outcome": …}`.
"""

import hashlib
import hmac
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from standins import razorpay_forms as forms
from standins.front import Route
from standins.script import Plan
from standins.server import Answer, Request, json_answer, page

if TYPE_CHECKING:
    from standins.razorpay import Razorpay

_PAGES = Path(__file__).parent / "pages"


class Checkout:
    """The public side of an account."""

    def __init__(self, account: "Razorpay") -> None:
        self._account = account
        self.routes = (
            Route("GET", "/v1/checkout.js", "checkout", self.script, is_public=True),
            Route("GET", "/v1/checkout/frame", "checkout", self.frame, is_public=True),
            Route("POST", "/v1/checkout/pay", "pay", self.pay, is_public=True),
        )

    def script(self, request: Request) -> Answer:
        """What a page loads to get `window.Razorpay`."""
        text = (_PAGES / "razorpay_checkout.js").read_text()
        return page(text, kind="text/javascript; charset=utf-8")

    def frame(self, request: Request) -> Answer:
        """What `open()` shows."""
        asked = request.form()
        order = self._account.orders.get(asked.get("order_id", ""))
        if order is None or asked.get("key_id") != self._account.key_id:
            return page("<p>There is no such order.</p>", status=400)
        text = Template((_PAGES / "razorpay_frame.html").read_text())
        return page(
            text.substitute(
                order_id=escape(order["id"]),
                amount=f"{order['amount']} {escape(order['currency'])}",
                description=escape(asked.get("description", "")),
            )
        )

    def pay(self, request: Request) -> Answer:
        """The payer has decided: what the page's handler gets, or an error of Razorpay's."""
        account = self._account
        asked = request.json()
        order = account.orders.get(asked.get("order_id", ""))
        if order is None:
            return account.failure(404)
        if order["status"] == "paid":
            return _declined("Order already paid.", order, None)
        chosen = asked.get("outcome")
        plan = Plan(chosen) if chosen else account.script.plan("payments", "success")
        order["attempts"] += 1
        order["status"] = "attempted"
        payment = forms.payment(order)
        account.payments[payment["id"]] = payment
        if plan.outcome == "failure":
            account.fail(payment)
            return _declined(payment["error_description"], order, payment)
        if plan.outcome == "authorized":
            payment["status"] = "authorized"
            account.events.about_payment("payment.authorized", payment)
        elif plan.outcome == "success":
            account.capture(payment)
        else:
            plan.carry_on(partial(account.do, {"capture": payment["id"]}))
        return json_answer(self._handed_over(payment))

    def _handed_over(self, payment: dict[str, Any]) -> dict[str, Any]:
        """A late payment is not signed: the page hears nothing of it."""
        if payment["status"] == "created":
            return {"pending": True, "razorpay_payment_id": payment["id"]}
        signed = f"{payment['order_id']}|{payment['id']}".encode()
        secret = self._account.key_secret.encode()
        return {
            "razorpay_payment_id": payment["id"],
            "razorpay_order_id": payment["order_id"],
            "razorpay_signature": hmac.new(secret, signed, hashlib.sha256).hexdigest(),
        }


def _declined(words: str, order: dict[str, Any], payment: dict[str, Any] | None) -> Answer:
    about = {"order_id": order["id"]} | ({"payment_id": payment["id"]} if payment else {})
    details = {
        "code": "BAD_REQUEST_ERROR",
        "description": words,
        "source": "bank",
        "step": "payment_authorization",
        "reason": "payment_failed",
        "metadata": about,
    }
    return json_answer({"error": details}, 400)
