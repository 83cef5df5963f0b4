"""Whose clock a page is read by: chosen for now, kept in the profile, detected, or the default."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from openmentor.delivery import times
from openmentor.people import people
from openmentor.people import zones as names
from openmentor.people.models import Person

COOKIE = "zone"
YEAR = 365 * 24 * 60 * 60


class ReaderZoneMiddleware:
    """Sets `request.zone`, and makes it the zone of everything shown during the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.zone = readers_zone(request)  # type: ignore[attr-defined]  # for the pages
        with timezone.override(request.zone):  # type: ignore[attr-defined]  # set above
            return self.get_response(request)


def readers_zone(request: HttpRequest) -> ZoneInfo:
    """Chosen for this visit, else the profile's, else this browser's cookie, else the default."""
    if request.user.is_authenticated:
        candidates = (request.session.get(COOKIE, ""), request.user.timezone)
    else:
        candidates = (request.COOKIES.get(COOKIE, ""), "")
    known = (name for name in candidates if name and names.exists(name))
    return ZoneInfo(next(known, settings.DEFAULT_TIMEZONE))


@cache
def choices() -> tuple[str, ...]:
    """The zones of the world, one name each: aliases can be typed but are not offered."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    rows = (row.split("\t") for row in table.splitlines() if not row.startswith("#"))
    return (*sorted(row[2] for row in rows), "UTC")


def areas() -> dict[str, list[str]]:
    """The same zones, by the part of the world they are in."""
    grouped: dict[str, list[str]] = {}
    for zone in choices():
        grouped.setdefault(zone.partition("/")[0], []).append(zone)
    return grouped


def typed(name: str) -> str:
    """The zone meant by what was typed, or nothing: a zone's name, or just its city."""
    wanted = name.strip().replace(" ", "_").casefold()
    known = {zone.casefold(): zone for zone in names.names()}
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in choices()}
    return known.get(wanted) or cities.get(wanted, "")


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Show times in the chosen zone from now on; `keep` also writes it to the profile."""
    if request.method == "GET":
        return _asked(request, next_page=request.GET.get("next", ""))
    zone = typed(request.POST.get("zone", ""))
    if not zone:
        error = "We do not know that time zone. Pick the one you mean."
        return _asked(request, next_page=request.POST.get("next", ""), error=error, status=422)
    response = redirect(back(request))
    if request.user.is_authenticated:
        _remember(request, request.user, zone)
    else:
        response.set_cookie(COOKIE, zone, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    messages.success(request, f"Times are now in {times.place(ZoneInfo(zone))}.")
    return response


def _asked(
    request: HttpRequest, *, next_page: str, error: str = "", status: int = 200
) -> HttpResponse:
    context = {"areas": areas(), "next": next_page, "error": error}
    return render(request, "zone.html", context, status=status)


def _remember(request: HttpRequest, person: Person, zone: str) -> None:
    if request.POST.get("keep"):
        people.update_profile(person, timezone=zone)
        request.session.pop(COOKIE, None)
    else:
        request.session[COOKIE] = zone


def back(request: HttpRequest) -> str:
    """Where the form was sent from, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else "/"
