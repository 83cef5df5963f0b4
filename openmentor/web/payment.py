"""`/sessions/<id>/payment`: what is to pay, until when, and the provider's checkout."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_http_methods

from openmentor.base import clock
from openmentor.base.errors import NotFound, Refusal
from openmentor.booking import checkout, permits, sessions, settlement
from openmentor.booking.models import Booking
from openmentor.booking.refusals import HoldOver
from openmentor.payments import providers
from openmentor.payments.models import Order
from openmentor.people.models import Person
from openmentor.web import checkout_policies, readers, refusals, seen
from openmentor.web.redirects import SeeOther, see_other
from openmentor.web.ways_to_pay import WAYS


def _refused(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _page(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_refused)
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """What is to pay; sent as a form, it goes on to the provider that was chosen."""
    if request.method != "POST":
        return _page(request, reference)
    payer, provider = readers.person(request), request.POST.get("provider", "")
    _, begun = checkout.begin(reference, payer=payer, provider=provider, now=clock.now())
    if "url" in begun.browser:
        return SeeOther(begun.browser["url"])
    return SeeOther(f"{resolve_url('payment', reference)}?open=yes#pay")


def _page(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """The payment page, or what is there instead when there is nothing to pay any more."""
    reader, now = readers.person(request), clock.now()
    session = sessions.find(reference, for_=reader)
    objection = checkout.objection(session, reader, now=now)
    if isinstance(objection, NotFound):  # The mentor and staff see the session, not its checkout.
        raise objection
    booking = permits.booking_of(session, reader)
    if booking is None or booking.status == Booking.Status.CANCELLED:
        return see_other("session", reference)
    if objection and not isinstance(objection, HoldOver):
        return see_other("confirmation", reference)
    orders = settlement.orders_of(session, reader)
    context = {
        "seen": seen.by(reader, session, now=now),
        "session": session,
        "orders": orders,
        "order": orders[0],
    }
    if objection:
        return render(request, "payments/over.html", context)
    context |= hold_shown(booking.hold_until, now)
    context |= checkout_shown(request, orders[0], reader) | {"refusal": refusal}
    return checkout_policies.loosen(
        render(request, "payments/page.html", context),
        stripe="stripe" in providers.enabled(),
        razorpay=bool(context["script"]),
    )


def hold_shown(until: datetime | None, now: datetime) -> dict[str, Any]:
    """Until when it is held, and how many seconds that is."""
    return {
        "held_until": until,
        "seconds_left": int((until - now).total_seconds()) if until else 0,
    }


def checkout_shown(request: HttpRequest, order: Order, payer: Person) -> dict[str, Any]:
    """Which provider's checkout the page shows; none while there are several to choose from."""
    ways = [WAYS[name] for name in providers.enabled()]
    begun = WAYS[order.provider] if order.provider_order_id else None
    opened = begun if begun in ways and "choose" not in request.GET else None
    if len(ways) == 1:
        opened = ways[0]
    is_razorpay = opened is not None and opened == begun and opened.provider == "razorpay"
    made = order.checkout if is_razorpay else {}
    prefill = {"name": payer.name, "email": payer.email}
    return {
        "opened": opened,
        "ways": ways,
        "usual": begun if begun in ways else next(iter(ways), None),
        "script": made.get("script", ""),
        "options": made.get("options", {}) | {"prefill": prefill},
        "opens_at_once": "open" in request.GET,
    }
