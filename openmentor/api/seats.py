"""Seats: whether a mentor has one free, one's own, and the line for the next one."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openmentor.api.auth import anyone, caller, viewer
from openmentor.api.idempotent import once
from openmentor.api.pack_shapes import SeatAnswer, SeatsAnswer
from openmentor.api.pages import Page
from openmentor.api.schema import Params, answer
from openmentor.base import clock
from openmentor.booking import seat_line, waiting
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.mentorships import seats
from openmentor.mentorships.models import Seat
from openmentor.people.models import Person

router = Router(tags=["Seats"], by_alias=True)


class WantedSeats(Params):
    """With one mentor, or with all."""

    mentor_id: str = ""


@router.get("/availability/{mentor_id}", auth=anyone, response=SeatsAnswer)
def availability(request: HttpRequest, mentor_id: str) -> HttpResponse:
    """Whether this mentor has a free seat; it depends on nobody else's."""
    reader = viewer(request)
    return answer(_seats(mentors.find(mentor_id, seen_by=reader), reader))


@router.get("/me", response=Page[SeatAnswer])
def mine(request: HttpRequest, whose: Query[WantedSeats]) -> HttpResponse:
    """One's own seats that are held, active or in grace."""
    live = Seat.objects.filter(mentorship__mentee=caller(request), status__in=Seat.LIVE)
    if whose.mentor_id:
        live = live.filter(mentor__handle=whose.mentor_id.lower())
    found = live.select_related("mentor__person").order_by("-pk")
    return answer(Page[SeatAnswer](items=[SeatAnswer.of(seat, seat.mentor) for seat in found]))


@router.post("/waitlist/{mentor_id}", response={201: SeatsAnswer})
def wait(request: HttpRequest, mentor_id: str) -> HttpResponse:
    """Wait for a seat; the first in line has 24 hours to buy a pack when one is free."""
    mentee = caller(request)

    def waits() -> SeatsAnswer:
        seat_line.enter(mentee, handle=mentor_id, now=clock.now())
        return _seats(mentors.find(mentor_id, seen_by=mentee), mentee)

    return once(request, waits)


@router.delete("/waitlist/{mentor_id}", response=SeatsAnswer)
def leave(request: HttpRequest, mentor_id: str) -> HttpResponse:
    """Wait no more."""
    mentee = caller(request)
    seat_line.leave(mentee, handle=mentor_id, now=clock.now())
    return answer(_seats(mentors.find(mentor_id, seen_by=mentee), mentee))


def _seats(mentor: Mentor, reader: Person | None) -> SeatsAnswer:
    return SeatsAnswer.of(
        mentor,
        seats.room(mentor),
        waiting=waiting.length(waiting.for_mentor(mentor.pk)),
        standing=seat_line.standing(mentor, reader) if reader else None,
    )
