"""`/staff/books`: whether ledger, orders, payments, refunds and bookings agree."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from openmentor.base import clock
from openmentor.booking import audit
from openmentor.web.redirects import see_other
from openmentor.web.staff import alarm, readers


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What is checked every hour, and what the latest check found."""
    readers.member(request)
    context = {"sentences": audit.sentences(), "alarm": alarm.ringing()}
    return render(request, "staff/books.html", context)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Check now, and not only within the hour."""
    readers.member(request)
    if not audit.check(now=clock.now()):
        messages.success(request, "All books agree.")
    return see_other("staff_books")
