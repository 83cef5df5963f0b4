"""What the list of mentors says of each: what they offer, when they are free, what they have done.

A page of mentors costs the same four queries whatever its length.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from openmentor.booking import diary as diaries
from openmentor.booking import slots
from openmentor.booking.diary import Diary, moment
from openmentor.booking.models import Session
from openmentor.booking.openings import AHEAD
from openmentor.mentors.models import Mentor, SessionType
from openmentor.mentorships import seats
from openmentor.mentorships.seats import Room

_FORTNIGHT = 14 * 24 * 60 * slots.MINUTE
_LOOKED_AT = 48
"""Among so many of the newest mentors those who are free soon are sought."""


@dataclass(frozen=True, slots=True)
class Card:
    """One mentor in a list: active session types, cheapest first, and the facts beside them."""

    mentor: Mentor
    session_types: list[SessionType]
    next_free_at: datetime | None
    sessions_held: int
    room: Room

    @property
    def price_varies(self) -> bool:
        """Whether not every session type has the same price."""
        return len({offer.price_minor for offer in self.session_types}) > 1


def cards(mentors: Sequence[Mentor], *, now: datetime) -> list[Card]:
    """A card for each of these mentors, in the same order."""
    keys = [mentor.pk for mentor in mentors]
    offers = _offers(keys)
    held = sessions_held(keys)
    rooms = seats.rooms(mentors)
    read = diaries.read_several(keys, first=now, last=now + AHEAD)
    return [
        Card(
            mentor=mentor,
            session_types=offers[mentor.pk],
            next_free_at=next_free(read[mentor.pk], offers[mentor.pk], now=now),
            sessions_held=held.get(mentor.pk, 0),
            room=rooms[mentor.pk],
        )
        for mentor in mentors
    ]


def free_soon(*, most: int, now: datetime) -> list[Card]:
    """The mentors who have a free time soonest, soonest first."""
    newest = Mentor.objects.listed().filter(paused_at=None, session_types__is_active=True)
    looked_at = (
        newest.select_related("person")
        .defer("bio", "search_text")
        .distinct()
        .order_by("-approved_at", "-pk")
    )
    free = [card for card in cards(list(looked_at[:_LOOKED_AT]), now=now) if card.next_free_at]
    return sorted(free, key=lambda card: (card.next_free_at, card.mentor.pk))[:most]


def similar(mentor: Mentor, *, most: int, now: datetime) -> list[Card]:
    """Other mentors who help with the same, most in common first; else whoever is free soon."""
    wanted = {word.casefold() for word in mentor.specialisations}
    others = Mentor.objects.listed().filter(paused_at=None).exclude(pk=mentor.pk)
    alike = others.filter(specialisations__overlap=mentor.specialisations)

    def in_common(other: Mentor) -> int:
        return len(wanted & {word.casefold() for word in other.specialisations})

    near = alike.select_related("person").defer("bio", "search_text").order_by("-approved_at")
    found = cards(sorted(near[:_LOOKED_AT], key=in_common, reverse=True)[:most], now=now)
    known = {mentor.pk, *(card.mentor.pk for card in found)}
    if len(found) < most:
        soon = free_soon(most=most + len(known), now=now)
        found += [card for card in soon if card.mentor.pk not in known]
    return found[:most]


def next_free(
    diary: Diary, session_types: Iterable[SessionType], *, now: datetime
) -> datetime | None:
    """The soonest start at which any of these session types can be booked."""
    lengths = {offer.duration_minutes for offer in session_types}
    earliest, latest = slots.window(diary, now)
    soon = earliest + _FORTNIGHT
    # Most are free within days: the rest of the year is worked out only for those who are not.
    for since, until in ((earliest, soon), (soon + 1, latest)):
        firsts = [
            free[0]
            for minutes in lengths
            if (free := slots.offered(diary, minutes=minutes, since=since, until=until, now=now))
        ]
        if firsts:
            return moment(min(firsts))
    return None


def sessions_held(mentor_ids: Iterable[int]) -> dict[int, int]:
    """How many sessions each mentor has held; mentors without one are left out."""
    done = Session.objects.filter(mentor__in=mentor_ids, status=Session.Status.COMPLETED)
    return dict(done.values_list("mentor").annotate(Count("pk")))


def _offers(mentor_ids: Iterable[int]) -> dict[int, list[SessionType]]:
    offers: dict[int, list[SessionType]] = defaultdict(list)
    for offer in SessionType.objects.filter(mentor__in=mentor_ids, is_active=True):
        offers[offer.mentor_id].append(offer)
    return offers
