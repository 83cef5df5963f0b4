"""Letters about one mentee's place in a session: booked, to be paid, given back."""

from openmentor.base import money
from openmentor.booking.models import Booking, Session
from openmentor.delivery.letters.about_sessions import (
    CHANGE,
    JOIN,
    demand_to_come,
    facts,
    path,
    subject,
)
from openmentor.delivery.letters.letter import Calendar, Letter, Note, OutOfDate


def booked(note: Note) -> Letter:
    """To the mentee: the place is theirs."""
    place, session = _demand_place(note), note.session
    mentor = session.mentor.person.name
    news = f"Your session with {mentor} is booked."
    if session.origin == Session.Origin.REQUEST:
        news = f"{mentor} accepted your request. Your session is booked."
    elif session.origin == Session.Origin.OPEN_REQUEST:
        news = f"{mentor} found a time for your open request. Your session is booked."
    elif session.mode == Session.Mode.GROUP:
        news = f"You have a place in the group session of {mentor}."
    return Letter(
        subject=subject("Booked", note),
        news=news,
        facts=facts(note, ("Price", _price(place))),
        next_steps=(JOIN, CHANGE),
        path=path(session),
        button="Open the session",
        calendar=Calendar.INVITE,
        about_at=session.starts_at,
    )


def booked_with_you(note: Note) -> Letter:
    """To the mentor of a one-on-one session: somebody has booked."""
    place, session = _demand_place(note), note.session
    news = f"{place.mentee.name} booked a session with you."
    if session.origin in {Session.Origin.REQUEST, Session.Origin.OPEN_REQUEST}:
        news = f"Your session with {place.mentee.name} is confirmed."
    return Letter(
        subject=subject("Booked", note),
        news=news,
        quote=place.notes,
        facts=facts(note, ("Price", _price(place))),
        next_steps=(JOIN, CHANGE),
        path=path(session),
        button="Open the session",
        calendar=Calendar.INVITE,
        about_at=session.starts_at,
    )


def accepted_to_pay(note: Note) -> Letter:
    """To the mentee: the mentor said yes, and the place is held until it is paid."""
    demand_to_come(note)
    place, session = _place(note), note.session
    if session.origin != Session.Origin.REQUEST:
        raise OutOfDate("Who books a time pays at once.")
    if place.status != Booking.Status.HELD or place.hold_until is None:
        raise OutOfDate(f"The place is {place.status}.")
    return Letter(
        subject=subject("Accepted, please pay", note),
        news=f"{session.mentor.person.name} accepted your request. Pay to make it yours.",
        facts=facts(
            note,
            ("Price", money.display(place.amount_minor, place.currency)),
            ("Pay by", note.at(place.hold_until)),
        ),
        next_steps=("The time is held for you until then; after that it is free again.",),
        path=f"{path(session)}/payment",
        button="Pay now",
        about_at=session.starts_at,
    )


def hold_ended(note: Note) -> Letter:
    """To the mentee: the time that was held was not paid, and is free again."""
    place, session = _place(note), note.session
    if place.status != Booking.Status.EXPIRED or note.now >= session.starts_at:
        raise OutOfDate("It was paid late, or is over.")
    return Letter(
        subject=f"Not booked: {session.title} was not paid in time",
        news=f"The time we held for {session.title} with {note.other} is free again.",
        facts=facts(note),
        next_steps=(
            "It was not paid in time, so nothing is booked and nothing is to pay.",
            "If you did pay, the money books the time if it is still free; else it comes back.",
        ),
        path=f"/mentors/{session.mentor.handle}/book",
        button="Book again",
    )


def accepted_not_paid(note: Note) -> Letter:
    """To the mentor who had said yes: the mentee did not pay."""
    place, session = _place(note), note.session
    if session.origin != Session.Origin.REQUEST or place.status != Booking.Status.EXPIRED:
        raise OutOfDate("The mentor has not heard of this place.")
    return Letter(
        subject=f"Not paid: {session.title} with {place.mentee.name}",
        news=f"{place.mentee.name} did not pay in time, so your time is free again.",
        facts=facts(note),
        path=path(session),
        button="Open the session",
    )


def place_gone(note: Note) -> Letter:
    """To the mentee: the session is off, or they gave their place back."""
    place, session = _place(note), note.session
    if place.status != Booking.Status.CANCELLED:
        raise OutOfDate("The place is theirs again.")
    if note.event.from_state == Booking.Status.HELD and note.did_it:
        raise OutOfDate("They gave back what was never booked.")
    if session.status == Session.Status.CANCELLED:
        news = f"{note.actor} cancelled the session."
        again = f"/mentors/{session.mentor.handle}/book", "Book another time"
    else:
        news = "You gave your place back."
        again = path(session), "Open the session"
    return Letter(
        subject=subject("Cancelled", note),
        news=news,
        quote=note.event.why,
        facts=facts(note),
        next_steps=(_money_back(place), "Your calendar follows by itself."),
        path=again[0],
        button=again[1],
        calendar=Calendar.CANCEL,
        about_at=session.starts_at,
    )


def _money_back(place: Booking) -> str:
    words = {
        Booking.PaymentStatus.REFUNDED: "All you paid is on its way back, the way it was paid.",
        Booking.PaymentStatus.PARTIALLY_REFUNDED: (
            "By the refund policy, a part of what you paid is on its way back."
        ),
        Booking.PaymentStatus.PAID: "By the refund policy, nothing is paid back.",
    }
    return words.get(
        Booking.PaymentStatus(place.payment_status), "Nothing was paid, so nothing is paid back."
    )


def _place(note: Note) -> Booking:
    assert note.happening is not None  # noqa: S101 - these letters tell of a booking's event
    return note.happening.booking


def _demand_place(note: Note) -> Booking:
    """The confirmed place, unless it was given back since."""
    demand_to_come(note)
    place = _place(note)
    if place.status != Booking.Status.CONFIRMED:
        raise OutOfDate(f"The place is {place.status}.")
    return place


def _price(place: Booking) -> str:
    if not place.amount_minor:
        return "FREE"
    amount = money.display(place.amount_minor, place.currency)
    return f"{amount}, paid with {place.payment_reference}" if place.payment_reference else amount
