"""The moment a request becomes a session, and what that means for those that wanted its time."""

from datetime import datetime, timedelta

from openmentor.base import locks
from openmentor.base.errors import refusing
from openmentor.booking import calendar, prepaid, settlement, slots
from openmentor.booking import diary as diaries
from openmentor.booking.clashes import clashing
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import BOOKING, SESSION
from openmentor.booking.models import Booking, Request, Session
from openmentor.booking.refusals import YouAreBusy
from openmentor.mentorships.models import Purchase
from openmentor.payments import providers
from openmentor.people.models import Person

PAY_WITHIN = timedelta(hours=24)
TAKEN_MEANWHILE = "taken meanwhile"
_AROUND = timedelta(days=366)


def schedule(session: Session, *, by: Person, now: datetime) -> None:
    """Turn a pending session into a scheduled one, with its mentee's booking.

    The caller judged it and holds the mentor's calendar. Refuses `time_taken`, `you_are_busy`, and
    what `choice.choose` does if a pack was to pay and cannot any more.
    """
    mentee = session.requested_by
    assert mentee is not None  # noqa: S101 - a pending session was proposed by somebody
    locks.hold(locks.PERSON_CALENDAR, mentee.pk)
    calendar.demand_free(
        session.mentor,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        besides=session.pk,
    )
    if clashing(mentee, starts_at=session.starts_at, ends_at=session.ends_at, besides=session.pk):
        raise YouAreBusy(f"{mentee.first_name} has another session at that time by now.")
    purchase = prepaid.asked_for(session, mentee)
    session.accepted_at = now
    session.revision += 1
    with refusing(LAWS):
        SESSION.move(
            session,
            Session.Status.SCHEDULED,
            by=by.pk,
            at=now,
            also=["accepted_at", "revision"],
        )
        booking = _booking(session, mentee, purchase, now=now)
    BOOKING.begin(booking, by=by.pk, at=now)
    if purchase is not None:
        prepaid.pay(booking, purchase, by=by.pk, now=now)
    if booking.amount_minor:
        settlement.open_order(booking, provider=providers.usual(), now=now)
    _turn_down_the_others(session, now=now)


def turn_down(session: Session, *, by: int | None, why: str, now: datetime) -> None:
    """A request is rejected, by its mentor or because its time is gone."""
    session.cancel_reason = why
    session.revision += 1
    SESSION.move(
        session,
        Session.Status.REJECTED,
        by=by,
        at=now,
        why=why,
        also=["cancel_reason", "revision"],
    )


def _booking(
    session: Session, mentee: Person, purchase: Purchase | None, *, now: datetime
) -> Booking:
    until = min(now + PAY_WITHIN, session.starts_at)
    return Booking.objects.create(
        session=session,
        mentee=mentee,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        currency=session.currency,
        refund_policy=session.mentor.refund_policy,
        notes=session.request.message,
        created_at=now,
        **prepaid.columns(purchase, price_minor=session.price_minor, hold_until=until),
    )


def _turn_down_the_others(session: Session, *, now: datetime) -> None:
    """Reject the pending requests that wanted some of this time, each with three alternatives."""
    losers = list(
        Session.objects.select_for_update(of=("self",))
        .filter(
            mentor_id=session.mentor_id,
            status=Session.Status.PENDING,
            occupies__overlap=session.occupies,
        )
        .exclude(pk=session.pk)
        .order_by("pk")
    )
    if not losers:
        return
    diary = diaries.read(mentor_id=session.mentor_id, first=now, last=now + _AROUND)
    for loser in losers:
        minutes = (loser.ends_at - loser.starts_at) // timedelta(minutes=1)
        Request.objects.filter(session=loser).update(
            alternatives=slots.alternatives(diary, loser.starts_at, minutes=minutes, now=now)
        )
        turn_down(loser, by=None, why=TAKEN_MEANWHILE, now=now)
