"""Messages: wanted when something happens, written and sent by a worker, once.

A worker locks a message, sees whether it is still true, hands it to the mail server and marks it
as sent, all in one transaction: a worker that dies before leaves the message to the next one. Only
if it dies between the server's yes and its own commit is a mail sent again, with the same
Message-ID.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from openmentor.booking.models import Session
from openmentor.delivery import calendars, notifications, post, preferences
from openmentor.delivery.calendars import File
from openmentor.delivery.happenings import Happening, confirmed
from openmentor.delivery.kinds import KINDS, REMINDERS
from openmentor.delivery.letters import letter as letters
from openmentor.delivery.letters.letter import Letter, Note, OutOfDate
from openmentor.delivery.models import Message
from openmentor.delivery.post import Later, Office, Undeliverable
from openmentor.people import people
from openmentor.people.models import Person

TASK = "send_messages"
NEWS_FOR = timedelta(hours=72)
"""How long after an event a mail about it is worth sending."""
GIVE_UP_AFTER = timedelta(hours=24)
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=30)


def want(kind: str, person: Person, *, happening: Happening, now: datetime) -> None:
    """Write to the person about an event, unless there is nothing to tell any more.

    What somebody else did is also put among the person's notifications.
    """
    event = happening.event
    try:
        letter = KINDS[kind].compose(Note(person, now, happening))
    except OutOfDate:
        return
    if event.actor_id != person.pk:
        notifications.write(letter, person, kind=kind, event_id=event.pk, at=event.at)
    message = Message(
        kind=kind,
        person=person,
        event=event,
        session=happening.session,
        due_at=now,
        try_at=now,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)


@transaction.atomic
def send_next(office: Office, *, now: datetime) -> bool:
    """Send the message that has been due longest; whether to go on with another.

    Several workers may do so at once: each takes messages that nobody else has.
    """
    message = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=Message.State.QUEUED, try_at__lte=now)
        .select_related("person", "event")
        .order_by("try_at", "pk")
        .first()
    )
    if message is None:
        return False
    message.tries += 1
    goes_on = True
    try:
        with transaction.atomic():
            _send(message, office, now=now)
    except OutOfDate as reason:
        _end(message, Message.State.DROPPED, str(reason))
    except Undeliverable as refusal:
        _end(message, Message.State.FAILED, str(refusal))
    except Later as trouble:
        _put_off(message, str(trouble), now=now)
        goes_on = not trouble.closed
    message.save()
    return goes_on


def _send(message: Message, office: Office, *, now: datetime) -> None:
    person, kind = message.person, KINDS[message.kind]
    _demand_reachable(person)
    if not preferences.wants(person, kind.topic):
        raise OutOfDate("They do not want mails on this topic.")
    way_out = preferences.way_out(person, kind.topic)
    calendar = None
    if not message.copy:
        calendar = _write(message, way_out, now=now)
    elif message.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in message.calendar else "REQUEST"
        calendar = File(method, message.calendar)
    office.send(
        post.mail(
            to=person.email,
            reference=message.reference,
            subject=message.subject,
            text=message.text,
            html=message.html,
            calendar=calendar,
            way_out=way_out,
        )
    )
    message.address = person.email
    message.state, message.sent_at, message.trouble = Message.State.SENT, now, ""


def _write(message: Message, way_out: str, *, now: datetime) -> File | None:
    """Put into words what is true now. The session stands still until it is sent."""
    if message.session_id:
        _hold_still(message.session_id)
    note, letter = composed(message, now=now)
    person = message.person
    with translation.override(person.language):
        words = letters.written(letter, reader=person, unsubscribe=way_out)
    file = None
    if letter.calendar:
        file = calendars.next_file(note.session, reader=person, tells=letter.calendar, now=now)
    message.subject, message.text, message.html = words.subject, words.text, words.html
    message.calendar = file.content if file else ""
    return file


def composed(message: Message, *, now: datetime) -> tuple[Note, Letter]:
    """The message as it would be written now; `OutOfDate` if it is of no use any more."""
    if message.event is None:
        note = _reminding(message, now=now)
    elif now - message.event.at > NEWS_FOR:
        raise OutOfDate("It is too old to be news.")
    else:
        note = Note(message.person, now, Happening(message.event))
    return note, KINDS[message.kind].compose(note)


def _reminding(message: Message, *, now: datetime) -> Note:
    session = Session.objects.with_both_sides().get(messages=message)
    if session.starts_at != message.starts_at:
        raise OutOfDate("The session was moved.")
    if now >= session.starts_at - REMINDERS[message.kind][1]:
        raise OutOfDate("It comes too late to be of use.")
    if not confirmed(session):
        raise OutOfDate("Nobody has a place.")
    if message.person not in [session.mentor.person, *confirmed(session)]:
        raise OutOfDate("They have no place any more.")
    return Note(message.person, now, None, session)


def _demand_reachable(person: Person) -> None:
    if not person.is_active:
        raise OutOfDate("The account is closed.")
    if settings.VERIFY_EMAIL and not people.has_verified_address(person):
        raise OutOfDate("The address is not verified.")


def _hold_still(session_id: int) -> None:
    """Nobody moves or cancels the session before this transaction ends; reading it waits not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM booking_session WHERE id = %s FOR SHARE", [session_id])


def _put_off(message: Message, trouble: str, *, now: datetime) -> None:
    message.trouble = trouble[:300]
    if now - message.due_at > GIVE_UP_AFTER:
        _end(message, Message.State.FAILED, trouble)
        return
    message.try_at = now + min(_FIRST_PAUSE * 2 ** min(message.tries - 1, 10), _LONGEST_PAUSE)


def _end(message: Message, state: str, trouble: str) -> None:
    message.state, message.sent_at, message.trouble = state, None, trouble[:300]
