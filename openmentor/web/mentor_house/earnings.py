"""`/mentor/earnings`: what came in, what went where, and what is still owed."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmentor.base import clock, money
from openmentor.booking import bought
from openmentor.booking.paid_places import PURPOSE
from openmentor.mentors import mentors
from openmentor.payments import earnings
from openmentor.payments.earnings import Line
from openmentor.web import readers
from openmentor.web.spreadsheets import Cell, csv_file

ON_A_PAGE = 30
CAUSES = {"capture": "Paid by a mentee", "refund": "Refunded", "payout": "Paid out to you"}
COLUMNS = (
    "When (UTC)",
    "What",
    "For",
    "Order",
    "Payment",
    "Amount",
    "Commission",
    "Yours",
    "Currency",
)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The sums by currency, and every entry behind them."""
    mentor = mentors.of(readers.person(request))
    page = Paginator(earnings.postings(mentor.pk), ON_A_PAGE).get_page(request.GET.get("page"))
    lines = [earnings.line(posting) for posting in page.object_list]
    sessions = bought.bookings(
        line.purpose_id for line in lines if line.purpose_id and line.purpose == PURPOSE
    )
    context = {
        "statements": earnings.statements(mentor.pk),
        "found": page,
        "rows": [(line, CAUSES[line.cause], sessions.get(line.purpose_id or 0)) for line in lines],
    }
    return render(request, "mentor_house/earnings.html", context)


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Every entry, as a spreadsheet's file."""
    mentor = mentors.of(readers.person(request))
    rows = (_row(earnings.line(posting)) for posting in earnings.postings(mentor.pk))
    return csv_file(f"earnings-{clock.now():%Y-%m-%d}", COLUMNS, rows)


def _row(line: Line) -> tuple[Cell, ...]:
    amounts = (money.major(part, line.currency) for part in (line.gross, line.commission, line.net))
    return (
        line.at,
        CAUSES[line.cause],
        line.description,
        line.order,
        line.payment,
        *amounts,
        line.currency,
    )
