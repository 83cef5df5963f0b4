"""What a request is for: a session type, or so many minutes at the mentor's hourly price."""

from dataclasses import dataclass
from typing import Self

from openmentor.base import money, references
from openmentor.base.errors import Invalid, NotFound
from openmentor.booking.refusals import SessionTypeUnavailable
from openmentor.mentors.models import Mentor, SessionType

SHORTEST_MINUTES, LONGEST_MINUTES = 15, 480
HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The mentor, the length, and the price in minor units."""

    mentor: Mentor
    session_type: SessionType | None
    title: str
    minutes: int
    price_minor: int
    currency: str

    @classmethod
    def of(cls, handle: str, *, session_type: str = "", minutes: int | None = None) -> Self:
        """The terms of a request. Refuses `not_found`, `session_type_unavailable`, `invalid`."""
        mentor = Mentor.objects.select_related("person").filter(handle=handle.lower()).first()
        if mentor is None:
            raise NotFound("There is no such mentor.")
        if session_type:
            return cls.of_type(mentor, session_type)
        if minutes is None or not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
            raise Invalid.field(
                "duration_minutes",
                f"Choose {SHORTEST_MINUTES} to {LONGEST_MINUTES} minutes, or a session type.",
            )
        return cls(
            mentor=mentor,
            session_type=None,
            title=f"One-on-one, {minutes} minutes",
            minutes=minutes,
            price_minor=money.share(
                mentor.one_on_one_price_minor, minutes, HOUR, step=money.step(mentor.currency)
            ),
            currency=mentor.currency,
        )

    @classmethod
    def of_type(cls, mentor: Mentor, reference: str) -> Self:
        """The terms of one of the mentor's active session types."""
        offered = mentor.session_types.filter(
            reference=references.normalised(reference, "TYPE"), is_active=True
        ).first()
        if offered is None:
            raise SessionTypeUnavailable
        return cls(
            mentor=mentor,
            session_type=offered,
            title=offered.title,
            minutes=offered.duration_minutes,
            price_minor=offered.price_minor,
            currency=offered.currency,
        )
