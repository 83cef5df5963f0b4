"""What a mentee and a mentor have together: seat, packs, the next session; one pair or many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from openmentor.booking.models import Session
from openmentor.booking.visibility import SessionQuerySet
from openmentor.mentors.models import Mentor
from openmentor.mentorships.models import Mentorship, Pack, Purchase, Seat
from openmentor.people.models import Person


@dataclass(frozen=True, slots=True)
class Together:
    """One pair as it stands. `packs` are newest first; `seat` is the live one, else the last."""

    mentorship: Mentorship
    packs: list[Pack]
    seat: Seat | None
    next_session: Session | None

    @property
    def pack(self) -> Pack | None:
        """The pack that matters now: the one that can be extended, else the newest."""
        going = (pack for pack in self.packs if pack.over_at is None)
        return next(going, self.packs[0] if self.packs else None)

    @property
    def sessions_left(self) -> int:
        """How many sessions can still be booked, in all packs."""
        return sum(pack.balance for pack in self.packs if pack.status == Pack.Status.ACTIVE)

    @property
    def is_live(self) -> bool:
        """Whether there is a seat."""
        return self.seat is not None and self.seat.status in Seat.LIVE

    @property
    def can_book(self) -> bool:
        """Whether a pack can pay for a session now."""
        is_active = self.seat is not None and self.seat.status == Seat.Status.ACTIVE
        return is_active and self.sessions_left > 0

    @property
    def session_types(self) -> list[Purchase]:
        """One purchase for each session type of which something is left."""
        first: dict[int, Purchase] = {}
        for pack in self.packs:
            if pack.status == Pack.Status.ACTIVE:
                for purchase in pack.purchases.all():
                    if purchase.unused:
                        first.setdefault(purchase.session_type_id, purchase)
        return list(first.values())


def of_mentee(mentee: Person, *, handle: str = "", now: datetime) -> list[Together]:
    """All that this person has or had, with one mentor or all; what lives comes first."""
    pairs = Mentorship.objects.filter(mentee=mentee)
    if handle:
        pairs = pairs.filter(mentor__handle=handle.lower())
    return _told(pairs.begun(), Session.objects.taken_by(mentee), now=now)


def with_mentor(mentor: Mentor, *, now: datetime) -> list[Together]:
    """All who have or had a pack with this mentor; who has a seat comes first."""
    pairs = Mentorship.objects.filter(mentor=mentor)
    return _told(pairs.begun(), Session.objects.filter(mentor=mentor), now=now)


def _told(
    pairs: Iterable[Mentorship], sessions: SessionQuerySet, *, now: datetime
) -> list[Together]:
    loaded = Mentorship.objects.filter(pk__in=[pair.pk for pair in pairs]).select_related(
        "mentor__person", "mentee"
    )
    purchases = Purchase.objects.select_related("session_type", "offer").order_by("pk")
    loaded = loaded.prefetch_related(
        Prefetch("packs", Pack.objects.order_by("-pk")),
        Prefetch("packs__purchases", purchases),
        Prefetch("seats", Seat.objects.order_by("-pk")),
    )
    soonest = _soonest(sessions.upcoming(now))
    told = [
        Together(
            mentorship=pair,
            packs=list(pair.packs.all()),
            seat=next(iter(pair.seats.all()), None),
            next_session=soonest.get((pair.mentor_id, pair.mentee_id)),
        )
        for pair in loaded.order_by("-pk")
    ]
    return sorted(told, key=lambda one: not one.is_live)


def _soonest(sessions: SessionQuerySet) -> dict[tuple[int, int], Session]:
    """The first session to come of each mentor with each mentee."""
    found: dict[tuple[int, int], Session] = {}
    live = sessions.filter(bookings__status__in=("held", "confirmed")).prefetch_related("bookings")
    for session in live.distinct():
        for booking in session.bookings.all():
            found.setdefault((session.mentor_id, booking.mentee_id), session)
    return found
