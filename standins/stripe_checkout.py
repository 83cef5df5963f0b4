"""Stripe's hosted page, where a payer decides.

A test posts to the page itself: the field `outcome` is `success`, `failure` or `late`.
"""

from functools import partial
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from standins.front import Route
from standins.script import Plan
from standins.server import Answer, Request, page, redirect

if TYPE_CHECKING:
    from standins.stripe import Stripe

_PAGE = Path(__file__).parent / "pages" / "stripe_checkout.html"
_DECLINED = "Your card was declined."


class Checkout:
    """The public side of an account."""

    def __init__(self, account: "Stripe") -> None:
        self._account = account
        path = r"/c/pay/([A-Za-z0-9_]+)"
        self.routes = (
            Route("GET", path, "checkout", self.show, is_public=True),
            Route("POST", path, "pay", self.pay, is_public=True),
        )

    def show(self, request: Request, session_id: str) -> Answer:
        """The page of an open session."""
        session = self._account.session(session_id)
        if session is None:
            return page("<p>There is no such checkout.</p>", status=404)
        return _page(session)

    def pay(self, request: Request, session_id: str) -> Answer:
        """The payer has decided: back to us, or the page again with what is wrong."""
        account = self._account
        session = account.session(session_id)
        if session is None or session["status"] != "open":
            return self.show(request, session_id)
        chosen = request.form().get("outcome")
        plan = Plan(chosen) if chosen else account.script.plan("payments", "success")
        intent = account.intent_of(session)
        if plan.outcome == "failure":
            _decline(intent)
            account.events.tell("payment_intent.payment_failed", intent)
            return _page(session, trouble=_DECLINED, status=402)
        session["status"] = "complete"
        if plan.outcome == "late":
            intent.update(status="processing", last_payment_error=None)
            account.events.tell("checkout.session.completed", session)
            plan.carry_on(partial(account.do, {"capture": intent["id"]}))
        else:
            account.succeed(session, intent, kind="checkout.session.completed")
        return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))


def _decline(intent: dict[str, Any]) -> None:
    wrong = {"type": "card_error", "code": "card_declined", "message": _DECLINED}
    intent.update(status="requires_payment_method", last_payment_error=wrong)


def _page(session: dict[str, Any], *, trouble: str = "", status: int = 200) -> Answer:
    if session["status"] != "open":
        return page("<p>This checkout has been completed or has timed out.</p>")
    text = Template(_PAGE.read_text())
    return page(
        text.substitute(
            reference=escape(str(session["client_reference_id"])),
            amount=f"{session['amount_total']} {escape(session['currency'].upper())}",
            cancel_url=escape(session["cancel_url"] or ""),
            trouble=escape(trouble),
        ),
        status=status,
    )
