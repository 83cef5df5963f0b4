"""The board of open requests: what mentors look through, the most urgent first, then the oldest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from openmentor.availability import hours, request_hours, spans
from openmentor.availability.spans import Span
from openmentor.booking import diary as diaries
from openmentor.booking import needs
from openmentor.booking.diary import instant, moment
from openmentor.booking.models import OpenRequest
from openmentor.booking.slots import MINUTE
from openmentor.booking.visibility import OpenRequestQuerySet
from openmentor.mentors.models import Mentor
from openmentor.mentors.search import folded

AHEAD: Final = timedelta(days=367)
"""No window of an open request is further ahead."""

_FITS: Final = """
EXISTS (SELECT FROM booking_openrequestwindow w,
               unnest(tstzmultirange(w.during) * %s::tstzmultirange) free
         WHERE w.request_id = booking_openrequest.id
           AND upper(free) - lower(free)
               >= make_interval(mins => booking_openrequest.duration_minutes))
"""

_TAGGED: Final = "openmentor_folded(booking_openrequest.tags::text[]) && %s::text[]"
_SPEAKS: Final = "openmentor_folded(booking_openrequest.language) IN ('', %s)"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of the board is wanted; what is left empty does not narrow.

    Case and accents do not matter. `language` also finds requests for which any language will do;
    `fits` is those with enough free time of the mentor's inside a window.
    """

    kind: str = ""
    duration_minutes: int | None = None
    urgency: str = ""
    tag: str = ""
    language: str = ""
    fits: bool = False


def listed(mentor: Mentor, filters: Filters, *, now: datetime) -> OpenRequestQuerySet:
    """What this mentor could claim, each with `fits`: whether it fits the mentor's hours."""
    found = OpenRequest.objects.on_the_board(now).exclude(mentee=mentor.person_id)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.duration_minutes is not None:
        found = found.filter(duration_minutes=filters.duration_minutes)
    if filters.urgency:
        found = found.filter(urgency=filters.urgency)
    if filters.tag:
        found = found.filter(_whether(_TAGGED, [folded(filters.tag)]))
    if filters.language:
        found = found.filter(_whether(_SPEAKS, folded(filters.language)))
    fits = _whether(_FITS, _multirange(free_time(mentor, now=now)))
    if filters.fits:
        found = found.filter(fits)
    return found.annotate(fits=fits).select_related("mentee").prefetch_related("windows")


def beyond(
    found: OpenRequestQuerySet, *, rank: int, created_at: datetime, reference: str
) -> OpenRequestQuerySet:
    """What comes after this place in the order of the board."""
    older = Q(created_at__gt=created_at) | Q(created_at=created_at, reference__gt=reference)
    return found.filter(Q(urgency_rank__lt=rank) | Q(urgency_rank=rank) & older)


def free_time(mentor: Mentor, *, now: datetime) -> list[Span]:
    """When the mentor could hold a session that was an open request, for a year.

    The hours for open requests with the dates that differ, without what is in the calendar.
    """
    diary = diaries.read(mentor_id=mentor.pk, first=now, last=now + AHEAD)
    own = request_hours.ranges(mentor.pk)
    since, until = instant(now), instant(now + AHEAD)
    openings = hours.open_ranges(
        diary.zone,
        diary.weekly if own is None else own,
        diary.overrides,
        start=since,
        end=until,
    )
    before, after = diary.rules.buffer_before * MINUTE, diary.rules.buffer_after * MINUTE
    # A session's own buffers must not touch what is taken, so that much more of it is missing.
    taken = [(begins - after, ends + before) for begins, ends in diary.busy]
    open_time = spans.clip((opening.span for opening in openings), (since, until))
    return spans.subtract(open_time, taken)


def good_times(request: OpenRequest, free: Iterable[Span]) -> list[Span]:
    """The parts of the request's windows that are the mentor's free time and long enough."""
    free = list(free)
    windows = [(instant(start), instant(end)) for start, end in needs.windows_of(request)]
    parts = (part for window in windows for part in spans.clip(free, window))
    return [part for part in parts if part[1] - part[0] >= request.duration_minutes * MINUTE]


def _whether(condition: str, value: object) -> RawSQL:
    """One of the conditions above, which are ours; what people said is its one parameter."""
    return RawSQL(condition, [value], BooleanField())  # noqa: S611 - see above


def _multirange(free: Iterable[Span]) -> str:
    ranges = ",".join(f"[{moment(start)},{moment(end)})" for start, end in free)
    return f"{{{ranges}}}"
