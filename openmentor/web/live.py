"""Pages that follow what the other side does, without being loaded again.

`<c-live>` asks for its page every few seconds and says what it has seen; as long as that is how
things still stand, the answer is empty and nothing moves.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from openmentor.web.redirects import SeeOther

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


def lead_on(request: HttpRequest, to: str, *args: Any) -> HttpResponse:
    """To another page, also where the page asked again: the reader's address stays true."""
    address = resolve_url(to, *args)
    asks_again = SEEN in request.GET and request.headers.get("HX-Request")
    return HttpResponseClientRedirect(address) if asks_again else SeeOther(address)
