"""`/mailbox`: the mails that were sent, for those who try the demo; no other site has it."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from openmentor.base.errors import NotFound
from openmentor.delivery import mailbox
from openmentor.delivery.models import Message
from openmentor.web import readers

ON_A_PAGE = 30


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The reader's mails, newest first; staff see everybody's."""
    _demand_demo()
    pages = Paginator(mailbox.of(readers.person(request)), ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    return render(request, "mailbox/page.html", {"shown": shown})


@require_safe
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """One mail as text, with its calendar file."""
    return render(request, "mailbox/mail.html", {"mail": _mail(request, reference)})


@csp_override({"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE]})
@require_safe
def look(request: HttpRequest, reference: str) -> HttpResponse:
    """One mail as mail programs show it: its own HTML, which may load and run nothing."""
    return HttpResponse(_mail(request, reference).html)


def _mail(request: HttpRequest, reference: str) -> Message:
    _demand_demo()
    return mailbox.find(reference, for_=readers.person(request))


def _demand_demo() -> None:
    if not settings.DEMO:
        raise NotFound("There is no such page.")
