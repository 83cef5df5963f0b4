"""What may be done to an open request, by whom, and until when. Verbs demand it, doors list it."""

from collections.abc import Callable
from datetime import datetime

from openmentor.base.errors import NotAllowed, NotPossible, Refusal
from openmentor.base.lifecycles import words
from openmentor.booking.models import OpenRequest
from openmentor.booking.refusals import AlreadyClaimed, TooLate
from openmentor.mentors import mentors
from openmentor.people.models import Person

_OPEN, _CLAIMED = OpenRequest.Status.OPEN, OpenRequest.Status.CLAIMED
TAKEN = (_CLAIMED, OpenRequest.Status.SCHEDULED, OpenRequest.Status.COMPLETED)


def is_mentees(request: OpenRequest, person: Person) -> bool:
    """Whether the person posted it."""
    return request.mentee_id == person.pk


def is_claimants(request: OpenRequest, person: Person) -> bool:
    """Whether the person is the mentor who claimed it."""
    return request.claimed_by is not None and request.claimed_by.person_id == person.pk


def name_of(request: OpenRequest, *, to: Person) -> str:
    """The mentee's name; the first name alone to mentors who have not claimed it."""
    is_known = is_mentees(request, to) or is_claimants(request, to) or to.is_staff
    return request.mentee.name if is_known else request.mentee.first_name


def demand_editable(request: OpenRequest, by: Person, _now: datetime) -> None:
    """The mentee may change it while nobody has claimed it."""
    _demand_mentees(request, by)
    if request.status != _OPEN:
        raise NotPossible(f"This request is {words(request.status)}, so it cannot be changed.")


def demand_cancellable(request: OpenRequest, by: Person, _now: datetime) -> None:
    """The mentee, or staff, may take it back until it is scheduled."""
    if not by.is_staff:
        _demand_mentees(request, by)
    if request.status == OpenRequest.Status.SCHEDULED:
        raise NotPossible("This request has its session. Cancel the session instead.")
    if request.status not in {_OPEN, _CLAIMED}:
        raise NotPossible(f"This request is {words(request.status)} already.")


def demand_claimable(request: OpenRequest, by: Person, now: datetime) -> None:
    """Any approved mentor may claim what is on the board, unless it is their own."""
    mentors.approved(by)
    if is_mentees(request, by):
        raise NotAllowed("You posted this request yourself, so you cannot claim it.")
    if request.status in TAKEN and not is_claimants(request, by):
        raise AlreadyClaimed
    if request.status != _OPEN:
        raise NotPossible(f"This request is {words(request.status)}.")
    if now >= request.ends_at:
        raise TooLate("All the times that the mentee offered are over.")


def demand_releasable(request: OpenRequest, by: Person, _now: datetime) -> None:
    """The mentor who claimed it, or staff, may give it back to the board."""
    if not by.is_staff:
        _demand_claimants(request, by)
    if request.status != _CLAIMED:
        raise NotPossible(f"This request is {words(request.status)}.")


def demand_schedulable(request: OpenRequest, by: Person, now: datetime) -> None:
    """The mentor who claimed it may schedule it until the claim runs out."""
    _demand_claimants(request, by)
    if request.status != _CLAIMED:
        raise NotPossible(f"This request is {words(request.status)}.")
    if request.lease_until is None or now >= request.lease_until:
        raise TooLate("Your time to schedule this request is over.")


ACTIONS: dict[str, Callable[[OpenRequest, Person, datetime], None]] = {
    "edit": demand_editable,
    "cancel": demand_cancellable,
    "claim": demand_claimable,
    "release": demand_releasable,
    "schedule": demand_schedulable,
}


def actions(request: OpenRequest, by: Person, now: datetime) -> list[str]:
    """The names of all that this person may do to the request now."""
    return [name for name in ACTIONS if objection(name, request, by, now) is None]


def objection(action: str, request: OpenRequest, by: Person, now: datetime) -> Refusal | None:
    """Why this person may not do it now; None if they may."""
    try:
        ACTIONS[action](request, by, now)
    except Refusal as refusal:
        return refusal
    return None


def _demand_mentees(request: OpenRequest, by: Person) -> None:
    if not is_mentees(request, by):
        raise NotAllowed("Only the mentee who posted this request can do that.")


def _demand_claimants(request: OpenRequest, by: Person) -> None:
    if not is_claimants(request, by):
        raise NotAllowed("Only the mentor who claimed this request can do that.")
