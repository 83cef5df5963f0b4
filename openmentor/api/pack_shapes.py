"""Packs, seats and mentorships as JSON."""

from datetime import datetime
from typing import Literal, Self

from openmentor.api.schema import Answer
from openmentor.api.session_shapes import MentorOfSession, Somebody
from openmentor.base import money
from openmentor.booking.together import Together
from openmentor.mentors.models import Mentor
from openmentor.mentorships.models import Pack, PackEntry, Purchase, Seat
from openmentor.mentorships.seats import Room

PackStatus = Literal["active", "exhausted", "expired", "refunded"]
SeatStatus = Literal["held", "active", "grace", "released"]


class PackPart(Answer):
    """What of a pack was bought at once, and how much of it is left."""

    session_type_id: str
    session_type_title: str
    sessions: int
    unused: int
    price: int
    currency: str
    price_display: str
    paid_at: datetime | None

    @classmethod
    def of(cls, bought: Purchase) -> Self:
        """One purchase; its session type is loaded."""
        return cls(
            session_type_id=bought.session_type.reference,
            session_type_title=bought.session_type.title,
            sessions=bought.sessions,
            unused=bought.unused,
            price=bought.price_minor,
            currency=bought.currency,
            price_display=money.display(bought.price_minor, bought.currency),
            paid_at=bought.paid_at,
        )


class PackLine(Answer):
    """One line of a pack's ledger: their sum is what remains."""

    kind: Literal["buy", "spend", "return", "expire", "refund"]
    sessions: int
    at: datetime

    @classmethod
    def of(cls, entry: PackEntry) -> Self:
        """The line as both sides see it."""
        return cls(kind=entry.kind, sessions=entry.sessions, at=entry.at)  # type: ignore[arg-type]


class SeatAnswer(Answer):
    """A seat with a mentor; in grace it is kept until `graceEndsAt`."""

    mentor: MentorOfSession
    status: SeatStatus
    hold_until: datetime | None
    grace_starts_at: datetime | None
    grace_ends_at: datetime | None
    taken_at: datetime
    released_at: datetime | None

    @classmethod
    def of(cls, seat: Seat, mentor: Mentor) -> Self:
        """The seat as its pair sees it."""
        return cls(
            mentor=mentor_of(mentor),
            status=seat.status,  # type: ignore[arg-type]  # one of the column's choices
            hold_until=seat.hold_until,
            grace_starts_at=seat.grace_from,
            grace_ends_at=seat.grace_until,
            taken_at=seat.taken_at,
            released_at=seat.released_at,
        )


class PackAnswer(Answer):
    """A pack of prepaid sessions with one mentor."""

    id: str
    mentor: MentorOfSession
    mentee: Somebody
    status: PackStatus
    sessions_total: int
    sessions_left: int
    expires_at: datetime
    renewals: int
    parts: list[PackPart]
    created_at: datetime

    @classmethod
    def of(cls, pack: Pack) -> Self:
        """The pack as its pair sees it; both sides and the purchases are loaded."""
        pair = pack.mentorship
        return cls(
            id=pack.reference,
            mentor=mentor_of(pair.mentor),
            mentee=Somebody(id=pair.mentee.reference, name=pair.mentee.name),
            status=pack.status,  # type: ignore[arg-type]  # one of the column's choices
            sessions_total=pack.bought,
            sessions_left=pack.balance,
            expires_at=pack.expires_at,
            renewals=pack.renewals,
            parts=[PackPart.of(each) for each in pack.purchases.all()],
            created_at=pack.created_at,
        )


class PackWithLedger(PackAnswer):
    """A pack with every change of its balance, oldest first."""

    ledger: list[PackLine]


class MentorshipAnswer(Answer):
    """All that a mentee and a mentor have together."""

    mentor: MentorOfSession
    mentee: Somebody
    sessions_left: int
    expires_at: datetime | None
    can_book: bool
    seat: SeatAnswer | None
    packs: list[PackAnswer]
    next_session_id: str | None
    next_session_at: datetime | None

    @classmethod
    def of(cls, together: Together) -> Self:
        """The pair as either side sees it."""
        pair, pack, following = together.mentorship, together.pack, together.next_session
        for each in together.packs:
            each.mentorship = pair
        return cls(
            mentor=mentor_of(pair.mentor),
            mentee=Somebody(id=pair.mentee.reference, name=pair.mentee.name),
            sessions_left=together.sessions_left,
            expires_at=pack.expires_at if pack else None,
            can_book=together.can_book,
            seat=SeatAnswer.of(together.seat, pair.mentor) if together.seat else None,
            packs=[PackAnswer.of(each) for each in together.packs],
            next_session_id=following.reference if following else None,
            next_session_at=following.starts_at if following else None,
        )


class SeatsAnswer(Answer):
    """How many seats a mentor has. Without a limit `total` and `free` are null."""

    mentor_id: str
    total: int | None
    used: int
    free: int | None
    available: bool
    waiting: int
    your_position: int | None
    offered_until: datetime | None

    @classmethod
    def of(cls, mentor: Mentor, room: Room, *, waiting: int, standing: object = None) -> Self:
        """The seats as anyone may see them; `standing` is the reader's place in the line."""
        return cls(
            mentor_id=mentor.handle,
            total=room.most,
            used=room.used,
            free=room.free,
            available=not room.is_full and mentor.takes_bookings,
            waiting=waiting,
            your_position=getattr(standing, "position", None),
            offered_until=getattr(standing, "offered_until", None),
        )


def mentor_of(mentor: Mentor) -> MentorOfSession:
    """The mentor as everybody may know them."""
    return MentorOfSession(id=mentor.handle, name=mentor.person.name, timezone=mentor.timezone)
