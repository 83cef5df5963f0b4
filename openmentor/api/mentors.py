"""Mentors: finding them, reading about one, becoming one."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from openmentor.api import fields
from openmentor.api.auth import anyone, caller, viewer
from openmentor.api.idempotent import once
from openmentor.api.mentor_profiles import (
    FIELDS,
    MentorAnswer,
    MentorProfile,
    MentorSearch,
    NewProfile,
    OwnProfile,
    ProfileChanges,
)
from openmentor.api.pages import Page, Paging, page
from openmentor.api.schema import answer
from openmentor.base import clock
from openmentor.booking import directory, openings
from openmentor.mentors import mentors, search
from openmentor.mentors.search import ORDERS
from openmentor.people import limits

router = Router(tags=["Mentors"], by_alias=True)
NEXT_SLOTS = 5


@router.get("", auth=anyone, response=Page[MentorAnswer])
def find(request: HttpRequest, wanted: Query[MentorSearch], paging: Query[Paging]) -> HttpResponse:
    """Mentors that match all that is asked for; what is left out does not narrow."""
    now = clock.now()
    limits.spend("search", who=_asker(request), now=now)
    by = ORDERS[wanted.sort][0]
    found, cursor = page(search.matching(wanted.search()), paging, by=by, then="handle")
    items = [MentorAnswer.of(card) for card in directory.cards(found, now=now)]
    return answer(Page[MentorAnswer](items=items, next_cursor=cursor))


@router.post("/me", response={201: OwnProfile})
def become(request: HttpRequest, new: NewProfile) -> HttpResponse:
    """Become a mentor. The profile is listed once staff approve it."""
    person = caller(request)
    with fields.called(FIELDS):
        return once(
            request,
            lambda: OwnProfile.of(
                mentors.apply(person, handle=new.handle, **new.profile(), now=clock.now())
            ),
        )


@router.get("/me", response=OwnProfile)
def mine(request: HttpRequest) -> HttpResponse:
    """One's own profile with its settings."""
    return answer(OwnProfile.of(mentors.of(caller(request))))


@router.patch("/me", response=OwnProfile)
def change(request: HttpRequest, changes: ProfileChanges) -> HttpResponse:
    """Change what is sent, keep the rest. What is booked keeps its price and terms."""
    person, now = caller(request), clock.now()
    with fields.called(FIELDS):
        mentor = mentors.update(mentors.of(person).pk, by=person, now=now, **changes.profile())
    return answer(OwnProfile.of(mentor))


@router.get("/{mentor_id}", auth=anyone, response=MentorProfile)
def read(request: HttpRequest, mentor_id: str) -> HttpResponse:
    """A mentor's profile, with what can be booked and the next free times."""
    now = clock.now()
    mentor = mentors.find(mentor_id, seen_by=viewer(request))
    (card,) = directory.cards([mentor], now=now)
    first = card.session_types[0] if card.session_types else None
    minutes = first.duration_minutes if first else 0
    free = openings.to_book(mentor.pk, minutes=minutes, now=now).next(NEXT_SLOTS) if first else []
    return answer(MentorProfile.of(card, starts=free))


def _asker(request: HttpRequest) -> str:
    """Whose searches are counted together: a person's, or those from one address."""
    person = viewer(request)
    return person.reference if person else str(get_adapter(request).get_client_ip(request))
