"""`/group-sessions`: what everybody can join, the other tab of finding a mentor."""

from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from openmentor.base import clock
from openmentor.booking import group_search
from openmentor.booking.group_search import GroupSearch
from openmentor.people import limits
from openmentor.web import readers
from openmentor.web.parts import whole_or_part

ON_A_PAGE = 12
LONGEST_TEXT = 200
WHEN = {"week": ("In the next 7 days", 7), "month": ("In the next 30 days", 30)}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The public group sessions that fit the address's search, soonest first."""
    now = clock.now()
    if request.GET:
        limits.spend("search", who=readers.address(request), now=now)
    wanted = _wanted(request.GET, now=now)
    page = Paginator(group_search.matching(wanted, now=now), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "search": wanted,
        "when": request.GET.get("when", ""),
        "whens": [("", "Any time"), *((key, words) for key, (words, _) in WHEN.items())],
        "filters": _filters(wanted, request.GET),
        "found": page,
    }
    return whole_or_part(request, "groups/browse.html", "groups/results.html", context)


def _wanted(query: QueryDict, *, now: datetime) -> GroupSearch:
    _, days = WHEN.get(query.get("when", ""), ("", 0))
    return GroupSearch(
        text=query.get("q", "").strip()[:LONGEST_TEXT],
        tag=query.get("tag", "").strip()[:LONGEST_TEXT],
        free=True if query.get("free") else None,
        has_places=bool(query.get("places")),
        until=now + timedelta(days=days) if days else None,
    )


def _filters(wanted: GroupSearch, query: QueryDict) -> list[tuple[str, str]]:
    """What narrows the list, as (name in the address, words), to be taken away one by one."""
    filters = [("q", f"“{wanted.text}”")] if wanted.text else []
    filters += [("tag", wanted.tag)] if wanted.tag else []
    filters += [("when", WHEN[query.get("when", "")][0])] if wanted.until else []
    filters += [("free", "Free")] if wanted.free else []
    return [*filters, ("places", "With free places")] if wanted.has_places else filters
