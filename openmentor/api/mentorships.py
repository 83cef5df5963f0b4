"""Mentorships: what lasts between a mentee and a mentor, by pair."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openmentor.api.auth import caller
from openmentor.api.pack_shapes import MentorshipAnswer
from openmentor.api.pages import Page
from openmentor.api.schema import Params, answer
from openmentor.base import clock
from openmentor.booking import together
from openmentor.mentors import mentors

router = Router(tags=["Mentorships"], by_alias=True)


class WantedMentorships(Params):
    """With one mentor, or with all."""

    mentor_id: str = ""


@router.get("/me", response=Page[MentorshipAnswer])
def mine(request: HttpRequest, whom: Query[WantedMentorships]) -> HttpResponse:
    """One's own mentorships as a mentee; those with a seat come first."""
    found = together.of_mentee(caller(request), handle=whom.mentor_id, now=clock.now())
    return answer(Page[MentorshipAnswer](items=[MentorshipAnswer.of(each) for each in found]))


@router.get("/mentees", response=Page[MentorshipAnswer])
def mentees(request: HttpRequest) -> HttpResponse:
    """One's own mentees, as a mentor; those with a seat come first."""
    found = together.with_mentor(mentors.of(caller(request)), now=clock.now())
    return answer(Page[MentorshipAnswer](items=[MentorshipAnswer.of(each) for each in found]))
