"""Seats: a mentor carries only so many mentees, and each of them keeps one seat.

Every verb here expects the lock on the mentor's seats (`lock`), taken before anything is judged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from openmentor.base import locks
from openmentor.base.errors import refusing
from openmentor.mentors.models import Mentor
from openmentor.mentorships.lifecycle import SEAT
from openmentor.mentorships.models import Mentorship, Seat
from openmentor.mentorships.refusals import SeatsFull, TooManyMentorships

_LAWS = {
    "seats_are_at_most_the_mentors_limit": SeatsFull,
    "seat_is_taken_once": SeatsFull,
}


@dataclass(frozen=True, slots=True)
class Room:
    """How many seats a mentor has (`most` is None without a limit), and how many are taken."""

    most: int | None
    used: int

    @property
    def free(self) -> int | None:
        """How many are free; None without a limit."""
        return None if self.most is None else max(self.most - self.used, 0)

    @property
    def is_full(self) -> bool:
        """Whether nobody new can have one."""
        return self.free == 0


def lock(mentor_id: int) -> None:
    """Be the only one who changes this mentor's seats and packs, until the transaction ends."""
    locks.hold(locks.MENTOR_SEATS, mentor_id)


def room(mentor: Mentor) -> Room:
    """How many seats the mentor has, and how many of them are taken."""
    return rooms([mentor])[mentor.pk]


def rooms(mentors: Iterable[Mentor]) -> dict[int, Room]:
    """The rooms of several mentors by their keys, in one query; held and in-grace seats count."""
    limits = {mentor.pk: mentor.max_active_mentees for mentor in mentors}
    live = Seat.objects.filter(mentor__in=limits, status__in=Seat.LIVE)
    used = dict(live.values_list("mentor").annotate(Count("pk")).order_by())
    return {key: Room(most, used.get(key, 0)) for key, most in limits.items()}


def live_one(mentorship: Mentorship) -> Seat | None:
    """The seat that the pair has now, held, active or in grace; its row locked."""
    live = Seat.objects.filter(mentorship=mentorship, status__in=Seat.LIVE)
    return live.select_for_update().first()


def demand_room(mentorship: Mentorship, *, promised: int = 0) -> None:
    """Refuse a new seat where there is none: `seats_full`, `too_many_mentorships`.

    `promised` is how many free seats others have a right to, because they waited.
    """
    free = room(Mentor.objects.get(pk=mentorship.mentor_id)).free
    if free is not None and free <= promised:
        raise SeatsFull
    if settings.MOST_ACTIVE_MENTORSHIPS:
        locks.hold(locks.PERSON_MENTORSHIPS, mentorship.mentee_id)
        live = Seat.objects.filter(
            mentorship__mentee=mentorship.mentee_id, status__in=Seat.LIVE
        ).count()
        if live >= settings.MOST_ACTIVE_MENTORSHIPS:
            raise TooManyMentorships


def take(
    mentorship: Mentorship,
    *,
    status: str,
    by: int | None,
    now: datetime,
    hold_until: datetime | None = None,
) -> Seat:
    """A new seat, held or active at once, with the lowest free number. Refuses `seats_full`."""
    seat = Seat(
        mentorship=mentorship,
        mentor_id=mentorship.mentor_id,
        number=_lowest_free(mentorship.mentor_id),
        status=status,
        hold_until=hold_until,
        taken_at=now,
    )
    with refusing(_LAWS), transaction.atomic():
        seat.save()
    SEAT.begin(seat, by=by, at=now, mentorship=mentorship.pk)
    return seat


def keep(seat: Seat, *, until: datetime) -> None:
    """Nobody releases the seat before this moment: it is about to be paid."""
    seat.hold_until = max(until, seat.hold_until or until)
    seat.save(update_fields=["hold_until"])


def activate(seat: Seat, *, by: int | None, now: datetime) -> None:
    """The seat is paid for, or grace is over because the pack was renewed."""
    seat.hold_until = seat.grace_from = seat.grace_until = None
    columns = ["hold_until", "grace_from", "grace_until"]
    if seat.status == Seat.Status.ACTIVE:
        seat.save(update_fields=columns)
        return
    SEAT.move(seat, Seat.Status.ACTIVE, by=by, at=now, also=columns)


def begin_grace(seat: Seat, *, since: datetime, days: int, now: datetime) -> None:
    """There is nothing left to book with: the seat stays for so many days from `since`."""
    seat.grace_from = since
    seat.grace_until = since + timedelta(days=days)
    SEAT.move(
        seat,
        Seat.Status.GRACE,
        by=None,
        at=now,
        also=["grace_from", "grace_until"],
        until=seat.grace_until.isoformat(),
    )


def free(seat: Seat, *, by: int | None, now: datetime, why: str = "") -> None:
    """The seat is anybody's again."""
    seat.released_at = now
    seat.hold_until = None
    SEAT.move(
        seat, Seat.Status.RELEASED, by=by, at=now, why=why, also=["released_at", "hold_until"]
    )


def _lowest_free(mentor_id: int) -> int:
    taken = set(
        Seat.objects.filter(Q(mentor=mentor_id), status__in=Seat.LIVE).values_list(
            "number", flat=True
        )
    )
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
