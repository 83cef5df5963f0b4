"""`/board`: the open requests that mentors look through."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openmentor.base import clock
from openmentor.booking import board
from openmentor.booking.board import Filters
from openmentor.booking.models import OpenRequest
from openmentor.mentors import mentors
from openmentor.web import live, readers
from openmentor.web.requests import words

ON_A_PAGE: Final = 20


def _filters(request: HttpRequest) -> Filters:
    """What the address asks for; what it cannot mean does not narrow."""
    said = request.GET
    duration = said.get("duration", "")
    return Filters(
        kind=said.get("kind", "") if said.get("kind", "") in words.KINDS else "",
        duration_minutes=int(duration) if duration in words.DURATIONS else None,
        urgency=said.get("urgency", "") if said.get("urgency", "") in words.URGENCIES else "",
        tag=said.get("tag", "").strip().replace("\x00", ""),
        language=said.get("language", "").strip().replace("\x00", ""),
        fits=bool(said.get("fits")),
    )


@require_safe
def show_all(request: HttpRequest) -> HttpResponse:
    """The board, with its filters; first what the reader has claimed."""
    reader, now = readers.person(request), clock.now()
    mentor, filters = mentors.approved(reader), _filters(request)
    found = board.listed(mentor, filters, now=now)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    claimed = OpenRequest.objects.filter(claimed_by=mentor, status=OpenRequest.Status.CLAIMED)
    mine = list(claimed.order_by("lease_until").with_all_sides())
    context = {
        "found": page,
        "mine": mine,
        "filters": filters,
        "chips": _chips(filters),
        "kinds": [("", "Anything"), *words.KINDS.items()],
        "durations": [("", "Any"), *words.DURATIONS.items()],
        "urgencies": [("", "Any"), *words.URGENCIES.items()],
    }
    facts = [[(row.pk, row.revision) for row in rows] for rows in (page.object_list, mine)]
    return live.page(request, "requests/board.html", context, facts=(facts, found.count()))


def _chips(filters: Filters) -> list[tuple[str, str]]:
    """The filters that are set, as (name in the address, words)."""
    duration = filters.duration_minutes
    set_ = (
        ("kind", words.KINDS.get(filters.kind, "")),
        ("duration", f"{duration} minutes" if duration else ""),
        ("urgency", f"Urgency: {filters.urgency}" if filters.urgency else ""),
        ("tag", filters.tag),
        ("language", filters.language),
        ("fits", "Fits my hours" if filters.fits else ""),
    )
    return [(name, said) for name, said in set_ if said]
