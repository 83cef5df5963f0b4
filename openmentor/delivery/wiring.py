"""What follows from each event: the one table. What nothing follows from says why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from openmentor.base import events
from openmentor.base.models import Event
from openmentor.delivery import happenings, meetings, messages, reminders
from openmentor.delivery.happenings import Happening
from openmentor.people.models import Person

log = structlog.get_logger(__name__)

Who = Callable[[Happening], list[Person]]
Reaction = Callable[[Happening, datetime], None]


@dataclass(frozen=True, slots=True)
class Tell:
    """The reaction that writes to these people, and notifies them of what others did."""

    kind: str
    who: Who

    def __call__(self, happening: Happening, now: datetime) -> None:
        """Want one message for each."""
        for person in self.who(happening):
            messages.want(self.kind, person, happening=happening, now=now)


def remind(happening: Happening, now: datetime) -> None:
    """Both sides are reminded of a session that takes place, of no other one."""
    assert happening.session is not None  # noqa: S101 - wired to events of sessions and places
    reminders.follow(happening.session, now=now)


def meet(happening: Happening, now: datetime) -> None:
    """A room is made, and follows the session to another time."""
    assert happening.session is not None  # noqa: S101 - wired to events of sessions and places
    meetings.follow(happening.session, now=now)


WIRING: dict[str, tuple[Reaction, ...] | str] = {
    "session.pending": (
        Tell("asked", happenings.mentor),
        Tell("asked_for_you", happenings.mentee),
    ),
    "session.scheduled": "the place in it is what is told: booking.confirmed, booking.held",
    "session.open": (Tell("group_open", happenings.mentor), meet),
    "session.link_failed": (Tell("link_failed", happenings.mentor),),
    "session.full": (Tell("group_full", happenings.mentor),),
    "session.rescheduled": (Tell("moved", happenings.both_sides), remind, meet),
    "session.other_times_proposed": (Tell("other_times", happenings.mentee),),
    "session.answer_reminded": (Tell("still_waiting", happenings.mentor),),
    "session.rejected": (Tell("turned_down", happenings.mentee),),
    "session.expired": (
        Tell("unanswered", happenings.mentor),
        Tell("unanswered", happenings.mentee),
    ),
    "session.cancelled": (
        Tell("called_off", happenings.mentor),
        Tell("called_off", happenings.proposer),
        remind,
    ),
    "session.completed": "both were there",
    "session.no_show": (Tell("missed", happenings.absent),),
    "session.message_sent": (Tell("announced", happenings.participants),),
    "session.changed": "the page says it; another time is session.rescheduled",
    "booking.held": (Tell("accepted_to_pay", happenings.mentee),),
    "booking.confirmed": (
        Tell("booked", happenings.mentee),
        Tell("booked_with_you", happenings.mentor_of_one),
        remind,
        meet,
    ),
    "booking.expired": (
        Tell("hold_ended", happenings.mentee),
        Tell("accepted_not_paid", happenings.mentor),
    ),
    "booking.cancelled": (Tell("place_gone", happenings.mentee), remind),
    "booking.attended": "both were there",
    "booking.no_show": "session.no_show tells it",
    "open_request.open": (
        Tell("back_on_the_board", happenings.who_asked_again),
        Tell("claim_over", happenings.who_had_claimed),
    ),
    "open_request.claimed": (Tell("claimed", happenings.who_asked),),
    "open_request.scheduled": "booking.confirmed tells it",
    "open_request.edited": "the mentee did it, and nobody has claimed it yet",
    "open_request.completed": "it follows its session, which tells it",
    "open_request.cancelled": (Tell("need_withdrawn", happenings.who_claimed),),
    "open_request.expired": (Tell("need_expired", happenings.who_asked),),
    "waiting.waiting": "the person did it, and the page says it",
    "waiting.offered": (Tell("place_offered", happenings.who_waits),),
    "waiting.taken": "booking.confirmed or booking.held follows",
    "waiting.left": "the person did it, or has a place",
    "waiting.expired": (Tell("offer_over", happenings.who_waits),),
    "pack.active": (
        Tell("pack_ready", happenings.pack_mentee),
        Tell("pack_sold", happenings.pack_mentor),
    ),
    "pack.extended": (
        Tell("pack_ready", happenings.pack_mentee),
        Tell("pack_sold", happenings.pack_mentor),
    ),
    "pack.session_spent": "the booking tells it",
    "pack.session_returned": "the cancellation tells it",
    "pack.exhausted": "pack.renewal_reminded tells it",
    "pack.expired": (Tell("pack_over", happenings.pack_mentee),),
    "pack.refunded": "the refund is what is told",
    "pack.renewal_reminded": (Tell("renew", happenings.pack_mentee),),
    "purchase.held": "the buyer is on the page where it is paid",
    "purchase.paid": "the pack tells it: pack.active, pack.extended",
    "purchase.expired": (Tell("purchase_over", happenings.pack_mentee),),
    "seat.held": "the buyer is on the page where it is paid",
    "seat.active": "the pack tells it",
    "seat.grace": "pack.renewal_reminded tells it",
    "seat.released": (Tell("seat_gone", happenings.pack_mentee),),
    "order.created": "the payer is on the page where it is paid",
    "order.paid": "what it paid for is what is told: booking.confirmed",
    "order.failed": "the page says it, and it can be tried again until the hold ends",
    "order.expired": "what it was for is what is told: booking.expired",
    "order.refunded": "the refund is what is told",
    "order.partially_refunded": "the refund is what is told",
    "refund.pending": (Tell("money_comes_back", happenings.payer),),
    "refund.succeeded": (Tell("money_is_back", happenings.payer),),
    "refund.failed": "staff sees it in its list; the payer's money is still to come",
    "mentor.applied": "staff sees it in its list",
    "mentor.approved": (Tell("mentor_approved", happenings.applicant),),
    "mentor.rejected": (Tell("mentor_rejected", happenings.applicant),),
    "mentor.updated": "the mentor did it",
    "mentor.paused": "the mentor did it",
    "mentor.resumed": "the mentor did it",
    "mentor.photo_changed": "the mentor did it",
    "mentor.photo_removed": "the mentor did it",
    "mentor.meeting_place_changed": "the mentor did it",
    "mentor.hours_changed": "the mentor did it",
    "mentor.request_hours_changed": "the mentor did it",
    "session_type.created": "the mentor did it",
    "session_type.updated": "the mentor did it",
    "session_type.deleted": "the mentor did it",
    "pack_offer.created": "the mentor did it",
    "pack_offer.updated": "the mentor did it",
    "payout.paid": "the mentor sees it in their earnings",
    "person.registered": "the address is verified by a mail of its own",
    "person.deactivated": "nobody can sign in to read it",
    "access_token.created": "the person did it, after proving the password",
    "access_token.revoked": "the person did it",
    "message.sent_again": "it is the message",
    "books.agreed": "all is well",
    "books.disagreed": "staff has an alarm on its pages",
}
"""Each event's reactions; or a sentence that says why there are none."""


def react(*, now: datetime, most: int = 200) -> int:
    """React to what has happened since the last time; to how many events."""
    return events.hear(lambda event: _react_to(event, now), most=most)


def _react_to(event: Event, now: datetime) -> None:
    reactions = WIRING.get(event.name)
    if reactions is None:
        log.warning("event_not_wired", name=event.name)
    if not isinstance(reactions, tuple):
        return
    happening = Happening(event)
    for reaction in reactions:
        reaction(happening, now)
