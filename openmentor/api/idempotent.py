"""The door's side of `Idempotency-Key`: a create call repeated under a key is done once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from openmentor.api.auth import caller
from openmentor.api.schema import Answer, json_text
from openmentor.base import clock, idempotency

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"


def once(request: HttpRequest, effect: Callable[[], Answer], *, status: int = 201) -> HttpResponse:
    """What `effect` answers, or what it answered when this key was first used.

    Without the header every call is a new one. A replay says so in `Idempotency-Replayed`.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return json_text(effect().model_dump_json(by_alias=True), status=status)
    fresh = False

    def first_time() -> tuple[int, str]:
        nonlocal fresh
        fresh = True
        return status, effect().model_dump_json(by_alias=True)

    answered, text = idempotency.once(
        key,
        person_id=caller(request).pk,
        request=f"{request.method} {request.get_full_path()}\n".encode() + request.body,
        now=clock.now(),
        effect=first_time,
    )
    response = json_text(text, status=answered)
    if not fresh:
        response[REPLAYED] = "true"
    return response
