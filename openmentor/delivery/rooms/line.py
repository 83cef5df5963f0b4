"""The line to a provider of rooms: JSON over HTTP, in limited time, without redirects."""

from typing import Any

import httpx2

from openmentor.delivery.rooms.interface import NoRoom

Answer = dict[str, Any]


def ask(method: str, url: str, *, timeout: float, **options: Any) -> Answer:
    """The provider's answer, a JSON object. `NoRoom` for anything but a clear yes."""
    try:
        with httpx2.Client(timeout=timeout, follow_redirects=False) as client:
            response = client.request(method, url, **options)
            if not response.is_success:
                raise NoRoom(f"It answered with status {response.status_code}.")
            answer = response.json() if response.content else {}
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as trouble:
        raise NoRoom(f"It gave no answer we can read ({type(trouble).__name__}).") from trouble
    if not isinstance(answer, dict):
        raise NoRoom("It gave an answer of another form.")
    return answer


def text(answer: Answer, *names: str) -> str:
    """A text in the answer, by the names that lead to it; `NoRoom` if there is none."""
    found: Any = answer
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, str | int) or not str(found):
        raise NoRoom(f"Its answer has no {'.'.join(names)}.")
    return str(found)
