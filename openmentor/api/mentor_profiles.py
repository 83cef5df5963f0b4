"""The JSON of mentors' profiles, as it comes in and goes out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self

from django.conf import settings
from pydantic import Field

from openmentor.api.pack_offers import PackOfferAnswer
from openmentor.api.schema import Answer, Body, Params
from openmentor.api.session_types import SessionTypeAnswer
from openmentor.booking.directory import Card
from openmentor.mentors import pack_offers
from openmentor.mentors.models import Mentor
from openmentor.mentors.profiles import Profile
from openmentor.mentors.search import Search, Sort

_PRICES: Final = {
    "one_on_one_price": "one_on_one_price_minor",
    "group_session_price": "group_price_minor",
    "session_price": "session_price_minor",
}
_SETTINGS: Final = (
    "min_notice_minutes",
    "horizon_days",
    "step_minutes",
    "buffer_before",
    "buffer_after",
    "max_per_day",
    "max_per_week",
    "confirmation",
    "pending_requests_hold_time",
)
FIELDS: Final = {verb: json for json, verb in _PRICES.items()} | {
    name: f"booking_settings.{name}" for name in _SETTINGS
}
"""Where the JSON has what the verbs call by these names."""


class MentorSearch(Params):
    """What is looked for. Several of one filter: one of them is enough."""

    query: str = Field("", max_length=200, description="Words of the name, headline, bio …")
    specialisation: list[str] = Field([], max_length=20)
    job_title: list[str] = Field([], max_length=20)
    language: list[str] = Field([], max_length=20)
    min_price: int | None = Field(None, ge=0, le=2**53, description="Of the hourly price.")
    max_price: int | None = Field(None, ge=0, le=2**53)
    free: bool | None = None
    sort: Sort = Sort.NEWEST

    def search(self) -> Search:
        """The same as the verb reads it."""
        return Search(
            text=self.query,
            specialisations=[word for word in self.specialisation if word],
            job_titles=[word for word in self.job_title if word],
            languages=[word for word in self.language if word],
            min_price_minor=self.min_price,
            max_price_minor=self.max_price,
            free=self.free,
        )


class BookingSettings(Body):
    """How time is offered: minutes, days, counts. Null where there is no limit of one's own."""

    min_notice_minutes: int | None = None
    horizon_days: int = 60
    step_minutes: int | None = None
    buffer_before: int = 0
    buffer_after: int = 0
    max_per_day: int | None = None
    max_per_week: int | None = None
    confirmation: str = "instant"
    pending_requests_hold_time: bool = False


class ProfileChanges(Body):
    """What of the profile is to change. Prices are per hour, in minor units of `currency`."""

    headline: str = ""
    job_title: str = ""
    bio: str = Field("", description="Markdown.")
    specialisations: list[str] = Field([], max_length=200)
    languages: list[str] = Field([], max_length=200)
    timezone: str = ""
    currency: str = ""
    one_on_one_price: int = 0
    group_session_price: int = Field(0, description="Per person.")
    session_price: int = Field(0, description="The one-on-one price under its old name.")
    max_active_mentees: int | None = None
    grace_period_days: int = 0
    refund_policy: str = ""
    booking_settings: BookingSettings = BookingSettings()

    def profile(self) -> Profile:
        """The fields that were sent, as the verbs call them."""
        sent = self.given()
        chosen: Any = sent.pop("booking_settings", BookingSettings())
        sent |= chosen.given()
        named: Any = {_PRICES.get(name, name): value for name, value in sent.items()}
        profile: Profile = named
        return profile


class NewProfile(ProfileChanges):
    """A new profile; without a `handle` one is made from the name."""

    handle: str = ""

    def profile(self) -> Profile:
        """The fields that were sent, without the handle."""
        self.model_fields_set.discard("handle")
        return super().profile()


class MentorAnswer(Answer):
    """A mentor in a list. Prices are per hour in minor units; the group price is per person."""

    id: str
    name: str
    headline: str
    job_title: str
    specialisations: list[str]
    languages: list[str]
    timezone: str
    currency: str
    one_on_one_price: int
    group_session_price: int
    rating: float | None
    review_count: int
    sessions_held: int
    next_free_at: datetime | None
    accepts_new_mentees: bool
    photo_url: str | None

    @classmethod
    def of(cls, card: Card, **more: Any) -> Self:
        """The mentor as anyone may see them."""
        return cls(
            **_said(card.mentor),
            rating=None,
            review_count=0,
            sessions_held=card.sessions_held,
            next_free_at=card.next_free_at,
            accepts_new_mentees=not (card.mentor.is_paused or card.room.is_full),
            **more,
        )


class NextSlot(Answer):
    """A free time of a session type."""

    start: datetime
    end: datetime
    session_type_id: str


class SeatsOfMentor(Answer):
    """How many seats there are; without a limit `total` and `free` are null."""

    total: int | None
    used: int
    free: int | None


class MentorProfile(MentorAnswer):
    """All that a mentor's page says."""

    bio: str
    is_paused: bool
    refund_policy: str
    session_types: list[SessionTypeAnswer]
    packs: list[PackOfferAnswer]
    seats: SeatsOfMentor
    next_slots: list[NextSlot]

    @classmethod
    def of(cls, card: Card, *, starts: Sequence[datetime] = (), **more: Any) -> Self:
        """The profile; `starts` are free times of the first session type."""
        mentor, offers = card.mentor, card.session_types
        return super().of(
            card,
            bio=mentor.bio,
            is_paused=mentor.is_paused,
            refund_policy=mentor.refund_policy,
            session_types=[SessionTypeAnswer.of(offer) for offer in offers],
            packs=[PackOfferAnswer.of(offer) for offer in pack_offers.on_sale(mentor)],
            seats=SeatsOfMentor(total=card.room.most, used=card.room.used, free=card.room.free),
            next_slots=[
                NextSlot(
                    start=start,
                    end=start + timedelta(minutes=offers[0].duration_minutes),
                    session_type_id=offers[0].reference,
                )
                for start in starts
            ],
            **more,
        )


class BookingSettingsAnswer(Answer):
    """How time is offered: minutes, days, counts."""

    min_notice_minutes: int | None
    horizon_days: int
    step_minutes: int | None
    buffer_before: int
    buffer_after: int
    max_per_day: int | None
    max_per_week: int | None
    confirmation: str
    pending_requests_hold_time: bool


class OwnProfile(Answer):
    """One's own profile: what others see, what staff said, and the settings."""

    id: str
    name: str
    headline: str
    job_title: str
    bio: str
    specialisations: list[str]
    languages: list[str]
    timezone: str
    currency: str
    one_on_one_price: int
    group_session_price: int
    photo_url: str | None
    status: Literal["applied", "approved", "rejected"]
    status_reason: str
    is_paused: bool
    max_active_mentees: int | None
    grace_period_days: int
    refund_policy: str
    booking_settings: BookingSettingsAnswer

    @classmethod
    def of(cls, mentor: Mentor) -> Self:
        """The profile as its owner sees it."""
        return cls(
            **_said(mentor),
            bio=mentor.bio,
            status=mentor.status,  # type: ignore[arg-type]  # the model's choices are these words
            status_reason=mentor.status_reason,
            is_paused=mentor.is_paused,
            max_active_mentees=mentor.max_active_mentees,
            grace_period_days=mentor.grace_period_days,
            refund_policy=mentor.refund_policy,
            booking_settings=BookingSettingsAnswer(
                **{name: getattr(mentor, name) for name in _SETTINGS}
            ),
        )


def _said(mentor: Mentor) -> dict[str, Any]:
    """What every answer says of a mentor."""
    return {
        "id": mentor.handle,
        "name": mentor.person.name,
        "headline": mentor.headline,
        "job_title": mentor.job_title,
        "specialisations": mentor.specialisations,
        "languages": mentor.languages,
        "timezone": mentor.timezone,
        "currency": mentor.currency,
        "one_on_one_price": mentor.one_on_one_price_minor,
        "group_session_price": mentor.group_price_minor,
        "photo_url": settings.PUBLIC_URL + mentor.photo.url if mentor.photo else None,
    }
