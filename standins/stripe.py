"""A Stripe-like server: checkout sessions, refunds, idempotency keys, webhooks.

Its form is that of docs.stripe.com/api; what it promises is what our adapter relies on.
"""

import threading
import time
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from standins import stripe_forms as forms
from standins.front import Route
from standins.journal import Journal
from standins.keys import Keys
from standins.outbox import Outbox
from standins.script import Script
from standins.server import Answer, Request, json_answer
from standins.stripe_checkout import Checkout
from standins.stripe_events import Events


class Stripe:
    """One account, in memory; `url` is where its hosted pages are."""

    def __init__(self, *, secret_key: str, journal: Journal, outbox: Outbox) -> None:
        self.secret_key = secret_key
        self.journal = journal
        self.outbox = outbox
        self.url = ""
        self.script = Script()
        self.lock = threading.RLock()
        # Stripe keeps what it has begun to do, also when that failed with a 500.
        self.keys = Keys(kept={200, 402, 500}, mark={"Idempotent-Replayed": "true"})
        self.events = Events(outbox)
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.charges: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.terms: dict[str, dict[str, Any]] = {}
        sessions, ident = "/v1/checkout/sessions", r"([A-Za-z0-9_]+)"
        self.routes: Sequence[Route] = (
            Route("POST", sessions, "create_order", self.create_session),
            Route("GET", f"{sessions}/{ident}", "fetch_order", self.fetch_session),
            Route("POST", f"{sessions}/{ident}/expire", "close_order", self.expire_session),
            Route("GET", f"/v1/payment_intents/{ident}", "fetch_payment", self.fetch_intent),
            Route("POST", "/v1/refunds", "refund", self.create_refund),
            Route("GET", "/v1/refunds", "fetch_refunds", self.list_refunds),
            *Checkout(self).routes,
        )

    def refused(self, request: Request) -> Answer | None:
        """The secret key, as a bearer's or as a user's name."""
        basic = b64encode(f"{self.secret_key}:".encode()).decode()
        known = {f"Bearer {self.secret_key}", f"Basic {basic}"}
        if request.headers.get("authorization") in known:
            return None
        return forms.error("Invalid API Key provided.", status=401)

    def idempotency_key(self, request: Request) -> str:
        """Every POST may have one."""
        return request.headers.get("idempotency-key", "") if request.method == "POST" else ""

    def failure(self, status: int) -> Answer:
        """Trouble, in Stripe's form."""
        if status == 409:
            words = "There is currently another in-progress request using this idempotency key."
            return forms.error(words, status=409, kind="idempotency_error")
        if status == 429:
            return forms.error("Request rate limit exceeded.", status=429, code="rate_limit")
        kind = "api_error" if status >= 500 else "invalid_request_error"
        return forms.error("Something went wrong on our end.", status=status, kind=kind)

    def mismatch(self) -> Answer:
        """The same key with other parameters."""
        return forms.error(
            "Keys for idempotent requests can only be used with the same parameters.",
            kind="idempotency_error",
        )

    def do(self, command: dict[str, Any]) -> None:
        """As `obey`, from a thread of one's own."""
        with self.lock:
            self.obey(command)

    def obey(self, command: dict[str, Any]) -> bool:
        """`{"capture": "pi_…"}`, `{"fail": "pi_…"}`, `{"settle_refund": "re_…", "to": "…"}`."""
        if intent := self.intents.get(command.get("capture", "")):
            session = self._session_of(intent)
            self.succeed(session, intent, kind="checkout.session.async_payment_succeeded")
        elif intent := self.intents.get(command.get("fail", "")):
            wrong = {"type": "card_error", "message": "The bank refused the payment."}
            intent.update(status="requires_payment_method", last_payment_error=wrong)
            session = self._session_of(intent)
            self.events.tell("checkout.session.async_payment_failed", session)
        elif refund := self.refunds.get(command.get("settle_refund", "")):
            self.settle_refund(refund, command["to"])
        else:
            return False
        return True

    def create_session(self, request: Request) -> Answer:
        """A new session with a page of its own."""
        asked = request.form()
        if trouble := forms.session_trouble(asked):
            return trouble
        session = forms.session(asked, url=self.url)
        self.sessions[session["id"]] = session
        self.terms[session["id"]] = asked.get("payment_intent_data") or {}
        self.journal.write(
            "order_created",
            order=session["id"],
            reference=session["client_reference_id"],
            amount=session["amount_total"],
            currency=session["currency"],
        )
        return json_answer(session)

    def fetch_session(self, request: Request, session_id: str) -> Answer:
        """One session, with its intent and its charge where the caller wants them expanded."""
        session = self.session(session_id)
        if session is None:
            return forms.missing("checkout.session", session_id)
        wanted = " ".join((request.form().get("expand") or {}).values())
        intent = self.intents.get(session["payment_intent"] or "")
        if intent is None or "payment_intent" not in wanted:
            return json_answer(session)
        charge = self.charges.get(intent["latest_charge"] or "")
        if charge is not None and "latest_charge" in wanted:
            intent = intent | {"latest_charge": charge}
        return json_answer(session | {"payment_intent": intent})

    def expire_session(self, request: Request, session_id: str) -> Answer:
        """End an open session."""
        session = self.session(session_id)
        if session is None:
            return forms.missing("checkout.session", session_id)
        if session["status"] != "open":
            return forms.error("Only Checkout Sessions with a status of open can be expired.")
        self._expire(session)
        return json_answer(session)

    def fetch_intent(self, request: Request, intent_id: str) -> Answer:
        """One payment intent."""
        intent = self.intents.get(intent_id)
        return json_answer(intent) if intent else forms.missing("payment_intent", intent_id)

    def create_refund(self, request: Request) -> Answer:
        """Pay a part or the rest of a payment back."""
        asked = request.form()
        intent = self.intents.get(asked.get("payment_intent", ""))
        charge = self.charges.get(intent["latest_charge"] or "") if intent else None
        if charge is None:
            return forms.missing("payment_intent", asked.get("payment_intent", ""))
        left = charge["amount"] - charge["amount_refunded"]
        if not left:
            words = f"Charge {charge['id']} has already been refunded."
            return forms.error(words, code="charge_already_refunded")
        amount = asked.get("amount", str(left))
        if trouble := forms.amount_trouble(amount, charge["currency"]):
            return trouble
        if int(amount) > left:
            words = "Refund amount is greater than unrefunded amount on charge"
            return forms.error(words, param="amount")
        return json_answer(self._pay_back(charge, int(amount), asked.get("metadata") or {}))

    def list_refunds(self, request: Request) -> Answer:
        """The refunds of a payment, newest first, `limit` of them after `starting_after`."""
        asked = request.form()
        intent_id = asked.get("payment_intent")
        known = [one for one in self.refunds.values() if one["payment_intent"] == intent_id][::-1]
        ids = [one["id"] for one in known]
        after = asked.get("starting_after")
        begin = ids.index(after) + 1 if after in ids else 0
        limit = int(asked.get("limit", 10))
        page = known[begin : begin + limit]
        more = len(known) > begin + limit
        return json_answer({"object": "list", "data": page, "has_more": more, "url": "/v1/refunds"})

    def session(self, session_id: str) -> dict[str, Any] | None:
        """The session as it is now: it ends by itself when its time is over."""
        session = self.sessions.get(session_id)
        if session and session["status"] == "open" and session["expires_at"] <= time.time():
            self._expire(session)
        return session

    def intent_of(self, session: dict[str, Any]) -> dict[str, Any]:
        """The session's payment intent, made at the first try."""
        if session["payment_intent"] is None:
            metadata = self.terms[session["id"]].get("metadata") or {}
            intent = forms.intent(session, metadata=metadata)
            self.intents[intent["id"]] = intent
            session["payment_intent"] = intent["id"]
        return self.intents[session["payment_intent"]]

    def succeed(self, session: dict[str, Any], intent: dict[str, Any], *, kind: str) -> None:
        """The money is ours."""
        if intent["status"] == "succeeded":
            return
        charge = forms.charge(intent)
        self.charges[charge["id"]] = charge
        intent.update(
            status="succeeded",
            amount_received=intent["amount"],
            last_payment_error=None,
            latest_charge=charge["id"],
        )
        session["payment_status"] = "paid"
        facts = {"payment": intent["id"], "order": session["id"], "currency": intent["currency"]}
        self.journal.write("captured", amount=intent["amount"], **facts)
        self.events.tell("charge.succeeded", charge)
        self.events.tell("payment_intent.succeeded", intent)
        self.events.tell(kind, session)

    def settle_refund(self, refund: dict[str, Any], status: str) -> None:
        """The bank has taken a refund (`succeeded`) or not (`failed`, `canceled`)."""
        refund["status"] = status
        kind = "refund.updated"
        if status in {"failed", "canceled"}:
            self.charges[refund["charge"]]["amount_refunded"] -= refund["amount"]
            facts = {"refund": refund["id"], "payment": refund["payment_intent"]}
            self.journal.write("refund_failed", **facts)
            kind = "refund.failed" if status == "failed" else kind
        self.events.tell(kind, refund)

    def _pay_back(
        self, charge: dict[str, Any], amount: int, metadata: dict[str, Any]
    ) -> dict[str, Any]:
        refund = forms.refund(charge, amount, metadata=metadata)
        self.refunds[refund["id"]] = refund
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        facts = {"refund": refund["id"], "payment": charge["payment_intent"]}
        key = metadata.get("openmentor_refund", "")
        self.journal.write("refunded", amount=amount, currency=charge["currency"], key=key, **facts)
        self.events.tell("refund.created", refund)
        if (plan := self.script.plan("refunds", "succeeded").outcome) != "pending":
            self.settle_refund(refund, plan)
        self.events.tell("charge.refunded", charge)
        return refund

    def _expire(self, session: dict[str, Any]) -> None:
        session["status"] = "expired"
        self.events.tell("checkout.session.expired", session)

    def _session_of(self, intent: dict[str, Any]) -> dict[str, Any]:
        return next(one for one in self.sessions.values() if one["payment_intent"] == intent["id"])
