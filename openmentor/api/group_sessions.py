"""Group sessions: browse, plan, join and leave, wait for a place, tell and count who comes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from openmentor.api import group_shapes, wall_clock
from openmentor.api.auth import anyone, caller, viewer
from openmentor.api.group_bodies import (
    Attendance,
    GroupChanges,
    NewGroupSession,
    NewMessage,
    Reason,
)
from openmentor.api.group_shapes import GroupAnswer, Participant, WaitingAnswer
from openmentor.api.idempotent import once
from openmentor.api.pages import Page, Paging, page
from openmentor.api.schema import Answer, answer
from openmentor.api.session_payments import ToPay
from openmentor.api.wall_clock import DayOrInstant
from openmentor.base import clock
from openmentor.booking import (
    announcements,
    attendance,
    group_search,
    groups,
    joining,
    planning,
    replanning,
    sessions,
    settlement,
    waiting,
)
from openmentor.booking.group_search import GroupSearch
from openmentor.booking.models import Booking, Session
from openmentor.people import limits
from openmentor.people.models import Person

router = Router(tags=["Group sessions"], by_alias=True)


class GroupQuery(Paging):
    """Which group sessions: by words, tag, host, price and date."""

    q: str = Field("", max_length=200, description="Words of the title, text, tags or host.")
    tag: str = Field("", max_length=40)
    mentor_id: str = Field("", max_length=40)
    free: bool | None = None
    has_places: bool = Field(False, description="Only those that are not full.")
    since: DayOrInstant | None = Field(None, alias="from", description="A date in UTC, or later.")
    until: DayOrInstant | None = Field(None, alias="to", description="A date is included.")


class GroupCreated(GroupAnswer):
    """The new session; `series` are all that were created together, the first one included."""

    series: list[GroupAnswer]


class Joined(Answer):
    """The session with the caller's place in it, and what is still to pay for it."""

    session: GroupAnswer
    requires_payment: bool
    payment: ToPay | None


class Waits(WaitingAnswer):
    """The caller's place in the waiting line of this session."""

    session: GroupAnswer


class MessageAnswer(Answer):
    """A message that was sent."""

    text: str
    created_at: datetime


@router.post("", response={201: GroupCreated})
def create(request: HttpRequest, new: NewGroupSession) -> HttpResponse:
    """Create a group session; repeated, days that clash are listed and need `skipClashes`."""
    host, now = caller(request), clock.now()

    def effect() -> Answer:
        made = planning.create(host, now=now, **new.facts())
        shown = group_shapes.told(made, reader=host, now=now)
        return GroupCreated(**dict(shown[0]), series=shown)

    return once(request, effect)


@router.get("", auth=anyone, response=Page[GroupAnswer])
def browse(request: HttpRequest, search: Query[GroupQuery]) -> HttpResponse:
    """The public group sessions to come, soonest first."""
    reader, now = viewer(request), clock.now()
    zone = ZoneInfo(reader.timezone if reader else "UTC")
    wanted = GroupSearch(
        text=search.q,
        tag=search.tag,
        mentor=search.mentor_id,
        free=search.free,
        has_places=search.has_places,
        since=wall_clock.begins(search.since, zone),
        until=wall_clock.ends(search.until, zone),
    )
    found, cursor = page(group_search.matching(wanted, now=now), search, by="starts_at")
    items = group_shapes.told(found, reader=reader, now=now)
    return answer(Page[GroupAnswer](items=items, next_cursor=cursor))


@router.get("/{group_id}", auth=anyone, response=GroupAnswer)
def one(request: HttpRequest, group_id: str) -> HttpResponse:
    """A group session; one that is not public is there for those it is meant for."""
    reader = viewer(request)
    return answer(_seen(groups.find(group_id, for_=reader), reader))


@router.patch("/{group_id}", response=GroupAnswer)
def change(request: HttpRequest, group_id: str, changes: GroupChanges) -> HttpResponse:
    """Change a group session of yours that is still to begin."""
    host = caller(request)
    replanning.update(group_id, by=host, now=clock.now(), **changes.facts())
    return answer(_seen(groups.find(group_id, for_=host), host))


@router.post("/{group_id}/join", response={201: Joined})
def join(request: HttpRequest, group_id: str) -> HttpResponse:
    """Take a place; if it has a price, it is held for 15 minutes to be paid."""
    mentee, now = caller(request), clock.now()
    limits.spend("book", who=mentee.reference, now=now)
    return once(request, lambda: _joined(joining.join(group_id, by=mentee, now=now), now))


@router.post("/{group_id}/leave", response=GroupAnswer)
def leave(request: HttpRequest, group_id: str, why: Reason | None = None) -> HttpResponse:
    """Give your place back, or wait for one no longer; the refund is what the policy says."""
    mentee, reason = caller(request), (why and why.reason) or ""
    joining.leave(group_id, by=mentee, reason=reason, now=clock.now())
    return answer(_seen(groups.find(group_id, for_=mentee), mentee))


@router.post("/{group_id}/waitlist", response={201: Waits})
def wait(request: HttpRequest, group_id: str) -> HttpResponse:
    """Wait for a place in a session that is full."""
    mentee, now = caller(request), clock.now()

    def effect() -> Answer:
        joining.wait(group_id, by=mentee, now=now)
        shown = _seen(groups.find(group_id, for_=mentee), mentee)
        return Waits(**dict(shown.waiting or ()), session=shown)

    return once(request, effect)


@router.post("/{group_id}/cancel", response=GroupAnswer)
def cancel(request: HttpRequest, group_id: str, why: Reason | None = None) -> HttpResponse:
    """Cancel a group session of yours; everybody is refunded in full. See `refunds` for how far."""
    host, reason = caller(request), (why and why.reason) or ""
    groups.demand_run_by(group_id, host)
    sessions.cancel(group_id, by=host, reason=reason, now=clock.now())
    return answer(_seen(groups.find(group_id, for_=host), host))


@router.post("/{group_id}/message", response={201: MessageAnswer})
def message(request: HttpRequest, group_id: str, new: NewMessage) -> HttpResponse:
    """Write to all who have a place."""
    host, now = caller(request), clock.now()

    def effect() -> Answer:
        sent = announcements.send(group_id, text=new.message, by=host, now=now)
        return MessageAnswer(text=sent.text, created_at=sent.created_at)

    return once(request, effect)


@router.put("/{group_id}/attendance", response=Participant)
def attend(request: HttpRequest, group_id: str, told: Attendance) -> HttpResponse:
    """Say who came, as the host, person by person."""
    place = attendance.mark(
        group_id,
        booking=told.booking_id,
        came=told.attended,
        by=caller(request),
        now=clock.now(),
    )
    return answer(group_shapes.managed(place))


def _joined(booking: Booking, now: datetime) -> Joined:
    order = settlement.order_to_pay(booking) if booking.amount_minor else None
    return Joined(
        session=GroupAnswer.seen(booking.session, reader=booking.mentee, now=now),
        requires_payment=order is not None,
        payment=ToPay.of(order) if order else None,
    )


def _seen(session: Session, reader: Person | None) -> GroupAnswer:
    line = waiting.for_session(session.pk)
    standing = waiting.standing(line, reader) if reader else None
    return GroupAnswer.seen(session, reader=reader, standing=standing, now=clock.now())
