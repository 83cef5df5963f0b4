"""`/my-payments`: what a person paid and got back, and a receipt for each payment."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmentor.base import clock
from openmentor.base.errors import NotFound
from openmentor.booking import bought
from openmentor.payments import orders
from openmentor.payments.models import Order, Payment
from openmentor.web import readers
from openmentor.web.ways_to_pay import WAYS

ON_A_PAGE = 20


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The reader's orders, the latest first; those that nobody ever paid are no news."""
    reader = readers.person(request)
    was_paid = Exists(Payment.objects.filter(order=OuterRef("pk")))
    mine = Order.objects.filter(~Q(status=Order.Status.EXPIRED) | was_paid, payer=reader)
    listed = mine.select_related("mentor__person").prefetch_related("payments__refunds")
    page = Paginator(listed.order_by("-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    places = bought.by_order(found)
    context = {
        "found": page,
        "rows": [(order, places.get(order.pk)) for order in found],
        "now": clock.now(),
    }
    return render(request, "payments/list.html", context)


@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """A numbered receipt, to be printed or kept as a PDF; only what was paid has one."""
    reader = readers.person(request)
    order = orders.find(reference, payer=None if reader.is_staff else reader)
    if order.paid_at is None:
        raise NotFound("There is no receipt: this was not paid.")
    payment = order.payments.prefetch_related("refunds").get(settles=True)
    context = {
        "order": order,
        "payment": payment,
        "way": WAYS[payment.provider],
        "place": bought.by_order([order]).get(order.pk),
        "kept_minor": payment.amount_minor - payment.refunded_minor,
        "operator_url": settings.PUBLIC_URL,
    }
    return render(request, "payments/receipt.html", context)
