"""Open requests: a mentee posts a need to all mentors, changes it, takes it back (SPEC §7).

What mentors do with them is in `claims.py`. Every move is made under the row's lock.
"""

from datetime import datetime
from typing import Unpack

from django.db import transaction

from openmentor.base import events
from openmentor.base.errors import NotFound
from openmentor.booking import needs, open_permits
from openmentor.booking.lifecycle import OPEN_REQUEST
from openmentor.booking.models import OpenRequest, OpenRequestWindow, Session
from openmentor.booking.needs import Need, Window
from openmentor.booking.texts import said
from openmentor.people import people
from openmentor.people.models import Person

LONGEST_REASON = 1000
_TIMES_OVER = "all its times are over"
_FOLLOWING = {
    Session.Status.COMPLETED: OpenRequest.Status.COMPLETED,
    Session.Status.CANCELLED: OpenRequest.Status.CANCELLED,
    Session.Status.NO_SHOW: OpenRequest.Status.CANCELLED,
}


def find(reference: str, *, for_: Person) -> OpenRequest:
    """The open request of this public id, with all sides; `not_found` if not theirs to see."""
    named = OpenRequest.objects.named(reference)
    request = named.visible_to(for_).with_all_sides().first()
    if request is None:
        raise NotFound("There is no such request.")
    return request


@transaction.atomic
def post(mentee: Person, *, now: datetime, **need: Unpack[Need]) -> OpenRequest:
    """Post a need to all mentors; it is open at once.

    Refuses `email_not_verified`, and `invalid` with a line per field: an unknown kind, format or
    urgency, a duration other than 30, 45 and 60 minutes, no windows, windows that are over, too
    short or more than a year ahead.
    """
    people.demand_verified(mentee)
    request = OpenRequest(mentee=mentee, created_at=now)
    required: Need = {"kind": "", "title": "", "duration_minutes": 0, "windows": ()}
    values = needs.cleaned(required | need, known=request, now=now)
    windows = values.pop("windows")
    _set(request, values, windows)
    request.save()
    _write_windows(request, windows)
    OPEN_REQUEST.begin(request, by=mentee.pk, at=now)
    return find(request.reference, for_=mentee)


@transaction.atomic
def edit(reference: str, *, by: Person, now: datetime, **changes: Unpack[Need]) -> OpenRequest:
    """Change what an open request says while nobody has claimed it.

    Refuses `not_found`, `not_allowed`, `not_possible` (claimed, or over), and `invalid` as `post`.
    """
    request = held(reference, by)
    open_permits.demand_editable(request, by, now)
    values = needs.cleaned(changes, known=request, now=now)
    windows = values.pop("windows", None)
    _set(request, values, windows)
    request.revision += 1
    request.save()
    if windows is not None:
        request.windows.all().delete()
        _write_windows(request, windows)
    events.record(
        "open_request.edited",
        subject=OPEN_REQUEST.subject,
        subject_id=request.pk,
        actor_id=by.pk,
        at=now,
        from_state=request.status,
        to_state=request.status,
        fields=sorted(changes),
    )
    return find(reference, for_=by)


@transaction.atomic
def cancel(reference: str, *, by: Person, reason: str = "", now: datetime) -> OpenRequest:
    """Take an open request off the board, claimed or not; a mentor who claimed it is told.

    Refuses an `invalid` reason, `not_found`, `not_allowed`, `not_possible` (scheduled, or over).
    """
    reason = said(reason, field="reason", most=LONGEST_REASON)
    request = held(reference, by)
    open_permits.demand_cancellable(request, by, now)
    move(request, OpenRequest.Status.CANCELLED, by=by.pk, why=reason, now=now)
    return request


def expire_due(*, now: datetime, most: int = 200) -> int:
    """Open requests all of whose times are over expire; how many."""
    due = OpenRequest.objects.filter(status=OpenRequest.Status.OPEN, ends_at__lte=now)
    keys = due.order_by("ends_at").values_list("pk", flat=True)[:most]
    return sum(_expire(key, now=now) for key in keys)


@transaction.atomic
def _expire(request_id: int, *, now: datetime) -> bool:
    request = OpenRequest.objects.select_for_update().get(pk=request_id)
    if request.status != OpenRequest.Status.OPEN or request.ends_at > now:
        return False
    move(request, OpenRequest.Status.EXPIRED, by=None, why=_TIMES_OVER, now=now)
    return True


def follow(session: Session, *, by: int | None, now: datetime) -> None:
    """An open request goes where its session went: completed with it, or cancelled.

    In the transaction that moved the session, whose row is locked: sessions come first.
    """
    request = OpenRequest.objects.select_for_update(of=("self",)).get(session=session)
    after = _FOLLOWING[Session.Status(session.status)]
    if OPEN_REQUEST.allows(request.status, after):
        move(request, after, by=by, why=session.cancel_reason, now=now)


def held(reference: str, by: Person) -> OpenRequest:
    """The open request for a verb, read under its row's lock."""
    seen = find(reference, for_=by)
    OpenRequest.objects.select_for_update().only("pk").get(pk=seen.pk)
    return find(reference, for_=by)


def move(
    request: OpenRequest, after: OpenRequest.Status, *, by: int | None, why: str, now: datetime
) -> None:
    """Move a request; only a claimed one has a lease, only one on the board has no mentor."""
    if after != OpenRequest.Status.CLAIMED:
        request.lease_until = None
    if after == OpenRequest.Status.OPEN:
        request.claimed_by = None
    request.revision += 1
    OPEN_REQUEST.move(
        request,
        after,
        by=by,
        at=now,
        why=why,
        also=["claimed_by", "lease_until", "session", "revision"],
    )


def _set(request: OpenRequest, values: dict[str, object], windows: list[Window] | None) -> None:
    for name, value in values.items():
        setattr(request, name, value)
    if windows is not None:
        request.ends_at = windows[-1][1]


def _write_windows(request: OpenRequest, windows: list[Window]) -> None:
    OpenRequestWindow.objects.bulk_create(
        OpenRequestWindow(request=request, during=during) for during in needs.ranges(windows)
    )
