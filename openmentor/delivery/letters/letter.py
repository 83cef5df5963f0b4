"""A letter: what it says, and how it looks as HTML and as text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string

from openmentor.base.models import Event
from openmentor.booking import permits
from openmentor.booking.models import Booking, Session
from openmentor.booking.permits import Side
from openmentor.delivery import times
from openmentor.delivery.happenings import Happening
from openmentor.people.models import Person


class OutOfDate(Exception):  # noqa: N818 - it is no error, only nothing to write
    """There is nothing to tell any more; the words say why."""


class Calendar(StrEnum):
    """What a letter tells the reader's calendar."""

    NOTHING = ""
    INVITE = "invite"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The words of one letter; `news` is its first sentence, and the notification.

    `facts` are pairs of a label and its lines, `quote` is what another person wrote, `path` is the
    page that the button leads to.
    """

    subject: str
    news: str
    path: str
    button: str
    next_steps: tuple[str, ...] = ()
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    quote: str = ""
    calendar: Calendar = Calendar.NOTHING
    about_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a letter is written from: who reads it, when, and what about."""

    reader: Person
    now: datetime
    happening: Happening | None = None
    reminded: Session | None = None

    @property
    def event(self) -> Event:
        """What happened; reminders have none."""
        assert self.happening is not None  # noqa: S101 - only reminders are without
        return self.happening.event

    @property
    def session(self) -> Session:
        """The session it is about; only letters about sessions ask."""
        session = self.reminded or (self.happening.session if self.happening else None)
        assert session is not None  # noqa: S101 - a letter about something else would not ask
        return session

    @property
    def is_mentor(self) -> bool:
        """Whether the reader is the mentor of the session."""
        return self.session.mentor.person_id == self.reader.pk

    @property
    def did_it(self) -> bool:
        """Whether the reader did it."""
        return self.event.actor_id == self.reader.pk

    @property
    def zone(self) -> ZoneInfo:
        """The reader's zone."""
        return ZoneInfo(self.reader.timezone)

    @property
    def mentee(self) -> Person | None:
        """The mentee of a one-on-one session."""
        if self.session.mode == Session.Mode.GROUP:
            return None
        places = sorted(self.session.bookings.all(), key=lambda place: place.pk)
        live = [place for place in places if place.status in Booking.HAVING_A_PLACE] or places
        return live[-1].mentee if live else self.session.requested_by

    @property
    def other(self) -> str:
        """Whom the reader meets."""
        if not self.is_mentor:
            return self.session.mentor.person.name
        return self.mentee.name if self.mentee else "your group"

    @property
    def actor(self) -> str:
        """Who did it, for a sentence."""
        if self.did_it:
            return "You"
        mentor = self.session.mentor.person
        known = {mentor.pk: mentor} | {each.mentee_id: each.mentee for each in self._places}
        if self.session.requested_by:
            known[self.session.requested_by.pk] = self.session.requested_by
        if self.event.actor_id in known:
            return known[self.event.actor_id].name
        return settings.SITE_NAME

    @property
    def side(self) -> Side:
        """On which side the reader is."""
        return permits.side_of(self.session, self.reader)

    @property
    def _places(self) -> list[Booking]:
        return list(self.session.bookings.all())

    def when(self) -> tuple[str, ...]:
        """The time of the session in lines, as its page says it: their clock, then the other's."""
        session = self.session
        if self.is_mentor:
            other, name = (
                (self.mentee.timezone, self.mentee.first_name) if self.mentee else ("", "")
            )
        else:
            other, name = session.mentor.timezone, session.mentor.person.first_name
        words = times.shown(
            session.starts_at,
            zone=self.zone,
            until=session.ends_at,
            other=ZoneInfo(other) if other else None,
        )
        lines = [words.date, f"{words.time} {words.zone} ({words.abbreviation})"]
        if words.other:
            day = f", {words.other.note}," if words.other.note else ""
            lines.append(f"{words.other.time}{day} for {name} in {words.other.zone}")
        return tuple(lines)

    def at(self, instant: datetime) -> str:
        """An instant in short, on the reader's clock: `Tue 3 Mar, 14:20 GMT`."""
        words = times.shown(instant, zone=self.zone)
        return f"{words.short_date}, {words.time} {words.abbreviation}"


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it is mailed."""

    subject: str
    text: str
    html: str


def written(letter: Letter, *, reader: Person, unsubscribe: str = "") -> Written:
    """The letter as HTML and as text; `unsubscribe` is the address to have no more of its kind."""
    context = {
        "letter": letter,
        "reader": reader,
        "site": settings.SITE_NAME,
        "url": settings.PUBLIC_URL + letter.path,
        "preferences": f"{settings.PUBLIC_URL}/account/notifications",
        "unsubscribe": unsubscribe,
    }
    return Written(
        subject=one_line(letter.subject),
        text=render_to_string("mail/letter.txt", context),
        html=render_to_string("mail/letter.html", context),
    )


def one_line(words: str) -> str:
    """Words that are safe in a header: no line breaks nor other control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())[:300]
