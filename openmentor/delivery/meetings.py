"""Meeting links: made by a worker once a place is confirmed, seen by those who take part."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import F

from openmentor.base import events, later
from openmentor.base.errors import Invalid, NotPossible
from openmentor.booking import permits
from openmentor.booking.models import Booking, Session
from openmentor.booking.permits import JOIN_FROM
from openmentor.delivery import rooms
from openmentor.delivery.models import Meeting, MeetingChoice, Place
from openmentor.delivery.rooms import jitsi
from openmentor.delivery.rooms.interface import NoRoom, Room, Wish
from openmentor.mentors import mentors
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person

TASK = "make_meeting"
TELL_AFTER = 3
"""After so many tries in vain the mentor is told, once."""
LONGEST_PHONE = 40
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=30)


def follow(session: Session, *, now: datetime) -> None:
    """Want a room for a session that takes place, and tell the provider when it moves.

    In the transaction that hears of the event; a worker does the rest.
    """
    if session.status not in Session.TAKING_TIME:
        return
    place = chosen(session.mentor)
    meeting, _ = Meeting.objects.get_or_create(
        session=session, defaults={"place": place.place, "try_at": now}
    )
    if meeting.state == Meeting.State.MADE:
        if meeting.known_until == session.ends_at:
            return
        meeting.tries = 0
    meeting.state, meeting.try_at = Meeting.State.WANTED, now
    meeting.save(update_fields=["state", "try_at", "tries"])
    later.do(TASK, session_id=session.pk)


def make(session_id: int, *, now: datetime) -> None:
    """Make the room of a session, or tell its provider of another time; nothing if not due."""
    meeting = _claimed(session_id, now=now)
    if meeting is None:
        return
    session = meeting.session
    if session.status not in Session.TAKING_TIME or now >= session.ends_at:
        over = {"state": Meeting.State.FAILED, "trouble": "The session is off or over."}
        Meeting.objects.filter(pk=meeting.pk).update(**over)
        return
    try:
        room = _room(meeting, session)
    except NoRoom as trouble:
        _note_failure(meeting, str(trouble), now=now)
        return
    # Only what was asked for is done: a session that has moved meanwhile is told in another round.
    Meeting.objects.filter(pk=meeting.pk, session__ends_at=session.ends_at).update(
        state=Meeting.State.MADE,
        address=room.address,
        provider_id=room.provider_id,
        known_until=session.ends_at,
        trouble="",
    )


def make_due(*, now: datetime, most: int = 100) -> int:
    """Try again to make every room whose time for that has come; how many were tried."""
    due = Meeting.objects.filter(state=Meeting.State.WANTED, try_at__lte=now).order_by("try_at")
    keys = list(due.values_list("pk", flat=True)[:most])
    for key in keys:
        make(key, now=now)
    return len(keys)


def _claimed(session_id: int, *, now: datetime) -> Meeting | None:
    """The meeting, if this worker may try now; the next try is put off first."""
    meeting = Meeting.objects.filter(pk=session_id).first()
    if meeting is None:
        return None
    pause = min(_FIRST_PAUSE * 2 ** min(meeting.tries, 10), _LONGEST_PAUSE)
    claimed = Meeting.objects.filter(
        pk=session_id, state=Meeting.State.WANTED, tries=meeting.tries, try_at__lte=now
    ).update(tries=F("tries") + 1, try_at=now + pause)
    if not claimed:
        return None
    return Meeting.objects.select_related("session__mentor__person").get(pk=session_id)


def _room(meeting: Meeting, session: Session) -> Room:
    choice = chosen(session.mentor)
    if meeting.place == Place.LINK:
        return Room(address=choice.link or meeting.address)
    if meeting.place == Place.PHONE:
        return Room(address=choice.phone or meeting.address)
    provider = rooms.of(meeting.place)
    wish = Wish(
        key=session.reference,
        title=f"{session.title} with {session.mentor.person.name}",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )
    if meeting.address:
        provider.move(meeting.provider_id, wish)
        return Room(address=meeting.address, provider_id=meeting.provider_id)
    return provider.make(wish, again=meeting.tries > 1)


@transaction.atomic
def _note_failure(meeting: Meeting, trouble: str, *, now: datetime) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(trouble=trouble[:300])
    if meeting.tries == TELL_AFTER:
        events.record(
            "session.link_failed",
            subject="session",
            subject_id=meeting.session_id,
            actor_id=None,
            at=now,
            why=trouble[:300],
        )


def address(session: Session, *, reader: Person) -> str | None:
    """Where this reader meets the others: a link, a phone number; None if it is not theirs to see.

    Theirs it is while they take part in a session that takes place. The session's bookings and
    meeting are loaded.
    """
    meeting = getattr(session, "meeting", None)
    if meeting is None or meeting.state == Meeting.State.FAILED or not meeting.address:
        return None
    if session.status not in Session.TAKING_TIME or not _takes_part(session, reader):
        return None
    host = settings.JITSI
    if meeting.place != Place.JITSI or not host["secret"]:
        return str(meeting.address)
    return jitsi.with_token(
        meeting.address,
        app_id=host["app_id"],
        secret=host["secret"],
        audience=host["audience"],
        subject=host["subject"] or host["host"],
        person={"id": reader.reference, "name": reader.name},
        moderates=session.mentor.person_id == reader.pk,
        opens_at=session.starts_at - JOIN_FROM,
        ends_at=session.ends_at,
    )


def is_by_phone(session: Session) -> bool:
    """Whether people call each other, so that there is a number and no link."""
    meeting = getattr(session, "meeting", None)
    return meeting is not None and meeting.place == Place.PHONE


def joining(session: Session, *, reader: Person, now: datetime) -> str:
    """The same, at the door: refuses `not_possible` outside the time to join, or without a link."""
    side = permits.side_of(session, reader)
    permits.demand_joinable(session, side, now)
    found = address(session, reader=reader)
    if found is None:
        raise NotPossible("The link follows. Please look again in a minute.")
    return found


def _takes_part(session: Session, reader: Person) -> bool:
    if session.mentor.person_id == reader.pk:
        return True
    place = permits.booking_of(session, reader)
    return place is not None and place.status == Booking.Status.CONFIRMED


def chosen(mentor: Mentor) -> MeetingChoice:
    """Where this mentor meets people; the installation's own kind of room if they did not say."""
    kept = MeetingChoice.objects.filter(mentor=mentor).first()
    return kept or MeetingChoice(mentor=mentor, place=Place.JITSI)


@transaction.atomic
def choose(person: Person, *, place: str, link: str = "", phone: str = "", now: datetime) -> None:
    """Where the mentor meets people from now on; rooms that are made stay as they are.

    Refuses `not_allowed` (no mentor), and `invalid` places, links and numbers.
    """
    mentor = mentors.of(person)
    link, phone = link.strip(), " ".join(phone.split())
    if place not in rooms.offered():
        raise Invalid.field("place", "Choose one of these.")
    if place == Place.LINK and (mistake := _link_mistake(link)):
        raise Invalid.field("link", mistake)
    if place == Place.PHONE and not 5 <= len(phone) <= LONGEST_PHONE:
        raise Invalid.field("phone", "Write the number to call, with its country code.")
    MeetingChoice.objects.update_or_create(
        mentor=mentor, defaults={"place": place, "link": link, "phone": phone}
    )
    events.record(
        "mentor.meeting_place_changed",
        subject="mentor",
        subject_id=mentor.pk,
        actor_id=person.pk,
        at=now,
    )


def _link_mistake(link: str) -> str:
    try:
        URLValidator(schemes=["https"])(link)
    except ValidationError:
        return "Write the whole link; it begins with https://."
    return "" if len(link) <= 500 else "This link is too long."
