"""An event with what it is about, and the people it concerns."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from openmentor.base.models import Event
from openmentor.booking import paid_places
from openmentor.booking.models import Booking, OpenRequest, Session, WaitingEntry
from openmentor.booking.permits import Side
from openmentor.mentors.models import Mentor
from openmentor.mentorships.models import Mentorship, Pack, Purchase, Seat
from openmentor.payments.models import Refund
from openmentor.people.models import Person

_PAIR = ("mentorship__mentor__person", "mentorship__mentee")


@dataclass(frozen=True)
class Happening:
    """One event; what it is about is loaded when somebody asks."""

    event: Event

    @cached_property
    def booking(self) -> Booking:
        """The place that a booking's or a refund's event is about."""
        places = Booking.objects.select_related("mentee")
        if self.event.subject == "refund":
            return places.get(pk=self.refund.payment.order.purpose_id)
        return places.get(pk=self.event.subject_id)

    @cached_property
    def session(self) -> Session | None:
        """The session that the event is about, with both sides; None where there is none."""
        key = self._session_id
        return Session.objects.with_both_sides().get(pk=key) if key else None

    @cached_property
    def open_request(self) -> OpenRequest:
        """The open request that the event is about."""
        return OpenRequest.objects.with_all_sides().get(pk=self.event.subject_id)

    @cached_property
    def refund(self) -> Refund:
        """The refund that the event is about."""
        return Refund.objects.select_related("payment__order__payer").get(pk=self.event.subject_id)

    @cached_property
    def waiting(self) -> WaitingEntry:
        """The place in a line that the event is about."""
        return WaitingEntry.objects.select_related("person").get(pk=self.event.subject_id)

    @cached_property
    def pack(self) -> Pack:
        """The pack that the event is about."""
        return Pack.objects.select_related(*_PAIR).get(pk=self.event.subject_id)

    @cached_property
    def purchase(self) -> Purchase:
        """The purchase that the event is about."""
        return Purchase.objects.select_related(*_PAIR).get(pk=self.event.subject_id)

    @cached_property
    def seat(self) -> Seat:
        """The seat that the event is about."""
        return Seat.objects.select_related(*_PAIR).get(pk=self.event.subject_id)

    @property
    def mentorship(self) -> Mentorship:
        """The pair that the pack, purchase or seat belongs to."""
        of = {"pack": "pack", "purchase": "purchase", "seat": "seat"}[self.event.subject]
        pair: Mentorship = getattr(self, of).mentorship
        return pair

    @cached_property
    def applicant(self) -> Mentor:
        """The mentor whose application the event is about."""
        return Mentor.objects.select_related("person").get(pk=self.event.subject_id)

    @property
    def data(self) -> dict[str, Any]:
        """What the event says besides."""
        facts: dict[str, Any] = self.event.data
        return facts

    @property
    def _session_id(self) -> int | None:
        subject = self.event.subject
        if subject == "session":
            return self.event.subject_id
        if subject == "booking" or (subject == "refund" and self._pays_for_a_place):
            return self.booking.session_id
        if subject == "open_request":
            return self.open_request.session_id
        if subject == "waiting" and self.waiting.subject == WaitingEntry.Subject.SESSION:
            return self.waiting.subject_id
        return None

    @property
    def _pays_for_a_place(self) -> bool:
        return self.refund.payment.order.purpose == paid_places.PURPOSE


def mentor(happening: Happening) -> list[Person]:
    """The mentor of the session."""
    return [happening.session.mentor.person] if happening.session else []


def mentee(happening: Happening) -> list[Person]:
    """Whose place it is; of a session still without a place, who proposed it."""
    if happening.event.subject == "booking":
        return [happening.booking.mentee]
    session = happening.session
    return [session.requested_by] if session and session.requested_by else []


def proposer(happening: Happening) -> list[Person]:
    """Who proposed a session that nobody has a place in; who has one hears of the place."""
    session = happening.session
    return mentee(happening) if session and not session.bookings.all() else []


def both_sides(happening: Happening) -> list[Person]:
    """The mentor, and everybody with a confirmed place."""
    session = happening.session
    return [*mentor(happening), *confirmed(session)] if session else []


def mentor_of_one(happening: Happening) -> list[Person]:
    """The mentor of a one-on-one session; a host is not told of each place in a group."""
    session = happening.session
    return mentor(happening) if session and session.mode == Session.Mode.ONE_ON_ONE else []


def absent(happening: Happening) -> list[Person]:
    """Whoever is said not to have come to a one-on-one session."""
    session = happening.session
    if session is None:
        return []
    if session.absent == Side.MENTOR:
        return mentor(happening)
    places = session.bookings.all()
    return [place.mentee for place in places if place.status == Booking.Status.NO_SHOW]


def participants(happening: Happening) -> list[Person]:
    """Everybody with a confirmed place."""
    return confirmed(happening.session) if happening.session else []


def pack_mentee(happening: Happening) -> list[Person]:
    """Whose pack, purchase or seat it is."""
    return [happening.mentorship.mentee]


def pack_mentor(happening: Happening) -> list[Person]:
    """With whom the pack is."""
    return [happening.mentorship.mentor.person]


def who_asked(happening: Happening) -> list[Person]:
    """The mentee of an open request."""
    return [happening.open_request.mentee]


def who_asked_again(happening: Happening) -> list[Person]:
    """The mentee of an open request that had been claimed before."""
    return who_asked(happening) if happening.event.from_state else []


def who_claimed(happening: Happening) -> list[Person]:
    """The mentor who has claimed an open request."""
    claimer = happening.open_request.claimed_by
    return [claimer.person] if claimer else []


def who_had_claimed(happening: Happening) -> list[Person]:
    """The mentor whose claim has just run out."""
    if not happening.event.from_state:
        return []
    claim = (
        Event.objects.filter(
            subject="open_request",
            subject_id=happening.event.subject_id,
            name="open_request.claimed",
            pk__lt=happening.event.pk,
        )
        .order_by("-pk")
        .first()
    )
    return list(Person.objects.filter(pk=claim.actor_id)) if claim and claim.actor_id else []


def who_waits(happening: Happening) -> list[Person]:
    """Whoever is in the line."""
    return [happening.waiting.person]


def payer(happening: Happening) -> list[Person]:
    """Who gets the money back."""
    return [happening.refund.payment.order.payer]


def applicant(happening: Happening) -> list[Person]:
    """Who applied to be a mentor."""
    return [happening.applicant.person]


def confirmed(session: Session) -> list[Person]:
    """Everybody with a confirmed place."""
    places = session.bookings.all()
    return [place.mentee for place in places if place.status == Booking.Status.CONFIRMED]
