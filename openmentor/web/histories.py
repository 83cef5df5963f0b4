"""What happened to a session, in plain words: who did what and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openmentor.base.models import Event
from openmentor.booking.models import Session
from openmentor.people.models import Person

_TOLD = {
    "session.pending": ("asked for this session", "hourglass", "calm"),
    "session.scheduled": ("booked this session", "calendar-check", "success"),
    "session.other_times_proposed": ("proposed other times", "calendar-clock", "accent"),
    "session.answer_reminded": ("reminded the mentor", "bell", "calm"),
    "session.rescheduled": ("moved it to another time", "calendar-clock", "accent"),
    "session.completed": ("marked it as completed", "check", "success"),
    "session.no_show": ("said that the other side did not come", "user-round-x", "danger"),
    "session.cancelled": ("cancelled it", "x", "danger"),
    "session.rejected": ("declined it", "x", "danger"),
    "session.expired": ("let it expire unanswered", "timer-off", "calm"),
    "session.open": ("opened it for everyone", "door-open", "success"),
    "session.full": ("saw the last place taken", "users", "calm"),
}
_ACCEPTED = ("accepted it", "calendar-check", "success")
_BY_ITSELF = ("It completed by itself, half an hour after its end", "check", "success")


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened; `before` and `after` are the starts that it was moved between."""

    words: str
    icon: str
    tone: str
    at: datetime
    why: str = ""
    before: datetime | None = None
    after: datetime | None = None


def told(happened: Iterable[Event], session: Session, *, to: Person) -> list[Moment]:
    """The events that people care about, oldest first, as this reader would tell them.

    The session's mentor and bookings with mentees are loaded: they give the names.
    """
    names = {booking.mentee_id: booking.mentee.name for booking in session.bookings.all()}
    if session.requested_by:
        names[session.requested_by.pk] = session.requested_by.name
    names |= {session.mentor.person_id: session.mentor.person.name, to.pk: "You"}
    return [_moment(event, names) for event in happened if event.name in _TOLD]


def _moment(event: Event, names: dict[int, str]) -> Moment:
    deed, icon, tone = _TOLD[event.name]
    if event.name == "session.scheduled" and event.from_state == "pending":
        deed, icon, tone = _ACCEPTED
    if event.actor_id is None:
        who = "OpenMentor"
    else:
        who = names.get(event.actor_id, "Somebody of the staff")
    words = f"{who} {deed}"
    if event.name == "session.completed" and event.actor_id is None:
        words, icon, tone = _BY_ITSELF
    return Moment(
        words=words,
        icon=icon,
        tone=tone,
        at=event.at,
        why=event.why,
        before=_instant(event.data.get("before")),
        after=_instant(event.data.get("after")),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
