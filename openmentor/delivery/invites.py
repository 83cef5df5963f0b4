"""A session as calendars read it: `.ics` files (RFC 5545) and links that add it to a calendar.

Every file is made for one reader: it names that reader's address and nobody else's.
"""

from datetime import UTC, datetime
from email.utils import parseaddr
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import CUTYPE, PARTSTAT, ROLE, STATUS

from openmentor.booking.models import Session
from openmentor.people.models import Person

PRODUCT = "-//OpenMentor//OpenMentor//EN"
_STATUS = {
    Session.Status.PENDING: STATUS.TENTATIVE,
    Session.Status.CANCELLED: STATUS.CANCELLED,
    Session.Status.REJECTED: STATUS.CANCELLED,
    Session.Status.EXPIRED: STATUS.CANCELLED,
}


class Link(NamedTuple):
    """A page of a calendar's own, with the session filled in."""

    calendar: str
    url: str


def published(session: Session, *, reader: Person, now: datetime) -> bytes:
    """The file to download, also of a session that is cancelled.

    What is published has no attendees (RFC 5546 §3.2.1), so no calendar asks for an answer.
    """
    return _file("PUBLISH", event(session, reader=reader, now=now))


def invitation(
    session: Session,
    *,
    reader: Person,
    gone: bool = False,
    sequence: int | None = None,
    now: datetime,
) -> bytes:
    """The file to send: an invitation of the reader, or its cancellation.

    `gone` cancels it for a reader who takes part no more in a session that takes place.
    """
    invite = event(session, reader=reader, sequence=sequence, now=now)
    invite.attendees = [_attendee(reader)]
    if gone:
        invite.status = STATUS.CANCELLED
    return _file("CANCEL" if invite.status == STATUS.CANCELLED else "REQUEST", invite)


def event(session: Session, *, reader: Person, sequence: int | None = None, now: datetime) -> Event:
    """The session as an event: the same UID for life, a SEQUENCE that grows with each change.

    That is the session's revision, unless the reader's calendar has to be told more often.
    """
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Event.new(
        uid=f"{session.reference}@openmentor",
        sequence=session.revision if sequence is None else sequence,
        stamp=now,
        created=session.created_at,
        start=session.starts_at.astimezone(UTC),
        end=session.ends_at.astimezone(UTC),
        summary=title(session, reader=reader),
        description=description(session, reader=reader),
        url=page(session),
        status=_STATUS.get(Session.Status(session.status), STATUS.CONFIRMED),
        organizer=vCalAddress.new(address, cn=name or settings.SITE_NAME),
    )


def links(session: Session, *, reader: Person) -> list[Link]:
    """Where one click adds the session to a calendar on the web; the times in them are UTC."""
    about = {"title": title(session, reader=reader), "text": description(session, reader=reader)}
    starts_at, ends_at = session.starts_at.astimezone(UTC), session.ends_at.astimezone(UTC)
    google = {
        "action": "TEMPLATE",
        "text": about["title"],
        "details": about["text"],
        "dates": f"{starts_at:%Y%m%dT%H%M%SZ}/{ends_at:%Y%m%dT%H%M%SZ}",
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": about["title"],
        "body": about["text"],
        "startdt": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{ends_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    return [
        Link("Google", f"https://calendar.google.com/calendar/render?{urlencode(google)}"),
        Link(
            "Outlook", f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(outlook)}"
        ),
    ]


def title(session: Session, *, reader: Person) -> str:
    """What the calendar shows: the session, and with whom."""
    return f"{session.title} with {_other(session, reader)}"


def description(session: Session, *, reader: Person) -> str:
    """A sentence and the way back to the session's page."""
    return (
        f"{session.title} with {_other(session, reader)}, on {settings.SITE_NAME}.\n"
        f"To join, move or cancel it: {page(session)}"
    )


def page(session: Session) -> str:
    """The address of the session's page."""
    return f"{settings.PUBLIC_URL}/sessions/{session.reference}"


def _other(session: Session, reader: Person) -> str:
    """Whom the reader meets: the mentor, the one mentee, or a group."""
    if session.mentor.person_id != reader.pk:
        return session.mentor.person.name
    if session.mode == Session.Mode.GROUP:
        return "your group"
    names = [booking.mentee.name for booking in session.bookings.all()]
    return names[-1] if names else "your mentee"


def _attendee(reader: Person) -> vCalAddress:
    return vCalAddress.new(
        reader.email,
        cn=reader.name,
        cutype=CUTYPE.INDIVIDUAL,
        role=ROLE.REQ_PARTICIPANT,
        partstat=PARTSTAT.ACCEPTED,
        rsvp=False,
    )


def _file(method: str, invite: Event) -> bytes:
    calendar = Calendar.new(prodid=PRODUCT, version="2.0", method=method, subcomponents=[invite])
    file: bytes = calendar.to_ical()
    return file
