"""The API: its title, its documentation, and which file answers what."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from ninja import NinjaAPI, Router

from openmentor.api import (
    accounts,
    group_sessions,
    mentors,
    mentorships,
    my_request_hours,
    my_schedule,
    notifications,
    open_requests,
    openapi,
    pack_offers,
    problem,
    seats,
    session_packs,
    session_payments,
    session_requests,
    session_types,
    slots,
    tokens,
)
from openmentor.api.auth import bearer
from openmentor.api.reading import CarefulParser
from openmentor.base.errors import NotFound, passes

View = Callable[..., Any]


class Api(NinjaAPI):
    """Ninja with problem documents for every no, also where ninja has another answer."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        """Every operation, and a 404 of ours for every other address below."""
        patterns = super()._get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                is_root = pattern.name == "api-root"  # Ninja needs its name, nobody its answer.
                pattern.callback = unknown if is_root else guarded(pattern.callback)
        return [*patterns, re_path("", unknown)]

    def get_openapi_schema(self, **path: Any) -> Any:
        """What callers and the documentation read; made once."""
        if not hasattr(self, "_description"):
            root = path.get("path_prefix") or self.get_root_path({})
            self._description = openapi.completed(openapi.Description(self, root))
        return self._description

    def get_openapi_operation_id(self, operation: Any) -> str:
        """A short name for client generators: `tokens_create`."""
        function = operation.view_func
        return f"{function.__module__.rsplit('.', 1)[-1]}_{function.__name__}"


def guarded(view: View) -> View:
    """The view behind checks that ninja does not make."""

    @wraps(view)
    def answer(request: HttpRequest, **path: Any) -> HttpResponseBase:
        if "\x00" in request.path:
            return problem.of_refusal(NotFound())
        response: HttpResponseBase = view(request, **path)
        if response.status_code == 405 and isinstance(response, HttpResponse):
            return problem.not_allowed(response)
        return response

    return answer


def unknown(_: HttpRequest) -> HttpResponse:
    """There is nothing at this address."""
    return problem.of_refusal(NotFound("There is nothing at this address."))


unknown.csrf_exempt = True  # type: ignore[attr-defined]  # Django's own mark; no cookie counts here


def tried_twice(view: View) -> View:
    """The view, called once more when two writers met and this one was told to step back."""

    @wraps(view)
    def answer(request: HttpRequest, **arguments: Any) -> Any:
        try:
            return view(request, **arguments)
        except (OperationalError, IntegrityError) as error:
            if not passes(error) or connection.in_atomic_block:
                raise
            return view(request, **arguments)

    return answer


api = Api(
    title="OpenMentor",
    version="1",
    description=openapi.INTRODUCTION,
    docs_url="/docs",
    openapi_url="/openapi.json",
    parser=CarefulParser(),
    auth=bearer,
    default_router=Router(by_alias=True),
)
problem.install(api)
api.add_decorator(tried_twice)

RESOURCES = {
    "": accounts.router,
    "/tokens": tokens.router,
    "/mentors/me/availability": my_schedule.router,
    "/mentors": mentors.router,
    "/mentors/{mentor_id}/availability": slots.router,
    "/session-types": session_types.router,
    "/pack-offers": pack_offers.router,
    "/session-packs": session_packs.router,
    "/seats": seats.router,
    "/mentorships": mentorships.router,
    "/notifications": notifications.router,
    "/sessions/group": group_sessions.router,
    "/sessions": session_requests.router,
    "/session-payments": session_payments.router,
    "/mini-mentorship/availability": my_request_hours.router,
    "/mini-mentorship": open_requests.router,
}
for prefix, router in RESOURCES.items():
    api.add_router(prefix, router)
