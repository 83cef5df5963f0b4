"""Letters about a session as a whole: moved, called off, missed, near."""

from datetime import datetime, timedelta

from django.conf import settings

from openmentor.base.models import Event
from openmentor.booking.models import GroupMessage, Session
from openmentor.booking.permits import JOIN_FROM
from openmentor.delivery.letters.letter import Calendar, Letter, Note, OutOfDate
from openmentor.delivery.models import Meeting

JOIN = f"You join from the page of the session, from {JOIN_FROM.seconds // 60} minutes before."
CHANGE = "Something came up? Move or cancel it on its page."


def path(session: Session) -> str:
    """The page of a session."""
    return f"/sessions/{session.reference}"


def facts(note: Note, *more: tuple[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What, when and with whom; `more` are further lines."""
    lines = [("What", (note.session.title,)), ("When", note.when()), ("With", (note.other,))]
    return (*lines, *((label, (words,)) for label, words in more if words))


def demand_to_come(note: Note) -> None:
    """`OutOfDate` if the session is off or over: there is nothing to look forward to."""
    if note.session.status not in Session.TAKING_TIME:
        raise OutOfDate(f"The session is {note.session.status}.")
    if note.now >= note.session.ends_at:
        raise OutOfDate("The session is over.")


def subject(what: str, note: Note) -> str:
    """The subject of a letter about a session: what, with whom and when."""
    session = note.session
    return f"{what}: {session.title} with {note.other}, {note.at(session.starts_at)}"


def moved(note: Note) -> Letter:
    """To both sides: another time."""
    demand_to_come(note)
    session = note.session
    before = datetime.fromisoformat(note.event.data["before"])
    return Letter(
        subject=subject("Moved", note),
        news=f"{note.actor} moved the session to another time.",
        facts=facts(note, ("Before", note.at(before))),
        next_steps=("Your calendar follows by itself.", CHANGE),
        path=path(session),
        button="Open the session",
        calendar=Calendar.INVITE,
        about_at=session.starts_at,
    )


def called_off(note: Note) -> Letter:
    """To the mentor: a session is off, or a request was taken back."""
    session = note.session
    if session.status != Session.Status.CANCELLED:
        raise OutOfDate("It takes place after all.")
    if note.event.from_state == Session.Status.PENDING:
        return _taken_back(note)
    if session.mode == Session.Mode.ONE_ON_ONE and not _was_confirmed(session):
        raise OutOfDate("It was never booked.")
    return Letter(
        subject=subject("Cancelled", note),
        news=f"{note.actor} cancelled the session.",
        quote=session.cancel_reason,
        facts=facts(note),
        next_steps=("The time is free again. Your calendar follows by itself.",),
        path=path(session),
        button="Open the session",
        calendar=Calendar.CANCEL,
        about_at=session.starts_at,
    )


def _taken_back(note: Note) -> Letter:
    session = note.session
    return Letter(
        subject=subject("Request taken back", note),
        news=f"{note.actor} took the request back. There is nothing to answer any more.",
        quote=session.cancel_reason,
        facts=facts(note),
        path=path(session),
        button="Open the session",
    )


def missed(note: Note) -> Letter:
    """To the one who is said not to have come."""
    session = note.session
    if session.status != Session.Status.NO_SHOW:
        raise OutOfDate(f"The session is {session.status}.")
    mentor_missed = session.absent == "mentor"
    if mentor_missed:
        next_step = "If it was paid, all of it goes back to the mentee."
    else:
        next_step = "By the refund policy, nothing is paid back for it."
    return Letter(
        subject=subject("Marked as missed", note),
        news=f"{note.other} said that you did not come.",
        facts=facts(note),
        next_steps=(next_step, f"Not right? Write to {settings.SITE_NAME}'s staff."),
        path=path(session),
        button="Open the session",
    )


def group_open(note: Note) -> Letter:
    """To the host: the group session is announced, and in their calendar."""
    demand_to_come(note)
    if note.event.from_state:
        raise OutOfDate("A place got free; the host sees it on the page.")
    session = note.session
    return Letter(
        subject=subject("Announced", note),
        news=f"Your group session has {session.capacity} places, and people can join.",
        facts=facts(note),
        next_steps=(JOIN,),
        path=path(session),
        button="Open the session",
        calendar=Calendar.INVITE,
        about_at=session.starts_at,
    )


def group_full(note: Note) -> Letter:
    """To the host: the last place is taken."""
    demand_to_come(note)
    if note.session.status != Session.Status.FULL:
        raise OutOfDate("There is a free place again.")
    return Letter(
        subject=f"Full: {note.session.title}",
        news=f"Every place in {note.session.title} is taken.",
        facts=facts(note),
        path=path(note.session),
        button="Open the session",
        about_at=note.session.starts_at,
    )


def link_failed(note: Note) -> Letter:
    """To the mentor: there is no room yet, though we tried."""
    demand_to_come(note)
    session = note.session
    if Meeting.objects.filter(session=session, state=Meeting.State.MADE).exists():
        raise OutOfDate("There is a room by now.")
    return Letter(
        subject=subject("No meeting link yet", note),
        news="We could not make the link to your meeting yet.",
        facts=facts(note),
        next_steps=(
            "We keep trying, and the page says that the link follows.",
            "You can also choose a link of your own for your sessions.",
        ),
        path="/mentor/meetings",
        button="Choose where to meet",
        about_at=session.starts_at,
    )


def announced(note: Note) -> Letter:
    """To everybody with a place: what the host wrote."""
    demand_to_come(note)
    session = note.session
    message = GroupMessage.objects.get(pk=note.event.data["message"])
    return Letter(
        subject=f"{note.other} about {session.title}",
        news=f"{note.other} wrote to everybody in {session.title}:",
        quote=message.text,
        facts=facts(note),
        path=path(session),
        button="Open the session",
        about_at=session.starts_at,
    )


def reminder(note: Note) -> Letter:
    """To everybody with a confirmed place, and to the mentor of one: it is soon."""
    demand_to_come(note)
    session = note.session
    left = session.starts_at - note.now
    if left <= timedelta(0):
        raise OutOfDate("It has begun.")
    hours, minutes = left // timedelta(hours=1), left // timedelta(minutes=1)
    soon = f"in {hours} hours" if hours > 1 else f"in {max(minutes, 1)} minutes"
    return Letter(
        subject=subject("Reminder", note),
        news=f"{session.title} with {note.other} begins {soon}.",
        facts=facts(note),
        next_steps=(JOIN, CHANGE),
        path=path(session),
        button="Open the session",
        about_at=session.starts_at,
    )


def _was_confirmed(session: Session) -> bool:
    places = [place.pk for place in session.bookings.all()]
    return Event.objects.filter(
        subject="booking", subject_id__in=places, name="booking.confirmed"
    ).exists()
