"""Pages that follow what the other side does, without being loaded again.

`<c-live>` asks for its page every few seconds and says what it has seen; as long as that is how
things still stand, the answer is empty and nothing moves.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

SEEN = "seen"


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, facts: Any
) -> HttpResponse:
    """The page; nothing (204) to a page that asks again and has seen the same `facts`."""
    state = hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
    if request.GET.get(SEEN) == state:
        return HttpResponse(status=204)
    response = render(request, template, {**context, "live": state})
    patch_vary_headers(response, ["HX-Request"])
    return response
