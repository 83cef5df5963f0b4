"""`/staff/payouts`: what is owed to which mentor, to be paid by a bank and marked here."""

import secrets

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from openmentor.base import clock, idempotency, money
from openmentor.base.errors import Invalid, Refusal
from openmentor.mentors import mentors
from openmentor.payments import payouts
from openmentor.payments.models import Payout
from openmentor.web import refusals
from openmentor.web.redirects import see_other
from openmentor.web.spreadsheets import csv_file
from openmentor.web.staff import alarm, readers

RECENT = 20
_MISTAKE = "Write an amount, such as 1500 or 19.99."
_NO_AMOUNT = dict.fromkeys(
    ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"), _MISTAKE
)
COLUMNS = ("Mentor", "Handle", "Email", "Owed", "Currency")


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The list, and the latest payouts."""
    readers.member(request)
    return _page(request)


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """What is owed, as a spreadsheet's file for the bank."""
    readers.member(request)
    rows = (
        (
            one.mentor.person.name,
            one.mentor.handle,
            one.mentor.person.email,
            money.major(one.amount_minor, one.currency),
            one.currency,
        )
        for one in payouts.due()
        if one.amount_minor > 0
    )
    return csv_file(f"payouts-{clock.now():%Y-%m-%d}", COLUMNS, rows)


class PayoutForm(forms.Form):
    """How much was paid, in the currency's own units."""

    amount = forms.DecimalField(
        min_value=0, max_digits=14, decimal_places=3, error_messages=_NO_AMOUNT
    )
    currency = forms.CharField(max_length=3)
    note = forms.CharField(required=False)
    key = forms.CharField()

    def minor(self) -> int:
        """The amount in minor units, exactly; `invalid` if it is no amount of this currency."""
        if not self.is_valid() or not money.is_currency(self.cleaned_data["currency"]):
            raise Invalid.field("amount", _MISTAKE)
        amount, currency = self.cleaned_data["amount"], self.cleaned_data["currency"]
        minor = money.minor(amount, currency)
        if money.major(minor, currency) != amount:
            raise Invalid.field("amount", f"{currency} has no smaller parts than that.")
        return minor


def _refused(request: HttpRequest, refusal: Refusal, handle: str) -> HttpResponse:
    readers.member(request)
    return _page(request, refusal=refusal, refused=(handle, request.POST.get("currency", "")))


@require_POST
@refusals.answered_by(_refused)
def mark_paid(request: HttpRequest, handle: str) -> HttpResponse:
    """The operator has paid this mentor; however often the form is sent, once."""
    staff, now = readers.member(request), clock.now()
    mentor = mentors.find(handle, seen_by=staff)
    form = PayoutForm(request.POST)
    amount_minor = form.minor()
    said = form.cleaned_data

    def effect() -> tuple[int, str]:
        payouts.mark_paid(
            mentor.pk,
            amount_minor=amount_minor,
            currency=said["currency"],
            note=said["note"],
            by=staff,
            now=now,
        )
        return 303, ""

    asked = f"{request.path}\n{amount_minor} {said['currency']}\n{said['note']}"
    idempotency.once(
        f"{said['key']}-{handle}-{said['currency']}"[: idempotency.LONGEST_KEY],
        person_id=staff.pk,
        request=asked.encode(),
        now=now,
        effect=effect,
    )
    paid = money.display(amount_minor, said["currency"])
    messages.success(request, f"{paid} to {mentor.person.name} is marked as paid.")
    return see_other("staff_payouts")


def _page(
    request: HttpRequest, *, refusal: Refusal | None = None, refused: tuple[str, str] = ("", "")
) -> HttpResponse:
    """`refused` names the form that the refusal is about: a handle and a currency."""
    rows = [
        {
            "due": one,
            "amount": f"{money.major(one.amount_minor, one.currency):f}",
            "is_refused": (one.mentor.handle, one.currency) == refused,
        }
        for one in payouts.due()
    ]
    context = {
        "rows": rows,
        "recent": Payout.objects.select_related("mentor__person").order_by("-pk")[:RECENT],
        "key": secrets.token_urlsafe(16),
        "refusal": refusal,
        "amount_error": refusals.fault(refusal, "amount"),
        "note_error": refusals.fault(refusal, "note"),
        "alarm": alarm.ringing(),
    }
    return render(request, "staff/payouts.html", context)
