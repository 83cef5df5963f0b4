"""What a host tells all who have a place in a group session."""

from datetime import datetime

from django.db import transaction

from openmentor.base import events
from openmentor.base.errors import Invalid, NotPossible
from openmentor.booking import group_permits, groups
from openmentor.booking.models import Booking, GroupMessage, Session
from openmentor.booking.texts import said
from openmentor.people.models import Person

LONGEST = 2000


@transaction.atomic
def send(reference: str, *, text: str, by: Person, now: datetime) -> GroupMessage:
    """A message to all who have a place now; they read it on the session's page.

    Refuses `not_found`, `not_allowed` (not the host), `invalid` (empty or too long) and
    `not_possible` (nobody has a place, or the session is cancelled).
    """
    session = groups.glimpse(reference, for_=by)
    group_permits.demand_host(session, by)
    text = said(text, field="text", most=LONGEST)
    if not text:
        raise Invalid.field("text", "Please write something.")
    if session.status == Session.Status.CANCELLED:
        raise NotPossible("This session is cancelled; everybody has been told.")
    count = session.bookings.filter(status__in=Booking.HAVING_A_PLACE).count()
    if not count:
        raise NotPossible("Nobody has a place yet, so nobody would read it.")
    message = GroupMessage.objects.create(group=session.group, author=by, text=text, created_at=now)
    events.record(
        "session.message_sent",
        subject="session",
        subject_id=session.pk,
        actor_id=by.pk,
        at=now,
        message=message.pk,
        readers=count,
    )
    return message
