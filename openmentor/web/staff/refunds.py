"""`/staff/refunds`: money on its way back; what failed can be tried again once it is mended."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from openmentor.base import clock
from openmentor.payments import refunds
from openmentor.payments.models import Refund
from openmentor.web.redirects import see_other
from openmentor.web.staff import alarm, readers

ON_A_PAGE = 30
REASONS = {
    "policy": "Cancelled by the mentee",
    "mentor": "The mentor cancelled or did not come",
    "late": "Paid after the hold had ended",
    "duplicate": "Paid twice",
    "wrong_amount": "Another amount than asked for",
    "staff": "By staff",
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All refunds: those that failed first, then those under way, then the latest."""
    readers.member(request)
    urgency = Case(
        When(status=Refund.Status.FAILED, then=Value(0)),
        When(status=Refund.Status.PENDING, then=Value(1)),
        default=Value(2),
    )
    listed = Refund.objects.select_related("payment__order__payer").order_by(urgency, "-pk")
    page = Paginator(listed, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "found": page,
        "rows": [(refund, REASONS[refund.reason]) for refund in page.object_list],
        "alarm": alarm.ringing(),
    }
    return render(request, "staff/refunds.html", context)


@require_POST
def try_again(request: HttpRequest, reference: str) -> HttpResponse:
    """What made it fail is mended: try anew."""
    staff = readers.member(request)
    refund = refunds.find(reference)
    refunds.try_again(refund.pk, by=staff.pk, now=clock.now())
    messages.success(request, f"{refund.reference} is tried again.")
    return see_other("staff_refunds")
