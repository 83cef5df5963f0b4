"""Who is signing in, by address and password and, where they want it, a second proof."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit

from openmentor.base.errors import RateLimited
from openmentor.people import second_factor
from openmentor.people.models import Person
from openmentor.people.refusals import SecondFactorNeeded, WrongCode, WrongPassword

WAIT = 5 * 60
"""Seconds for which somebody who guessed too often is asked to wait."""


def owner(*, email: str, password: str, code: str = "", request: Any) -> Person:
    """The person whose address, password and (if they ask for one) code these are.

    `request` is the web request that tries are counted by. Refuses wrong passwords and codes,
    too many of them, and a missing code, saying which kinds of second proof there are.
    """
    person: Person | None = get_adapter(request).authenticate(
        request, email=email, password=password
    )
    if person is None or not person.is_active:
        raise WrongPassword
    methods = second_factor.methods(person)
    if methods and not code:
        raise SecondFactorNeeded(methods=methods)
    if methods:
        _demand_code(person, code, request=request)
    return person


def _demand_code(person: Person, code: str, *, request: Any) -> None:
    # The same count as the web page's, so that a guesser cannot use one door after the other.
    count = {"action": "login_failed", "key": f"mfa-auth-user-{person.pk}"}
    if not ratelimit.consume(request, **count):
        raise RateLimited(retry_after=WAIT)
    if not second_factor.accepts(person, code):
        raise WrongCode
    ratelimit.clear(request, **count)
