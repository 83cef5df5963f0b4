"""`/pack-offers/<id>/buy`: what a pack is, and yes; `/pack-payments/<ORDER>`: paying for it."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_http_methods

from openmentor.base import clock, idempotency
from openmentor.base.errors import IdempotencyMismatch, NotFound, Refusal
from openmentor.booking import checkout, seat_line, together
from openmentor.mentors import mentors, pack_offers
from openmentor.mentorships import purchases, seats
from openmentor.mentorships.models import Purchase
from openmentor.payments import orders, providers
from openmentor.payments.models import Order
from openmentor.people import limits
from openmentor.web import checkout_policies, payment, readers, refusals
from openmentor.web.redirects import SeeOther, see_other


def _refused(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _offer(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_refused)
def buy(request: HttpRequest, reference: str) -> HttpResponse:
    """What is bought and what it does to the seat; sent as a form, on to paying."""
    if request.method != "POST":
        return _offer(request, reference)
    mentee, now = readers.person(request), clock.now()
    limits.spend("book", who=mentee.reference, now=now)

    def effect() -> tuple[int, str]:
        bought = seat_line.buy(mentee, offer=reference, now=now)
        order = purchases.order_of(bought)
        return 303, order.reference if order else ""

    _, order = idempotency.once(
        request.POST.get("key", ""),
        person_id=mentee.pk,
        request=request.path.encode(),
        now=now,
        effect=effect,
    )
    if order:
        return see_other("pack_payment", order)
    messages.success(request, "Your pack is ready. Book your first session.")
    return see_other("my_mentorships")


def _offer(request: HttpRequest, reference: str, *, refusal: Refusal | None = None) -> HttpResponse:
    reader, now = readers.visitor(request), clock.now()
    offer = pack_offers.find(reference)
    mentor = mentors.find(offer.mentor.handle, seen_by=reader)
    pairs = together.of_mentee(reader, handle=mentor.handle, now=now) if reader else []
    pair = next(iter(pairs), None)
    context = {
        "offer": offer,
        "mentor": mentor,
        "pair": pair if pair and pair.is_live else None,
        "room": seats.room(mentor),
        "standing": seat_line.standing(mentor, reader) if reader else None,
        "is_own": reader is not None and mentor.person_id == reader.pk,
        "can_pay": bool(providers.enabled()) or not offer.price_minor,
        "refusal": refusal,
        "key": _key(request, refusal),
    }
    return render(request, "packs/buy.html", context)


def _key(request: HttpRequest, refusal: Refusal | None) -> str:
    sent = request.POST.get("key", "")
    return (
        secrets.token_urlsafe(16)
        if isinstance(refusal, IdempotencyMismatch)
        else (sent or secrets.token_urlsafe(16))
    )


def _unpaid(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    return _payment(request, reference, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_unpaid)
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """What is to pay; sent as a form, it goes on to the provider that was chosen."""
    if request.method != "POST":
        return _payment(request, reference)
    payer, provider = readers.person(request), request.POST.get("provider", "")
    order, begun = checkout.begin_order(reference, payer=payer, provider=provider, now=clock.now())
    if "url" in begun.browser:
        return SeeOther(begun.browser["url"])
    return SeeOther(f"{resolve_url('pack_payment', order.reference)}?open=yes#pay")


def _payment(
    request: HttpRequest, reference: str, *, refusal: Refusal | None = None
) -> HttpResponse:
    """The payment page, or what is there instead when there is nothing to pay any more."""
    reader, now = readers.person(request), clock.now()
    order = _newest(orders.find(reference, payer=reader))
    filled = checkout.pack_of(order.reference, payer=reader)
    if filled is not None:
        return see_other("pack", filled.reference)
    if order.reference != reference.upper():
        return see_other("pack_payment", order.reference)
    purchase = Purchase.objects.select_related("offer", "session_type", "mentorship__mentor").get(
        pk=order.purpose_id
    )
    context = {"order": order, "purchase": purchase, "mentor": purchase.mentorship.mentor}
    if order.status not in Order.PAYABLE or order.expires_at <= now:
        return render(request, "packs/over.html", context)
    context |= payment.hold_shown(order.expires_at, now)
    context |= payment.checkout_shown(request, order, reader) | {"refusal": refusal}
    return checkout_policies.loosen(
        render(request, "packs/payment.html", context),
        stripe="stripe" in providers.enabled(),
        razorpay=bool(context["script"]),
    )


def _newest(order: Order) -> Order:
    """The last order of the same purchase: another provider has another one."""
    if order.purpose != purchases.PURPOSE:
        raise NotFound("There is no such order.")
    same = Order.objects.filter(purpose=order.purpose, purpose_id=order.purpose_id)
    return same.order_by("-pk")[0]
