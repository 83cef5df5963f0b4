"""One mentor's hours and one question, written as JSON: what `manage.py slots` reads and answers.

Support uses it to replay what somebody saw, tests to ask without a database. It calls the same two
functions as a booking does.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from openmentor.availability.hours import (
    DAY,
    DateOverride,
    WeeklyRange,
    open_ranges,
    parse_time,
)
from openmentor.availability.spans import Instant, clip, subtract
from openmentor.availability.starts import free_starts
from openmentor.people import zones

MOST_DAYS = 3653
"""The longest window that is answered and the longest length that is accepted: ten years."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS = range(1800, 3000)


class ScenarioError(ValueError):
    """A scenario that cannot be read: `field` says where, as in `weekly[0].start`."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail

    def as_json(self) -> str:
        return json.dumps({"code": "invalid", "field": self.field, "detail": self.detail})


def _closes(value: object) -> int:
    return parse_time(value if isinstance(value, str) else "")


def _opens(value: object) -> int:
    minute = _closes(value)
    if minute == DAY:
        raise ValueError("must be before 24:00")
    return minute


def _date(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("must be a date such as 2026-03-29") from None


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("must be an instant such as 2026-03-29T09:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("must end with Z or an offset such as +05:30")
    if moment.year not in _YEARS:
        raise ValueError(f"must lie between the years {_YEARS[0]} and {_YEARS[-1]}")
    return moment


def _floor(value: object) -> Instant:
    return (_moment(value) - _EPOCH) // timedelta(seconds=1)


def _ceiling(value: object) -> Instant:
    return -((_EPOCH - _moment(value)) // timedelta(seconds=1))


def _zone(value: object) -> ZoneInfo:
    if not isinstance(value, str) or not zones.exists(value):
        raise ValueError("must be the name of a time zone, such as Asia/Kolkata")
    return ZoneInfo(value)


type Opens = Annotated[int, BeforeValidator(_opens)]
type Closes = Annotated[int, BeforeValidator(_closes)]
type Floor = Annotated[Instant, BeforeValidator(_floor)]
type Ceiling = Annotated[Instant, BeforeValidator(_ceiling)]
type Minutes = Annotated[int, Field(ge=0, le=MOST_DAYS * DAY)]
type Length = Annotated[int, Field(ge=1, le=MOST_DAYS * DAY)]


class _Part(BaseModel):
    """A JSON object in which null means left out, and nothing may be misspelt."""

    model_config = ConfigDict(strict=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if value is not None}


class Weekly(_Part):
    """Hours on some weekdays, Monday 0."""

    days: list[Annotated[int, Field(ge=0, le=6)]]
    start: Opens
    end: Closes


class Override(_Part):
    """Other hours on a date, or none."""

    on: Annotated[date, BeforeValidator(_date), Field(alias="date")]
    start: Opens | None = None
    end: Closes | None = None
    blocked: bool = False

    @model_validator(mode="after")
    def _has_hours_or_is_blocked(self) -> Self:
        if not self.blocked and (self.start is None or self.end is None):
            raise ValueError("needs start and end, or blocked")
        return self


class Busy(_Part):
    """A busy time, outward to whole seconds: busy for a part of a second is busy."""

    start: Floor
    end: Ceiling

    @field_validator("end")
    @classmethod
    def _is_not_before_start(cls, end: Instant, others: ValidationInfo) -> Instant:
        if end < others.data.get("start", end):
            raise ValueError("must not be before start")
        return end


class Scenario(_Part):
    """A question about one mentor's time. Lengths are minutes; the last three are mere labels."""

    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)]
    weekly: list[Weekly] = []
    overrides: list[Override] = []
    busy: list[Busy] = []
    now: Ceiling
    min_notice_minutes: Minutes = 0
    buffer_before: Minutes = 0
    buffer_after: Minutes = 0
    duration: Length
    step: Length | None = None
    start: Annotated[Ceiling, Field(alias="from")]
    end: Annotated[Ceiling, Field(alias="to")]
    id: Any = None
    name: Any = None
    comment: Any = None

    @field_validator("end")
    @classmethod
    def _makes_a_sane_window(cls, end: Instant, others: ValidationInfo) -> Instant:
        start = others.data.get("start", end)
        if end < start:
            raise ValueError("must not be before from")
        if end - start > MOST_DAYS * 86400:
            raise ValueError(f"must be at most {MOST_DAYS} days (ten years) after from")
        return end


type Answer = dict[str, list[str] | list[dict[str, str]]]


def answer(text: str | bytes) -> str:
    """The answer to a scenario as JSON, or the list of answers to a list of scenarios.

    ScenarioError if the text is not such a thing.
    """
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError("", f"This is not JSON: {error}") from None
    if isinstance(asked, list):
        return json.dumps([solve(read(each, at=f"[{n}]")) for n, each in enumerate(asked)])
    return json.dumps(solve(read(asked)))


def read(asked: object, *, at: str = "") -> Scenario:
    """The scenario in parsed JSON, which stands `at` a place of the input. Raises ScenarioError."""
    try:
        return Scenario.model_validate(asked)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"])
        field = (at + "".join(steps)).removeprefix(".")
        raise ScenarioError(field, first["msg"].removeprefix("Value error, ")) from None


def solve(scenario: Scenario) -> Answer:
    """The starts that can be booked, and the open time that is not busy, within the window."""
    duration = scenario.duration * 60
    busy = [(each.start, each.end) for each in scenario.busy]
    openings = open_ranges(
        scenario.timezone,
        [WeeklyRange(day, each.start, each.end) for each in scenario.weekly for day in each.days],
        [_override(each) for each in scenario.overrides],
        start=scenario.start,
        end=scenario.end + duration,
    )
    starts = free_starts(
        openings,
        busy=busy,
        duration=duration,
        step=(scenario.step or scenario.duration) * 60,
        before=scenario.buffer_before * 60,
        after=scenario.buffer_after * 60,
        earliest=max(scenario.start, scenario.now + scenario.min_notice_minutes * 60),
        latest=scenario.end - 1,
    )
    window = scenario.start, scenario.end
    ranges = clip(subtract((opening.span for opening in openings), busy), window)
    return {
        "starts": [_shown(start) for start in starts],
        "ranges": [{"start": _shown(start), "end": _shown(end)} for start, end in ranges],
    }


def _override(given: Override) -> DateOverride:
    return DateOverride(given.on, *(() if given.blocked else (given.start, given.end)))


def _shown(at: Instant) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
