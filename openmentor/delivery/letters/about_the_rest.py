"""Letters about money, waiting lists and applications."""

from openmentor.base import money
from openmentor.booking.models import WaitingEntry
from openmentor.delivery.letters.letter import Letter, Note, OutOfDate
from openmentor.mentors.models import Mentor
from openmentor.payments.models import Refund

_WHY = {
    Refund.Reason.LATE: "It came after the hold was over, and the time was taken by then.",
    Refund.Reason.DUPLICATE: "It was already paid, so we send the second payment back.",
    Refund.Reason.WRONG_AMOUNT: "The amount was not the price, so we send it back.",
    Refund.Reason.POLICY: "This is what the refund policy gives back.",
    Refund.Reason.MENTOR: "The session did not take place, so you get all of it back.",
    Refund.Reason.STAFF: "Our staff sends it back.",
}
_BY_ITSELF = {Refund.Reason.LATE, Refund.Reason.DUPLICATE, Refund.Reason.WRONG_AMOUNT}


def _refund(note: Note, status: str) -> Refund:
    assert note.happening is not None  # noqa: S101 - these letters tell of its events
    refund = note.happening.refund
    if refund.status != status:
        raise OutOfDate(f"The refund is {refund.status}.")
    return refund


def money_comes_back(note: Note) -> Letter:
    """To the payer: money that bought nothing is on its way back."""
    refund = _refund(note, Refund.Status.PENDING)
    if refund.reason not in _BY_ITSELF:
        raise OutOfDate("The letter about the cancellation says it.")
    return _money("Your money comes back", "is on its way back to you.", refund)


def money_is_back(note: Note) -> Letter:
    """To the payer: the provider has paid it back."""
    refund = _refund(note, Refund.Status.SUCCEEDED)
    return _money("Refunded", "was paid back to you, the way it was paid.", refund)


def _money(subject: str, news: str, refund: Refund) -> Letter:
    order = refund.payment.order
    amount = money.display(refund.amount_minor, refund.currency)
    return Letter(
        subject=f"{subject}: {amount} for {order.description}",
        news=f"{amount} for {order.description} {news}",
        facts=(
            ("Amount", (amount,)),
            ("Refund", (refund.reference,)),
            ("Order", (order.reference,)),
        ),
        next_steps=(_WHY[Refund.Reason(refund.reason)], "Banks may need some days to show it."),
        path="/my-payments",
        button="My payments",
    )


def _entry(note: Note, status: str) -> WaitingEntry:
    assert note.happening is not None  # noqa: S101 - these letters tell of its events
    entry = note.happening.waiting
    if entry.status != status:
        raise OutOfDate(f"The place in the line is {entry.status}.")
    return entry


def place_offered(note: Note) -> Letter:
    """To who waited longest: a place is theirs for some time."""
    entry = _entry(note, WaitingEntry.Status.OFFERED)
    if entry.offered_until is None or entry.offered_until <= note.now:
        raise OutOfDate("The offer is over.")
    what, page = _waited_for(note, entry)
    return Letter(
        subject=f"A place is free for you: {what}",
        news=f"A place in {what} is free, and it is yours until {note.at(entry.offered_until)}.",
        next_steps=("After that it goes to the next in line.",),
        path=page,
        button="Take the place",
    )


def offer_over(note: Note) -> Letter:
    """To who waited: the offer was not taken, or there is nothing to wait for any more."""
    entry = _entry(note, WaitingEntry.Status.EXPIRED)
    what, page = _waited_for(note, entry)
    taken_back = note.event.from_state == WaitingEntry.Status.OFFERED
    news = (
        f"The place in {what} that was free for you went to the next in line."
        if taken_back
        else f"You wait no more for {what}: no place got free."
    )
    return Letter(
        subject=f"No place: {what}", news=news, path=page, button="See what else there is"
    )


def _waited_for(note: Note, entry: WaitingEntry) -> tuple[str, str]:
    if entry.subject == WaitingEntry.Subject.SESSION:
        return note.session.title, f"/group-sessions/{note.session.reference}"
    mentor = Mentor.objects.select_related("person").get(pk=entry.subject_id)
    return f"{mentor.person.name}'s mentees", f"/mentors/{mentor.handle}"


def _application(note: Note, status: str) -> Mentor:
    assert note.happening is not None  # noqa: S101 - these letters tell of its events
    mentor = note.happening.applicant
    if mentor.status != status:
        raise OutOfDate(f"The application is {mentor.status}.")
    return mentor


def mentor_approved(note: Note) -> Letter:
    """To the applicant: welcome."""
    _application(note, Mentor.Status.APPROVED)
    return Letter(
        subject="You are a mentor now",
        news="Your application is approved. People can find you and book you.",
        next_steps=("Say when you are free and what you offer, and you are ready.",),
        path="/mentor",
        button="Open your house",
    )


def mentor_rejected(note: Note) -> Letter:
    """To the applicant: not now, and why."""
    mentor = _application(note, Mentor.Status.REJECTED)
    return Letter(
        subject="About your application",
        news="Your application was not approved.",
        quote=mentor.status_reason,
        next_steps=("You can change your profile and apply again.",),
        path="/become-a-mentor",
        button="Apply again",
    )
