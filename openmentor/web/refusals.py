"""How the pages say no: a refusal becomes a page, or a piece of one where htmx asked."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect

from openmentor.base.errors import NotFound, NotSignedIn, RateLimited, Refusal, passes

Page = Callable[..., HttpResponse]


class RefusalMiddleware:
    """Catches what verbs refuse, so that no view needs a `try`."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, unless `process_exception` has another."""
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal as the page that says so; anything else is not ours.

        A view that met another writer and was told to step back is called once more: its
        transaction left nothing behind.
        """
        if passes(error) and not hasattr(request, "tried_twice"):
            return self._tried_again(request)
        if not isinstance(error, Refusal):
            return None
        if isinstance(error, NotSignedIn):
            return _to_sign_in(request)
        match = request.resolver_match
        page = getattr(match.func, "refused", {}).get(request.method) if match else None
        if page and match and not isinstance(error, NotFound):
            return _answered(page, request, error, match.kwargs)
        return shown(request, error)

    def _tried_again(self, request: HttpRequest) -> HttpResponse | None:
        request.tried_twice = True  # type: ignore[attr-defined]  # read above, and nowhere else
        match = request.resolver_match
        if match is None:
            return None
        try:
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except Refusal as refusal:
            return self.process_exception(request, refusal)
        return response


def answered_by(page: Page, *, methods: Iterable[str] = ("POST",)) -> Callable[[Page], Page]:
    """Marks a view whose refused form is answered by a page of its own: all that was typed kept.

    `page` is called like the view, with the refusal after the request; it may lead elsewhere.
    """

    def marked(view: Page) -> Page:
        view.refused = dict.fromkeys(methods, page)  # type: ignore[attr-defined]  # read above
        return view

    return marked


def fault(refusal: Refusal | None, field: str) -> str:
    """What a refusal says about one field of the form; empty when nothing."""
    errors = refusal.data.get("errors", []) if refusal else []
    return next((error["message"] for error in errors if error["field"] == field), "")


def _answered(
    page: Page, request: HttpRequest, refusal: Refusal, arguments: dict[str, Any]
) -> HttpResponse:
    """The form's own page; or, where the reader may not see that page either, why not."""
    try:
        return _with_status(page(request, refusal, **arguments), refusal)
    except NotSignedIn:
        return _to_sign_in(request)
    except Refusal as another:
        return shown(request, another)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and then back; where htmx asked, back to the page that it asked for."""
    htmx = request.htmx  # type: ignore[attr-defined]  # set by the middleware
    if htmx:
        return HttpResponseClientRedirect(redirect_to_login(htmx.current_url_abs_path or "/").url)
    return redirect_to_login(request.get_full_path())


def shown(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as a page, or as an alert to put in the page when htmx asked."""
    partial = bool(request.headers.get("HX-Request"))
    response = render(
        request,
        "refusal_alert.html" if partial else "refusal.html",
        {"refusal": refusal},
    )
    if partial:
        response["HX-Reselect"] = "[role=alert]"  # Not what the page wanted to pick of its answer.
    return _with_status(response, refusal)


def too_often(request: HttpRequest) -> HttpResponse:
    """Where allauth sends those who try too often; its limits are by the minute."""
    return shown(request, RateLimited(retry_after=60))


def _with_status(response: HttpResponse, refusal: Refusal) -> HttpResponse:
    if "Location" not in response:
        response.status_code = refusal.kind.status
    if "retry_after" in refusal.data:
        response["Retry-After"] = str(refusal.data["retry_after"])
    return response
