"""A mentor's own hours: the week, and the dates that differ."""

import calendar
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from openmentor.api.auth import caller
from openmentor.api.schema import Answer, Body, Day, answer
from openmentor.availability import entries, schedule
from openmentor.availability.schedule import Schedule
from openmentor.base import clock
from openmentor.mentors import mentors

router = Router(tags=["Mentors"], by_alias=True)

WEEKDAYS = [name.lower() for name in calendar.day_name]


class Range(Body):
    """A range on the wall clock, `HH:MM`; an end before its start is on the next day."""

    start: str
    end: str

    def entry(self) -> entries.Hours:
        """The range as the verb reads it."""
        return entries.Hours(self.start, self.end)


class WeekdayHours(Body):
    """One weekday and its ranges."""

    day: int = Field(description="0 is Monday, 6 is Sunday; the English name works too.")
    slots: list[Range]

    @field_validator("day", mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        named = isinstance(value, str) and value.lower() in WEEKDAYS
        return WEEKDAYS.index(value.lower()) if named else value


class DateHours(Body):
    """One date with other hours, as `slots` or as one `start` and `end`; or `blocked`."""

    on: Day = Field(alias="date")
    blocked: bool = False
    slots: list[Range] = Field([])
    start: str | None = None
    end: str | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        has_range = self.start is not None and self.end is not None
        if (self.start is None) != (self.end is None):
            raise PydanticCustomError("range", "A range needs a start and an end.")
        if [self.blocked, bool(self.slots), has_range].count(True) != 1:
            raise PydanticCustomError("hours", "Say one of: blocked, slots, or start and end.")
        return self

    def entry(self) -> entries.Date:
        """The date as the verb reads it."""
        slots = [slot.entry() for slot in self.slots]
        if self.start is not None and self.end is not None:
            slots.append(entries.Hours(self.start, self.end))
        return entries.Date(self.on, slots)


class NewSchedule(Body):
    """The whole schedule: what is not in it is not open."""

    timezone: str
    weekly: list[WeekdayHours] = Field(max_length=200)
    overrides: list[DateHours] = Field([], max_length=2000)


class SlotAnswer(Answer):
    """A range on the mentor's wall clock."""

    start: str
    end: str


class WeekdayAnswer(Answer):
    """One weekday (0 is Monday) and its ranges."""

    day: int
    slots: list[SlotAnswer]


class DateAnswer(Answer):
    """One date and its ranges; blocked without any."""

    on: date = Field(alias="date")
    blocked: bool
    slots: list[SlotAnswer]


class ScheduleAnswer(Answer):
    """When a mentor is open, on the wall clock of `timezone`; sorted."""

    timezone: str
    weekly: list[WeekdayAnswer]
    overrides: list[DateAnswer]

    @classmethod
    def of(cls, kept: Schedule) -> Self:
        """The schedule as the mentor sees it."""
        return cls(
            timezone=kept.timezone,
            weekly=weekdays(kept.weekly),
            overrides=[
                DateAnswer(date=each.on, blocked=not each.slots, slots=_slots(each.slots))
                for each in kept.overrides
            ],
        )


def weekdays(weekly: Iterable[entries.Day]) -> list[WeekdayAnswer]:
    """A week as JSON."""
    return [WeekdayAnswer(day=each.day, slots=_slots(each.slots)) for each in weekly]


@router.get("", response=ScheduleAnswer)
def read(request: HttpRequest) -> HttpResponse:
    """One's own schedule."""
    return answer(ScheduleAnswer.of(schedule.read(mentors.of(caller(request)))))


@router.put("", response=ScheduleAnswer)
def replace(request: HttpRequest, new: NewSchedule) -> HttpResponse:
    """Replace one's own schedule. Booked sessions stay."""
    person = caller(request)
    kept = schedule.replace(
        mentors.of(person).pk,
        timezone=new.timezone,
        weekly=[
            entries.Day(each.day, [slot.entry() for slot in each.slots]) for each in new.weekly
        ],
        overrides=[each.entry() for each in new.overrides],
        by=person,
        now=clock.now(),
    )
    return answer(ScheduleAnswer.of(kept))


def _slots(slots: Any) -> list[SlotAnswer]:
    return [SlotAnswer(start=slot.start, end=slot.end) for slot in slots]
