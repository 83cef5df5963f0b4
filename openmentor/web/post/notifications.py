"""`/notifications`: what others did, and what of it is new."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from openmentor.base import clock
from openmentor.delivery import notifications
from openmentor.web import readers
from openmentor.web.redirects import see_other

ON_A_PAGE = 20


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The reader's notifications, newest first."""
    reader = readers.person(request)
    pages = Paginator(notifications.of(reader), ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {"shown": shown, "unread": notifications.unread(reader)}
    return render(request, "notifications/page.html", context)


@never_cache
@require_safe
def unread(request: HttpRequest) -> HttpResponse:
    """How many are new, for the bell; the page asks again and again."""
    context = {"unread": notifications.unread(readers.person(request))}
    return render(request, "notifications/count.html", context)


@require_safe
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """To the page that a notification is about; it is not new any more."""
    note = notifications.opened(reference, by=readers.person(request), now=clock.now())
    return redirect(note.path)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """All are read."""
    notifications.read(readers.person(request), now=clock.now())
    return see_other("notifications")
