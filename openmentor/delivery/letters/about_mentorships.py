"""Letters about packs and the seat that they keep with a mentor."""

from openmentor.base import money
from openmentor.delivery.letters.letter import Letter, Note, OutOfDate
from openmentor.mentorships.models import Mentorship, Pack, RenewalReminder, Seat

_PAGE = "/my-mentorships"
_RENEW = "Renew it, and your seat stays yours."
_Kind = RenewalReminder.Kind


def _pack(note: Note) -> Pack:
    assert note.happening is not None  # noqa: S101 - these letters tell of its events
    return note.happening.pack


def _mentor(mentorship: Mentorship) -> str:
    return mentorship.mentor.person.name


def pack_ready(note: Note) -> Letter:
    """To the mentee: so many sessions are theirs until a date."""
    pack = _pack(note)
    if pack.status != Pack.Status.ACTIVE:
        raise OutOfDate(f"The pack is {pack.status}.")
    mentor = _mentor(pack.mentorship)
    return Letter(
        subject=f"Your sessions with {mentor}: {pack.balance} to book",
        news=f"You have {pack.balance} sessions with {mentor} to book.",
        facts=(("Until", (note.at(pack.expires_at),)), ("Pack", (pack.reference,))),
        next_steps=(f"They keep a seat with {mentor} for you.",),
        path=f"/mentors/{pack.mentorship.mentor.handle}/book",
        button="Book a session",
    )


def pack_sold(note: Note) -> Letter:
    """To the mentor: a mentee has a pack with them."""
    pack = _pack(note)
    mentee = pack.mentorship.mentee.name
    return Letter(
        subject=f"{mentee} has a pack with you",
        news=f"{mentee} has {pack.balance} sessions with you to book.",
        facts=(("Until", (note.at(pack.expires_at),)), ("Pack", (pack.reference,))),
        path="/mentor",
        button="Open your house",
    )


def pack_over(note: Note) -> Letter:
    """To the mentee: the time of the pack is over."""
    pack = _pack(note)
    if pack.status != Pack.Status.EXPIRED:
        raise OutOfDate(f"The pack is {pack.status}.")
    mentor = _mentor(pack.mentorship)
    return Letter(
        subject=f"Your pack with {mentor} is over",
        news=f"The time of your pack with {mentor} is over.",
        next_steps=("What was not booked is gone. " + _RENEW,),
        path=_PAGE,
        button="My mentorships",
    )


def renew(note: Note) -> Letter:
    """To the mentee: the pack or the seat comes to its end."""
    pack = _pack(note)
    mentor = _mentor(pack.mentorship)
    until = note.at(pack.expires_at)
    sentences = {
        _Kind.ONE_LEFT: f"One session with {mentor} is left in your pack.",
        _Kind.NONE_LEFT: f"No session with {mentor} is left in your pack.",
        _Kind.WEEK_LEFT: f"Your pack with {mentor} ends in a week, on {until}.",
        _Kind.DAY_LEFT: f"Your pack with {mentor} ends tomorrow, on {until}.",
        _Kind.GRACE_BEGUN: f"Your pack with {mentor} is over. Your seat is kept for a few days.",
        _Kind.GRACE_DAY_LEFT: f"Your seat with {mentor} goes to somebody else tomorrow.",
    }
    kind = _Kind(note.event.data["kind"])
    return Letter(
        subject=f"Renew your pack with {mentor}?",
        news=sentences[kind],
        facts=(("Left", (f"{pack.balance}",)), ("Pack", (pack.reference,))),
        next_steps=(_RENEW,),
        path=_PAGE,
        button="Renew",
    )


def purchase_over(note: Note) -> Letter:
    """To the mentee: a pack was not paid in time."""
    assert note.happening is not None  # noqa: S101 - these letters tell of its events
    purchase = note.happening.purchase
    if purchase.status != purchase.Status.EXPIRED:
        raise OutOfDate("It was paid late.")
    mentor = _mentor(purchase.mentorship)
    price = money.display(purchase.price_minor, purchase.currency)
    return Letter(
        subject=f"Not bought: the pack with {mentor} was not paid in time",
        news=f"The seat we held for you with {mentor} is free again.",
        facts=(("Pack", (f"{purchase.sessions} sessions, {price}",)),),
        next_steps=("It was not paid in time, so nothing is bought and nothing is to pay.",),
        path=f"/mentors/{purchase.mentorship.mentor.handle}",
        button="Choose again",
    )


def seat_gone(note: Note) -> Letter:
    """To the mentee: the seat is somebody else's now."""
    assert note.happening is not None  # noqa: S101 - these letters tell of its events
    seat = note.happening.seat
    if note.event.from_state == Seat.Status.HELD:
        raise OutOfDate("It was only held; the purchase tells it.")
    if seat.mentorship.seats.filter(status__in=Seat.LIVE).exists():
        raise OutOfDate("They have a seat again.")
    mentor = _mentor(seat.mentorship)
    return Letter(
        subject=f"Your seat with {mentor} is free again",
        news=f"Your seat with {mentor} is no longer kept for you.",
        next_steps=("With a new pack you get one again, if one is free.",),
        path=f"/mentors/{seat.mentorship.mentor.handle}",
        button="See the packs",
    )
