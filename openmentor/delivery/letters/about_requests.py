"""Letters about requests to one mentor, and about open requests to all of them."""

from datetime import datetime

from openmentor.booking import directory
from openmentor.booking.acceptance import TAKEN_MEANWHILE
from openmentor.booking.models import OpenRequest, Session
from openmentor.delivery.letters.about_sessions import facts, path
from openmentor.delivery.letters.letter import Letter, Note, OutOfDate

MOST_SIMILAR = 3


def _demand_waiting(note: Note) -> None:
    if note.session.status != Session.Status.PENDING:
        raise OutOfDate(f"The request is {note.session.status}.")
    if note.now >= note.session.request.answer_by:
        raise OutOfDate("The time to answer is over.")


def asked(note: Note) -> Letter:
    """To the mentor: somebody asks for a session."""
    _demand_waiting(note)
    session = note.session
    return Letter(
        subject=f"{note.other} asks for {session.title}, {note.at(session.starts_at)}",
        news=f"{note.other} asks you for a session.",
        quote=session.request.message,
        facts=facts(note, ("Answer by", note.at(session.request.answer_by))),
        next_steps=("Accept it, decline it, or propose other times.",),
        path=path(session),
        button="Answer",
        about_at=session.starts_at,
    )


def asked_for_you(note: Note) -> Letter:
    """To the mentee: the request is on its way."""
    _demand_waiting(note)
    session = note.session
    return Letter(
        subject=f"Asked: {session.title} with {note.other}, {note.at(session.starts_at)}",
        news=f"We passed your request on to {note.other}.",
        facts=facts(note, ("Answer by", note.at(session.request.answer_by))),
        next_steps=("We write to you as soon as there is an answer.",),
        path=path(session),
        button="Open the request",
        about_at=session.starts_at,
    )


def still_waiting(note: Note) -> Letter:
    """To the mentor: a request has waited for a day."""
    _demand_waiting(note)
    session = note.session
    return Letter(
        subject=f"{note.other} waits for your answer: {session.title}",
        news=f"{note.other} still waits for your answer.",
        quote=session.request.message,
        facts=facts(note, ("Answer by", note.at(session.request.answer_by))),
        next_steps=("Without an answer by then, the request ends by itself.",),
        path=path(session),
        button="Answer",
        about_at=session.starts_at,
    )


def other_times(note: Note) -> Letter:
    """To the mentee: the mentor proposes other times."""
    _demand_waiting(note)
    session = note.session
    times = tuple(note.at(starts_at) for starts_at in session.request.proposed)
    if not times:
        raise OutOfDate("Nothing is proposed any more.")
    wanted, *rest = facts(note, ("Pick by", note.at(session.request.answer_by)))
    return Letter(
        subject=f"{note.other} proposes other times for {session.title}",
        news=f"{note.other} cannot make it then, and proposes other times.",
        facts=(wanted, ("Proposed", times), *rest[1:]),
        next_steps=("Pick one, and it is booked.",),
        path=path(session),
        button="Pick a time",
    )


def turned_down(note: Note) -> Letter:
    """To the mentee: no, with the reason and what else is free."""
    session = note.session
    if session.status != Session.Status.REJECTED:
        raise OutOfDate(f"The request is {session.status}.")
    free = (note.at(datetime.fromisoformat(each["start"])) for each in session.request.alternatives)
    gone = session.cancel_reason == TAKEN_MEANWHILE
    news = (
        f"Your request to {note.other} cannot be met: the time was taken meanwhile."
        if gone
        else f"{note.other} cannot take your request."
    )
    more = (("Still free", times),) if (times := tuple(free)) else ()
    return Letter(
        subject=f"Declined: {session.title} with {note.other}",
        news=news,
        quote="" if gone else session.cancel_reason,
        facts=(*facts(note), *more),
        next_steps=("You can ask for another time, or find another mentor.",),
        path=path(session) if more else f"/mentors/{session.mentor.handle}/book",
        button="Take one of these times" if more else "See free times",
    )


def unanswered(note: Note) -> Letter:
    """To both: the time to answer is over."""
    session = note.session
    if session.status != Session.Status.EXPIRED:
        raise OutOfDate(f"The request is {session.status}.")
    if note.is_mentor:
        news = f"The request of {note.other} ended without an answer."
        step = "If you are away, pause your profile, so that nobody waits in vain."
        more: tuple[tuple[str, tuple[str, ...]], ...] = ()
    else:
        news = f"Your request to {note.other} ended without an answer."
        step = "You can ask again, or one of those who help with the same."
        similar = directory.similar(session.mentor, most=MOST_SIMILAR, now=note.now)
        names = tuple(card.mentor.person.name for card in similar)
        more = (("Similar mentors", names),) if names else ()
    return Letter(
        subject=f"Not answered: {session.title} with {note.other}",
        news=news,
        facts=(*facts(note), *more),
        next_steps=(step,),
        path=path(session),
        button="Open the request",
    )


def _open_request(note: Note, *statuses: str) -> OpenRequest:
    assert note.happening is not None  # noqa: S101 - these letters tell of its events
    request = note.happening.open_request
    if request.status not in statuses:
        raise OutOfDate(f"The open request is {request.status}.")
    return request


def _page(request: OpenRequest) -> str:
    return f"/requests/{request.reference}"


def claimed(note: Note) -> Letter:
    """To the mentee: a mentor took the open request on."""
    request = _open_request(note, OpenRequest.Status.CLAIMED)
    assert request.claimed_by is not None  # noqa: S101 - open_request_claimed_has_a_mentor
    return Letter(
        subject=f"Somebody helps: {request.title}",
        news=f"{request.claimed_by.person.name} took on your open request “{request.title}”.",
        next_steps=("A time inside your windows follows within two days.",),
        path=_page(request),
        button="Open the request",
    )


def back_on_the_board(note: Note) -> Letter:
    """To the mentee: the mentor gave the open request back, or let it lie."""
    request = _open_request(note, OpenRequest.Status.OPEN)
    return Letter(
        subject=f"Back on the board: {request.title}",
        news=f"No time was found yet, so “{request.title}” is open to all mentors again.",
        next_steps=("More or other windows make it easier to find a time.",),
        path=_page(request),
        button="Open the request",
    )


def claim_over(note: Note) -> Letter:
    """To the mentor whose claim ran out."""
    request = _open_request(note, OpenRequest.Status.OPEN)
    if note.event.actor_id is not None:
        raise OutOfDate("They gave it back themselves.")
    return Letter(
        subject=f"Your claim is over: {request.title}",
        news=f"“{request.title}” is open to all mentors again: no time was found in two days.",
        path="/board",
        button="Open the board",
    )


def need_withdrawn(note: Note) -> Letter:
    """To the mentor who had claimed it: the mentee took the open request back."""
    request = _open_request(note, OpenRequest.Status.CANCELLED)
    if request.session_id is not None:
        raise OutOfDate("They hear of the session.")
    return Letter(
        subject=f"Taken back: {request.title}",
        news=f"{request.mentee.name} took the open request “{request.title}” back.",
        quote=note.event.why,
        path="/board",
        button="Open the board",
    )


def need_expired(note: Note) -> Letter:
    """To the mentee: all windows are over."""
    request = _open_request(note, OpenRequest.Status.EXPIRED)
    return Letter(
        subject=f"No time was found: {request.title}",
        news=f"All times you offered for “{request.title}” are over, and nobody took it on.",
        next_steps=("Post it again with more times, or ask a mentor directly.",),
        path="/requests/new",
        button="Post it again",
    )
