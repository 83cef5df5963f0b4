"""Whose clock a page is read by: chosen for now, kept in the profile, detected, or the default."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from openmentor.base.errors import Invalid
from openmentor.people import people
from openmentor.people import zones as names
from openmentor.web import times

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
    """Every zone a reader can choose, with a place in its name, in order."""
    return ("UTC", *sorted(name for name in names.names() if "/" in name and "Etc/" not in name))


def typed(name: str) -> str:
    """The zone meant by what was typed, or nothing: case and spaces do not matter."""
    wanted = name.strip().replace(" ", "_").casefold()
    return next((zone for zone in choices() if zone.casefold() == wanted), "")


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Show times in the chosen zone from now on; `keep` also writes it to the profile."""
    zone = typed(request.POST.get("zone", ""))
    if not zone:
        raise Invalid.field("zone", "We do not know that time zone. Pick one from the list.")
    response = redirect(back(request))
    if request.user.is_authenticated:
        request.session[COOKIE] = zone
        if request.POST.get("keep"):
            people.update_profile(request.user, timezone=zone)
            del request.session[COOKIE]
    else:
        response.set_cookie(COOKIE, zone, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    messages.success(request, f"Times are now in {times.place(ZoneInfo(zone))}.")
    return response


def back(request: HttpRequest) -> str:
    """Where the form was sent from, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else "/"
