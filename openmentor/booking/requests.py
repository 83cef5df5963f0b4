"""Requests: a mentee proposes a time to one mentor, who decides (SPEC §6).

A request is a session that is still `pending`. What happens to it is judged under the mentor's
calendar lock, so of several answers, withdrawals and bookings at once exactly one comes first.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from openmentor.base import events, locks
from openmentor.base.errors import Invalid, refusing
from openmentor.booking import acceptance, calendar, permits, sessions, slots
from openmentor.booking.clashes import demand_unoccupied
from openmentor.booking.laws import LAWS
from openmentor.booking.lifecycle import SESSION
from openmentor.booking.models import Request, Session
from openmentor.booking.occupancy import occupied
from openmentor.booking.refusals import (
    MentorUnavailable,
    OwnProfile,
    PaymentNotPossible,
    TooFar,
    TooManyRequestsPending,
    TooSoon,
)
from openmentor.booking.slots import ANSWER_BEFORE
from openmentor.booking.terms import Terms
from openmentor.booking.texts import said
from openmentor.mentors.models import Mentor
from openmentor.mentorships.models import Pack
from openmentor.payments import providers
from openmentor.people import people
from openmentor.people.models import Person

ANSWER_WITHIN = timedelta(hours=48)
REMIND_AFTER = timedelta(hours=24)
FURTHEST = timedelta(days=366)
MOST_PENDING = 3
MOST_PROPOSED = 3
LONGEST_MESSAGE = 2000
LONGEST_REASON = 1000


def propose(
    mentee: Person,
    *,
    handle: str,
    starts_at: datetime,
    session_type: str = "",
    minutes: int | None = None,
    message: str = "",
    now: datetime,
) -> Session:
    """Propose any time to come to a mentor; the session comes back pending.

    What it is and costs: the session type's, or the mentor's hourly price × `minutes`. Refuses
    `invalid` words or lengths, `email_not_verified`, `not_found`, `own_profile`,
    `mentor_unavailable`, `session_type_unavailable`, `too_soon` (within two hours), `too_far`,
    `too_many_requests_pending`, `time_taken` (with alternatives) and `you_are_busy`.
    """
    message = said(message, field="message", most=LONGEST_MESSAGE)
    people.demand_verified(mentee)
    terms = Terms.of(handle, session_type=session_type, minutes=minutes)
    with slots.suggesting(handle=handle, wanted=starts_at, minutes=terms.minutes, now=now):
        return _propose(mentee, terms, starts_at=starts_at, message=message, now=now)


@transaction.atomic
def _propose(
    mentee: Person, terms: Terms, *, starts_at: datetime, message: str, now: datetime
) -> Session:
    mentor = terms.mentor
    locks.hold(locks.MENTOR_CALENDAR, mentor.pk)
    locks.hold(locks.PERSON_CALENDAR, mentee.pk)
    ends_at = starts_at + timedelta(minutes=terms.minutes)
    _demand_proposable(mentee, mentor, terms, starts_at=starts_at, now=now)
    calendar.demand_free(mentor, starts_at=starts_at, ends_at=ends_at)
    demand_unoccupied(mentee, starts_at=starts_at, ends_at=ends_at)
    with refusing(LAWS):
        return write(mentee, terms, starts_at=starts_at, message=message, now=now)


def write(
    mentee: Person,
    terms: Terms,
    *,
    starts_at: datetime,
    message: str,
    pack: Pack | None = None,
    now: datetime,
) -> Session:
    """Put a request into the calendar, in the transaction of whoever judged it.

    It takes time only if the mentor lets pending requests hold it. `pack` is what pays for the
    session once it is accepted.
    """
    demand_room_for_one_more(mentee, terms.mentor)
    session = _pending(mentee, terms, starts_at=starts_at, is_prepaid=pack is not None, now=now)
    Request.objects.create(
        session=session,
        pack=pack,
        message=message,
        answer_by=_deadline(starts_at, now),
        remind_at=now + REMIND_AFTER,
    )
    SESSION.begin(session, by=mentee.pk, at=now)
    return session


def _pending(
    mentee: Person, terms: Terms, *, starts_at: datetime, is_prepaid: bool, now: datetime
) -> Session:
    mentor = terms.mentor
    ends_at = starts_at + timedelta(minutes=terms.minutes)
    return Session.objects.create(
        origin=Session.Origin.REQUEST,
        status=Session.Status.PENDING,
        mentor=mentor,
        session_type=terms.session_type,
        requested_by=mentee,
        title=terms.title,
        starts_at=starts_at,
        ends_at=ends_at,
        buffer_before=mentor.buffer_before,
        buffer_after=mentor.buffer_after,
        occupies=occupied(
            starts_at, ends_at, before=mentor.buffer_before, after=mentor.buffer_after
        ),
        holds_time=mentor.pending_requests_hold_time,
        timezone=mentor.timezone,
        price_minor=0 if is_prepaid else terms.price_minor,
        currency=terms.currency,
        created_at=now,
    )


def accept(reference: str, *, by: Person, now: datetime) -> Session:
    """The mentor says yes: the session is scheduled, and held for 24 hours if it is to be paid.

    Other pending requests for that time are turned down with alternatives. Refuses `not_found`,
    `not_allowed` (the mentee), `not_possible`, `too_late` (the deadline), `time_taken`,
    `you_are_busy` (the mentee is, by now).
    """
    with transaction.atomic():
        session = sessions.held(reference, by)
        permits.demand_answerable(session, permits.side_of(session, by), now)
        acceptance.schedule(session, by=by, now=now)
        return sessions.find(reference, for_=by)


def pick(reference: str, *, by: Person, starts_at: datetime, now: datetime) -> Session:
    """The mentee takes one of the times that the mentor proposed; that accepts the request.

    Refuses as `accept` does, and `invalid` for a time that was not proposed.
    """
    with transaction.atomic():
        session = sessions.held(reference, by)
        permits.demand_pickable(session, permits.side_of(session, by), now)
        if starts_at not in session.request.proposed:
            raise Invalid.field("scheduled_at", "The mentor did not propose this time.")
        if starts_at <= now:
            raise TooSoon
        calendar.put(session, starts_at, starts_at + (session.ends_at - session.starts_at))
        acceptance.schedule(session, by=by, now=now)
        return sessions.find(reference, for_=by)


@transaction.atomic
def suggest(reference: str, *, by: Person, times: Sequence[datetime], now: datetime) -> Session:
    """The mentor proposes up to three other times; the mentee has 48 hours to pick one.

    Refuses as `accept` does, and `invalid` for no, too many, past or taken times.
    """
    session = sessions.held(reference, by)
    permits.demand_answerable(session, permits.side_of(session, by), now)
    wanted = sorted(set(times))
    if not 0 < len(wanted) <= MOST_PROPOSED:
        raise Invalid.field("times", "Propose one, two or three times.")
    length = session.ends_at - session.starts_at
    for starts_at in wanted:
        _demand_ahead(starts_at, now=now)
        calendar.demand_free(
            session.mentor, starts_at=starts_at, ends_at=starts_at + length, besides=session.pk
        )
    request = session.request
    request.proposed = wanted
    request.answer_by = _deadline(wanted[-1], now)
    request.remind_at = None
    request.save(update_fields=["proposed", "answer_by", "remind_at"])
    events.record(
        "session.other_times_proposed",
        subject=SESSION.subject,
        subject_id=session.pk,
        actor_id=by.pk,
        at=now,
        from_state=session.status,
        to_state=session.status,
        times=[starts_at.isoformat() for starts_at in wanted],
    )
    return session


@transaction.atomic
def reject(reference: str, *, by: Person, reason: str, now: datetime) -> Session:
    """The mentor says no, with a reason. Refuses as `accept` does, and `invalid` without one."""
    reason = said(reason, field="reason", most=LONGEST_REASON)
    if not reason:
        raise Invalid.field("reason", "Please say why, in a few words.")
    session = sessions.held(reference, by)
    permits.demand_answerable(session, permits.side_of(session, by), now)
    acceptance.turn_down(session, by=by.pk, why=reason, now=now)
    return session


def expire_due(*, now: datetime, most: int = 200) -> int:
    """Requests whose answer did not come in time expire; how many."""
    due = Session.objects.filter(
        status=Session.Status.PENDING, request__answer_by__lte=now
    ).order_by("request__answer_by")
    return sum(_expire(key, now=now) for key in due.values_list("pk", flat=True)[:most])


@transaction.atomic
def _expire(session_id: int, *, now: datetime) -> bool:
    locks.hold(
        locks.MENTOR_CALENDAR,
        Session.objects.values_list("mentor_id", flat=True).get(pk=session_id),
    )
    session = (
        Session.objects.select_for_update(of=("self",)).select_related("request").get(pk=session_id)
    )
    if session.status != Session.Status.PENDING or session.request.answer_by > now:
        return False
    session.revision += 1
    SESSION.move(
        session, Session.Status.EXPIRED, by=None, at=now, why="no answer", also=["revision"]
    )
    return True


def remind_due(*, now: datetime, most: int = 200) -> int:
    """Mentors who have not answered for a day are reminded, once for each request; how many."""
    due = Request.objects.filter(
        remind_at__lte=now, answer_by__gt=now, session__status=Session.Status.PENDING
    ).order_by("remind_at")
    keys = due.values_list("session_id", flat=True)[:most]
    return sum(_remind(key, now=now) for key in keys)


@transaction.atomic
def _remind(session_id: int, *, now: datetime) -> bool:
    waiting = Request.objects.filter(session=session_id, remind_at__isnull=False)
    if not waiting.update(remind_at=None):  # Somebody else was faster.
        return False
    events.record(
        "session.answer_reminded",
        subject=SESSION.subject,
        subject_id=session_id,
        actor_id=None,
        at=now,
    )
    return True


def demand_room_for_one_more(mentee: Person, mentor: Mentor) -> None:
    """At most three pending requests of one mentee to one mentor (`too_many_requests_pending`)."""
    pending = Session.objects.filter(
        mentor=mentor, requested_by=mentee, status=Session.Status.PENDING
    )
    if pending.count() >= MOST_PENDING:
        raise TooManyRequestsPending


def _demand_proposable(
    mentee: Person, mentor: Mentor, terms: Terms, *, starts_at: datetime, now: datetime
) -> None:
    if mentor.person_id == mentee.pk:
        raise OwnProfile
    if not mentor.takes_bookings:
        raise MentorUnavailable
    if terms.price_minor and not providers.enabled():
        raise PaymentNotPossible
    _demand_ahead(starts_at, now=now)


def _demand_ahead(starts_at: datetime, *, now: datetime) -> None:
    if starts_at.second or starts_at.microsecond:
        raise Invalid.field("scheduled_at", "A session starts at a full minute.")
    if starts_at <= now + ANSWER_BEFORE:
        raise TooSoon("Please choose a time that is more than two hours ahead.")
    if starts_at > now + FURTHEST:
        raise TooFar


def _deadline(starts_at: datetime, now: datetime) -> datetime:
    """48 hours from now, or two hours before the time comes, whichever is sooner."""
    return min(now + ANSWER_WITHIN, starts_at - ANSWER_BEFORE)
