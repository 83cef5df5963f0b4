"""Light, dark, or as the reader's system has it; the server knows, so nothing flashes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from openmentor.web.zones import YEAR, back

COOKIE = "theme"
CHOICES = (
    ("system", "As my system", "contrast"),
    ("light", "Light", "sun"),
    ("dark", "Dark", "moon"),
)


def readers_theme(request: HttpRequest) -> str:
    """`light`, `dark` or `system`."""
    wanted = request.COOKIES.get(COOKIE, "")
    return wanted if wanted in {"light", "dark"} else "system"


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in this browser."""
    response = redirect(back(request))
    wanted = request.POST.get("theme", "")
    if wanted in {"light", "dark"}:
        response.set_cookie(COOKIE, wanted, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
