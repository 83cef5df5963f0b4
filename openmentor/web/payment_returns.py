"""`/payments/<ORDER>`: where providers send a payer's browser back to, and where it waits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from openmentor.base import clock
from openmentor.base.errors import Refusal
from openmentor.booking import checkout
from openmentor.booking.refusals import PaymentUnavailable
from openmentor.payments import orders
from openmentor.payments.models import Order
from openmentor.payments.providers.interface import Outcome
from openmentor.web import readers, refusals
from openmentor.web.redirects import SeeOther, see_other


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """On to the confirmation of what is paid, or to where it can be paid."""
    return _onward(request, orders.find(reference, payer=readers.person(request)))


def _turned_back(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    """On to where one can try again; the order itself remembers why a try failed."""
    if isinstance(refusal, PaymentUnavailable):  # It may well be paid: never ask to pay twice.
        return see_other("order_checking", reference)
    order = orders.find(reference, payer=readers.person(request))
    if refusal.detail != order.failure:
        messages.error(request, refusal.detail)
    return _onward(request, order)


@require_http_methods(["GET", "POST"])
@refusals.answered_by(_turned_back, methods=("GET", "POST"))
def come_back(request: HttpRequest, reference: str) -> HttpResponse:
    """The browser is back from the checkout; nothing it brings is believed unverified."""
    payer = readers.person(request)
    brought = request.POST if request.method == "POST" else request.GET
    payment = checkout.verify(reference, payer=payer, returned=brought.dict(), now=clock.now())
    return see_other("order" if payment else "order_checking", reference)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """The page that waits for the provider's word; sent as a form, it asks the provider.

    With `left` in the form the payer only closed the checkout: without a try, back to paying.
    """
    payer, now = readers.person(request), clock.now()
    outcome: Outcome | None = Outcome.PENDING
    if request.method == "POST":
        outcome = checkout.ask(reference, payer=payer, now=now)
    order = orders.find(reference, payer=payer)
    is_known = order.paid_at is not None or order.payments.exists() or outcome is Outcome.FAILED
    if is_known or (outcome is None and "left" in request.POST):
        return _onward(request, order)
    if _is_part(request):
        return HttpResponse(status=204)  # Nothing new: what is on the page stays, focus and all.
    if request.method == "POST":
        return see_other("order_checking", reference)
    context = {"order": order, "session": checkout.session_of(reference, payer=payer)}
    return render(request, "payments/checking.html", context)


def _onward(request: HttpRequest, order: Order) -> HttpResponse:
    session = checkout.session_of(order.reference, payer=readers.person(request))
    if session is None:  # Then it is for a pack; its payment page knows what became of it.
        address = resolve_url("pack_payment", order.reference)
    else:
        address = resolve_url("confirmation" if order.paid_at else "payment", session.reference)
    return HttpResponseClientRedirect(address) if _is_part(request) else SeeOther(address)


def _is_part(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]  # set by the middleware
