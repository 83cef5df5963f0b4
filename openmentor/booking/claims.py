"""Claims: a mentor takes an open request off the board, and schedules it or gives it back.

The first to get the row's lock has it. Whoever claimed has 48 hours to find a time; then the
request is on the board again.
"""

from datetime import datetime, timedelta

from django.db import transaction

from openmentor.base import locks
from openmentor.base.errors import Invalid, NotFound, refusing
from openmentor.booking import calendar, needs, open_permits, open_requests
from openmentor.booking.clashes import clashing
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, OpenRequest, Session
from openmentor.booking.occupancy import occupied
from openmentor.booking.refusals import AlreadyClaimed, OutsideWindows, TooSoon, YouAreBusy
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

LEASE = timedelta(hours=48)
LAPSED = "not scheduled in time"
RELEASED = "given back"


def find(reference: str, *, for_: Person) -> OpenRequest:
    """The open request as a mentor finds it on the board, with all sides.

    Refuses `not_allowed` (no approved mentor), `already_claimed` (by another: somebody who has the
    address learns that much and nothing else) and `not_found`.
    """
    mentor = mentors.approved(for_)
    taken = OpenRequest.objects.named(reference).filter(status__in=open_permits.TAKEN)
    if taken.exclude(claimed_by=mentor).exclude(mentee=for_).exists():
        raise AlreadyClaimed
    return open_requests.find(reference, for_=for_)


@transaction.atomic
def claim(reference: str, *, by: Person, now: datetime) -> OpenRequest:
    """The request is this mentor's to schedule, for 48 hours or as long as its windows last.

    Claiming what one has claimed changes nothing. Refuses `not_allowed` (no approved mentor, or
    one's own request), `not_found`, `already_claimed`, `not_possible` (over), `too_late`.
    """
    mentor = mentors.approved(by)
    request = OpenRequest.objects.select_for_update().named(reference).first()
    if request is None:
        raise NotFound("There is no such request.")
    if request.status == OpenRequest.Status.CLAIMED and request.claimed_by_id == mentor.pk:
        return open_requests.find(reference, for_=by)
    open_permits.demand_claimable(request, by, now)
    request.claimed_by = mentor
    request.lease_until = min(now + LEASE, request.ends_at)
    open_requests.move(request, OpenRequest.Status.CLAIMED, by=by.pk, why="", now=now)
    return open_requests.find(reference, for_=by)


@transaction.atomic
def release(reference: str, *, by: Person, now: datetime) -> OpenRequest:
    """Give a claimed request back to the board, for others to claim.

    Refuses `not_found`, `not_allowed` (not the one who claimed it), `not_possible`.
    """
    request = open_requests.held(reference, by)
    open_permits.demand_releasable(request, by, now)
    open_requests.move(request, OpenRequest.Status.OPEN, by=by.pk, why=RELEASED, now=now)
    return request


def schedule(reference: str, *, by: Person, starts_at: datetime, now: datetime) -> OpenRequest:
    """Find the time: a free one-on-one session inside one of the windows, confirmed at once.

    Refuses `not_found`, `not_allowed`, `not_possible`, `too_late` (the claim ran out), `invalid`
    (not a full minute), `too_soon` (past), `outside_windows`, `time_taken` (the mentor's calendar)
    and `you_are_busy` (the mentee has another session then).
    """
    with transaction.atomic():
        seen = open_requests.find(reference, for_=by)
        # Calendars come before rows; a claimed request's mentor is the one who asks.
        if by.is_mentor:
            locks.hold(locks.MENTOR_CALENDAR, by.mentor.pk)
        locks.hold(locks.PERSON_CALENDAR, seen.mentee_id)
        request = open_requests.held(reference, by)
        open_permits.demand_schedulable(request, by, now)
        ends_at = starts_at + timedelta(minutes=request.duration_minutes)
        _demand_offered(request, starts_at, ends_at, now=now)
        _demand_both_free(request, starts_at, ends_at)
        request.session = _session(request, starts_at, ends_at, by=by, now=now)
        open_requests.move(request, OpenRequest.Status.SCHEDULED, by=by.pk, why="", now=now)
        return request


def lapse_due(*, now: datetime, most: int = 200) -> int:
    """Claims that ran out unscheduled are on the board again; how many."""
    due = OpenRequest.objects.filter(status=OpenRequest.Status.CLAIMED, lease_until__lte=now)
    keys = due.order_by("lease_until").values_list("pk", flat=True)[:most]
    return sum(_lapse(key, now=now) for key in keys)


@transaction.atomic
def _lapse(request_id: int, *, now: datetime) -> bool:
    request = OpenRequest.objects.select_for_update().get(pk=request_id)
    if request.lease_until is None or request.lease_until > now:
        return False
    open_requests.move(request, OpenRequest.Status.OPEN, by=None, why=LAPSED, now=now)
    return True


def _demand_offered(
    request: OpenRequest, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> None:
    if starts_at.second or starts_at.microsecond:
        raise Invalid.field("scheduled_at", "A session starts at a full minute.")
    if starts_at <= now:
        raise TooSoon("Please choose a time that is still to come.")
    windows = needs.windows_of(request)
    if not needs.offers(windows, starts_at, ends_at):
        raise OutsideWindows(windows=needs.stamped(windows))


def _demand_both_free(request: OpenRequest, starts_at: datetime, ends_at: datetime) -> None:
    assert request.claimed_by is not None  # noqa: S101 - open_request_claimed_has_a_mentor
    calendar.demand_free(request.claimed_by, starts_at=starts_at, ends_at=ends_at)
    if clashing(request.mentee, starts_at=starts_at, ends_at=ends_at):
        raise YouAreBusy(f"{request.mentee.first_name} has another session at that time by now.")


def _session(
    request: OpenRequest, starts_at: datetime, ends_at: datetime, *, by: Person, now: datetime
) -> Session:
    """The session that the request asked for, with its mentee's place; both cost nothing."""
    mentor = request.claimed_by
    assert mentor is not None  # noqa: S101 - open_request_claimed_has_a_mentor
    with refusing(LAWS):
        session = Session.objects.create(
            origin=Session.Origin.OPEN_REQUEST,
            status=Session.Status.SCHEDULED,
            mentor=mentor,
            requested_by=request.mentee,
            title=request.title,
            starts_at=starts_at,
            ends_at=ends_at,
            buffer_before=mentor.buffer_before,
            buffer_after=mentor.buffer_after,
            occupies=occupied(
                starts_at, ends_at, before=mentor.buffer_before, after=mentor.buffer_after
            ),
            timezone=mentor.timezone,
            currency=mentor.currency,
            created_at=now,
        )
        booking = _place(session, request, mentor)
    SESSION.begin(session, by=by.pk, at=now)
    BOOKING.begin(booking, by=by.pk, at=now)
    return session


def _place(session: Session, request: OpenRequest, mentor: Mentor) -> Booking:
    return Booking.objects.create(
        session=session,
        mentee=request.mentee,
        status=Booking.Status.CONFIRMED,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        currency=mentor.currency,
        refund_policy=mentor.refund_policy,
        notes=request.description,
        created_at=session.created_at,
    )
