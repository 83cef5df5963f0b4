"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openmentor.base import clock
from openmentor.booking import directory

FREE_SOON = 3


def show(request: HttpRequest) -> HttpResponse:
    """What this is, whom one can meet soon, and how it works."""
    now = clock.now()
    cards = directory.free_soon(most=FREE_SOON, now=now)
    return render(request, "home.html", {"cards": cards, "now": now})
