"""What a person does to a session: cancels it, completes it, says that the other did not come.

Each asks on a page of its own first and says what will happen; the same page answers a refusal.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openmentor.base import clock, money
from openmentor.base.errors import Refusal
from openmentor.booking import permits, sessions
from openmentor.web import readers, refusals, seen
from openmentor.web.redirects import see_other

DIGITS = 15
"""No amount of money has more."""


def _asks(question: str) -> Callable[[HttpRequest, Refusal, str], HttpResponse]:
    """The page of a question, shown again with the refusal in it."""

    def page(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
        return _question(request, question, reference, refusal=refusal)

    return page


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_asks("cancel"))
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask, with what follows from it; sent as a form, call the session off."""
    if request.method != "POST":
        return _question(request, "cancel", reference)
    reader, reason = readers.person(request), request.POST.get("reason", "")
    back = expected(request)
    session = sessions.cancel(reference, by=reader, reason=reason, expecting=back, now=clock.now())
    paid_back = f" {money.display(back, session.currency)} is on its way back." if back else ""
    messages.success(request, f"The session is cancelled.{paid_back}")
    return see_other("session", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_asks("complete"))
def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask; sent as a form, the mentor says that the session took place."""
    if request.method != "POST":
        return _question(request, "complete", reference)
    sessions.complete(reference, by=readers.person(request), now=clock.now())
    messages.success(request, "The session is completed.")
    return see_other("session", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals.answered_by(_asks("no-show"))
def no_show(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask; sent as a form, one side says that the other did not come."""
    if request.method != "POST":
        return _question(request, "no-show", reference)
    sessions.mark_no_show(reference, by=readers.person(request), now=clock.now())
    messages.success(request, "Thank you for telling us. The session is marked as a no-show.")
    return see_other("session", reference)


def expected(request: HttpRequest) -> int | None:
    """The refund that the form showed, in minor units; None where it showed none."""
    shown = request.POST.get("expecting", "")
    return int(shown) if shown.isdecimal() and len(shown) <= DIGITS else None


def _question(
    request: HttpRequest, question: str, reference: str, *, refusal: Refusal | None = None
) -> HttpResponse:
    reader, now = readers.person(request), clock.now()
    session = sessions.find(reference, for_=reader)
    side = permits.side_of(session, reader)
    context = {
        "seen": seen.by(reader, session, now=now),
        "session": session,
        "refusal": refusal,
        "objection": permits.objection(question, session, side, now),
        "reason": request.POST.get("reason", ""),
        "reason_error": refusals.fault(refusal, "reason"),
    }
    if question == "cancel" and context["objection"] is None:
        context["quote"] = sessions.cancel_quote(reference, by=reader, now=now)
    return render(request, f"sessions/{question.replace('-', '_')}.html", context)
