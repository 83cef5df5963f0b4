"""A mentor's own hours for open requests; without any, those of bookings count."""

from typing import Self

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from openmentor.api.auth import caller
from openmentor.api.my_schedule import WeekdayAnswer, WeekdayHours, weekdays
from openmentor.api.schema import Answer, Body, answer
from openmentor.availability import entries, request_hours
from openmentor.availability.request_hours import RequestSchedule
from openmentor.base import clock
from openmentor.base.errors import Invalid
from openmentor.mentors import mentors

router = Router(tags=["Mini mentorship"], by_alias=True)


class NewRequestHours(Body):
    """Hours of their own, or `null` for those of bookings; on the mentor's own clock."""

    weekly: list[WeekdayHours] | None = Field(max_length=200)
    timezone: str | None = Field(None, description="If sent, it must be the mentor's own.")


class RequestHoursAnswer(Answer):
    """When a mentor takes open requests, on the wall clock of `timezone`."""

    timezone: str
    weekly: list[WeekdayAnswer]
    same_as_bookings: bool

    @classmethod
    def of(cls, kept: RequestSchedule) -> Self:
        """The hours as the mentor sees them."""
        return cls(
            timezone=kept.timezone,
            weekly=weekdays(kept.weekly),
            same_as_bookings=not kept.is_own,
        )


@router.get("", response=RequestHoursAnswer)
def read(request: HttpRequest) -> HttpResponse:
    """When you take open requests."""
    return answer(RequestHoursAnswer.of(request_hours.read(mentors.of(caller(request)))))


@router.put("", response=RequestHoursAnswer)
def replace(request: HttpRequest, new: NewRequestHours) -> HttpResponse:
    """Take open requests at these hours. Dates that differ are the same as for bookings."""
    person = caller(request)
    mentor = mentors.of(person)
    if new.timezone not in {None, mentor.timezone}:
        raise Invalid.field("timezone", f"Your hours are on the clock of {mentor.timezone}.")
    weekly = None
    if new.weekly is not None:
        weekly = [
            entries.Day(each.day, [slot.entry() for slot in each.slots]) for each in new.weekly
        ]
    kept = request_hours.replace(mentor.pk, weekly=weekly, by=person, now=clock.now())
    return answer(RequestHoursAnswer.of(kept))
