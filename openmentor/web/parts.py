"""One address, two answers: the whole page, or only the part of it that htmx swaps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def whole_or_part(
    request: HttpRequest, whole: str, part: str, context: dict[str, Any]
) -> HttpResponse:
    """The page or its part; caches are told that the two are different answers."""
    htmx = request.htmx  # type: ignore[attr-defined]  # set by the middleware
    wants_part = bool(htmx) and not htmx.history_restore_request
    response = render(request, part if wants_part else whole, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
