"""Who came to a group session, marked by its host person by person (SPEC §8)."""

from datetime import datetime

from django.db import transaction

from openmentor.base import references
from openmentor.base.errors import NotFound
from openmentor.booking import group_permits, groups, places
from openmentor.booking.lifecycle import BOOKING
from openmentor.booking.models import Booking
from openmentor.people.models import Person


@transaction.atomic
def mark(reference: str, *, booking: str, came: bool, by: Person, now: datetime) -> Booking:
    """The host says whether the person with this booking came; saying it again changes nothing.

    Refuses `not_found`, `not_allowed` (not the host), `not_possible` (not started, or no place)
    and `too_late` (72 hours after the end).
    """
    session = groups.glimpse(reference, for_=by)
    group_permits.demand_attendance_markable(session, by, now)
    places.locked(session.pk)
    place = (
        session.bookings.select_related("mentee")
        .filter(reference=references.normalised(booking, "BOOKING"))
        .first()
    )
    if place is None:
        raise NotFound("There is no such participant.")
    after = Booking.Status.ATTENDED if came else Booking.Status.NO_SHOW
    if place.status != after:
        BOOKING.move(place, after, by=by.pk, at=now)
    return place
