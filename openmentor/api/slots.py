"""A mentor's free times. The most frequent call there is: one query, and JSON written by hand."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from openmentor.api import group_shapes
from openmentor.api.group_shapes import GroupAnswer
from openmentor.api.openapi import MAY_CLASH
from openmentor.api.schema import Answer, Day, Params, json_text
from openmentor.api.session_shapes import FreeTime
from openmentor.availability import hours
from openmentor.availability.spans import Instant
from openmentor.base import clock, references
from openmentor.base.errors import Invalid, NotFound
from openmentor.booking import diary as diaries
from openmentor.booking import group_search, slots
from openmentor.booking.diary import Diary
from openmentor.booking.group_search import GroupSearch
from openmentor.booking.refusals import SessionTypeUnavailable
from openmentor.mentors.models import DURATION_MINUTES, Mentor, SessionType
from openmentor.people import zones

router = Router(tags=["Mentors"], by_alias=True)

MOST_DAYS_APART = timedelta(days=62)
USUAL_DAYS_APART = timedelta(days=13)
USUAL_MINUTES = 60
MOST_GROUP_SESSIONS = 100
_DAY = timedelta(days=1)
_SLACK = timedelta(days=2)
"""Midnight of a date, wherever, is within so much of its midnight in UTC."""
_BEYOND = timedelta(days=400)
"""Nobody offers times as far ahead as this."""


def _known(zone: str) -> str:
    if not zones.exists(zone):
        raise PydanticCustomError("zone", "We do not know that time zone.")
    return zone


class Asked(Params):
    """Which times: of a session type or of a length, on which dates of which time zone."""

    since: Day | None = Field(
        None, alias="from", description="The first date, in `timezone`; today if not given."
    )
    until: Day | None = Field(
        None,
        alias="to",
        description="The last date; 13 days after the first if not given, 62 at most.",
    )
    session_type_id: str | None = None
    duration_minutes: int | None = Field(
        None,
        ge=DURATION_MINUTES[0],
        le=DURATION_MINUTES[1],
        description="Without a session type: how long. Without both: the mentor's first type's.",
    )
    timezone: Annotated[str, AfterValidator(_known)] | None = Field(
        None, description="The zone of the dates; the mentor's own if not given."
    )


class FreeTimes(Answer):
    """What can be had with a mentor; `timezone` is the zone that the dates were read in."""

    mentor_id: str
    timezone: str
    slots: list[FreeTime]
    group_sessions: list[GroupAnswer]


@router.get("", auth=None, response=FreeTimes, openapi_extra=MAY_CLASH)
def availability(
    request: HttpRequest,  # noqa: ARG001 - ninja knows it by this name
    mentor_id: Path[str],
    asked: Query[Asked],
) -> HttpResponse:
    """The mentor's free times for one-on-one sessions, and the group sessions to come."""
    now = clock.now()
    diary = _diary(mentor_id, asked, now=now)
    minutes = _minutes(diary, asked)
    zone = ZoneInfo(asked.timezone) if asked.timezone else diary.zone
    since, until = _window(asked, zone, now=now)
    free = slots.offered(diary, minutes=minutes, since=since, until=until, now=now)
    coming = _coming(diary, since, until, now=now)
    return json_text(_written(diary.handle, zone.key, free, coming, minutes=minutes))


def _diary(handle: str, asked: Asked, *, now: datetime) -> Diary:
    """The diary around the dates, wherever on earth they turn out to begin."""
    earliest, latest = now - _SLACK, now + _BEYOND
    first = _midnight(asked.since) if asked.since else now
    last = _midnight(asked.until) if asked.until else min(first, latest) + USUAL_DAYS_APART
    diary = diaries.read(
        handle=handle,
        session_type=references.normalised(asked.session_type_id or "", "TYPE"),
        first=min(max(first, earliest), latest) - _SLACK,
        last=min(max(last, earliest), latest) + _SLACK,
    )
    if diary.status != Mentor.Status.APPROVED:
        raise NotFound("There is no such mentor.")
    return diary


def _minutes(diary: Diary, asked: Asked) -> int:
    """How long the session is to be."""
    if asked.session_type_id is not None:
        if diary.offer is None or not diary.offer.is_active:
            raise SessionTypeUnavailable
        return diary.offer.duration_minutes
    if asked.duration_minutes is not None:
        return asked.duration_minutes
    active = SessionType.objects.filter(mentor_id=diary.mentor_id, is_active=True)
    return active.values_list("duration_minutes", flat=True).first() or USUAL_MINUTES


def _window(asked: Asked, zone: ZoneInfo, *, now: datetime) -> tuple[Instant, Instant]:
    """The first and the last instant of the dates that are asked for."""
    today = now.astimezone(zone).date()
    latest = today + _BEYOND
    first = asked.since or today
    last = asked.until or min(first, date.max - USUAL_DAYS_APART) + USUAL_DAYS_APART
    if last < first:
        raise Invalid.field("to", "The last date must not be before the first.")
    if last - first > MOST_DAYS_APART:
        raise Invalid.field("to", f"Ask for at most {MOST_DAYS_APART.days} days at a time.")
    first, last = (min(max(on, today - _DAY), latest) for on in (first, last))
    return hours.instant(zone, first, 0), hours.instant(zone, last + _DAY, 0) - 1


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def _coming(diary: Diary, since: Instant, until: Instant, *, now: datetime) -> str:
    """The mentor's public group sessions of these dates as JSON."""
    if not diary.has_groups:
        return ""
    search = GroupSearch(
        mentor=diary.handle, since=diaries.moment(since), until=diaries.moment(until + 1)
    )
    found = list(group_search.matching(search, now=now)[:MOST_GROUP_SESSIONS])
    shown = group_shapes.told(found, reader=None, now=now) if found else []
    return ",".join(each.model_dump_json(by_alias=True) for each in shown)


def _written(handle: str, zone: str, free: list[Instant], coming: str, *, minutes: int) -> str:
    """FreeTimes as JSON. Stamps need no escaping; there can be thousands of them."""
    stamp, length = slots.stamp, minutes * slots.MINUTE
    times = ",".join(f'{{"start":"{stamp(at)}","end":"{stamp(at + length)}"}}' for at in free)
    who = f'"mentorId":{json.dumps(handle)},"timezone":{json.dumps(zone)}'
    return f'{{{who},"slots":[{times}],"groupSessions":[{coming}]}}'
