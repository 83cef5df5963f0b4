"""`/mentors`: everybody who can be booked, and how to find the right one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict

from openmentor.base import clock
from openmentor.booking import directory
from openmentor.mentors import search
from openmentor.mentors.search import ORDERS, Search, Sort
from openmentor.people import limits
from openmentor.web import readers
from openmentor.web.parts import whole_or_part

ON_A_PAGE = 12
LONGEST_TEXT = 200


def show(request: HttpRequest) -> HttpResponse:
    """The mentors that fit the address's search, a page at a time."""
    now = clock.now()
    if request.GET:
        limits.spend("search", who=readers.address(request), now=now)
    wanted = _wanted(request.GET)
    found = search.matching(wanted).order_by(*ORDERS[Sort.NEWEST])
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "search": wanted,
        "filters": _filters(wanted),
        "found": page,
        "cards": directory.cards(list(page.object_list), now=now),
        "specialisations": search.words_in_use("specialisations"),
        "languages": search.words_in_use("languages"),
    }
    return whole_or_part(request, "directory/page.html", "directory/results.html", context)


def _wanted(query: QueryDict) -> Search:
    return Search(
        text=query.get("q", "").strip()[:LONGEST_TEXT],
        specialisations=[word for word in query.getlist("specialisation") if word],
        languages=[word for word in query.getlist("language") if word],
        free=True if query.get("free") else None,
    )


def _filters(wanted: Search) -> list[tuple[str, str]]:
    """What narrows the list, as (name in the address, words), to be taken away one by one."""
    filters = [("q", f"“{wanted.text}”")] if wanted.text else []
    filters += [("specialisation", word) for word in wanted.specialisations]
    filters += [("language", word) for word in wanted.languages]
    return [*filters, ("free", "Free sessions")] if wanted.free else filters
