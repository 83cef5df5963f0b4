"""What a mentee does with an answer: takes a proposed time, or one that is left."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from openmentor.base import clock, idempotency
from openmentor.base.errors import Invalid, NotPossible, Refusal
from openmentor.booking import requests, second_choices
from openmentor.people import limits
from openmentor.web import picker, readers
from openmentor.web.redirects import see_other
from openmentor.web.refusals import answered_by


def _back(request: HttpRequest, refusal: Refusal, reference: str) -> HttpResponse:
    """To the page of the session, which says where it stands now."""
    messages.error(request, refusal.detail)
    return see_other("session", reference)


@require_POST
@answered_by(_back)
def pick(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one of the times that the mentor proposed."""
    starts_at = picker.instant_of(request.POST.get("time", ""))
    if starts_at is None:
        raise Invalid.field("time", "Please choose one of the times.")
    mentee, now = readers.person(request), clock.now()
    requests.pick(reference, by=mentee, starts_at=starts_at, now=now)
    messages.success(request, "That time is yours.")
    return see_other("confirmation", reference)


@require_POST
@answered_by(_back)
def take_another(request: HttpRequest, reference: str) -> HttpResponse:
    """Have a time that is left, where the one asked for was taken: booked, or asked for anew."""
    mentee, now = readers.person(request), clock.now()
    starts_at = picker.instant_of(request.POST.get("time", ""))
    if starts_at is None:
        raise NotPossible
    limits.spend("book", who=mentee.reference, now=now)

    def effect() -> tuple[int, str]:
        taken = second_choices.take(reference, by=mentee, starts_at=starts_at, now=now)
        return 303, taken.reference

    _, session = idempotency.once(
        f"instead of {reference.upper()} {picker.stamp(starts_at)}",
        person_id=mentee.pk,
        request=request.path.encode(),
        now=now,
        effect=effect,
    )
    return see_other("confirmation", session)
