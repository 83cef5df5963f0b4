"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openmentor.base import clock
from openmentor.booking import directory, groups
from openmentor.mentors import search

FREE_SOON = 3
SUGGESTED_WORDS = 6
COMING = 3


def show(request: HttpRequest) -> HttpResponse:
    """What this is, whom one can meet soon, and how it works."""
    now = clock.now()
    cards = directory.free_soon(most=FREE_SOON, now=now)
    words = search.words_in_use("specialisations", most=SUGGESTED_WORDS)
    coming = list(groups.coming(now=now)[:COMING])
    return render(request, "home.html", {"cards": cards, "words": words, "group_sessions": coming})
