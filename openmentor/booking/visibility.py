"""Who may see what: every page and list fetches through `visible_to`; the rest does not exist."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from openmentor.base import references
from openmentor.people.models import Person

if TYPE_CHECKING:
    from openmentor.booking.models import (  # noqa: F401 - the generics name them
        Booking,
        OpenRequest,
        Session,
    )

_TAKING_TIME = ("scheduled", "open", "full")
_HAVING_A_PLACE = ("held", "confirmed", "attended", "no_show")


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions, by who may see them and by when they are."""

    def visible_to(self, person: Person) -> "SessionQuerySet":
        """The sessions of which this person is the mentor, a mentee or the proposer; staff: all."""
        if person.is_staff:
            return self
        return self.of(person)

    def of(self, person: Person) -> "SessionQuerySet":
        """The sessions this person takes part in, on either side."""
        return self.given_by(person) | self.taken_by(person)

    def given_by(self, person: Person) -> "SessionQuerySet":
        """The sessions of which this person is the mentor."""
        return self.filter(mentor__person=person)

    def taken_by(self, person: Person) -> "SessionQuerySet":
        """The sessions in which this person is a mentee, or which they proposed."""
        booked = Exists(person.bookings.filter(session=OuterRef("pk")))
        return self.filter(Q(requested_by=person) | Q(booked))

    def left_by(self, person: Person) -> "SessionQuerySet":
        """The group sessions in which this person had a place and has none any more."""
        places = person.bookings.filter(session=OuterRef("pk"))
        has_one = Exists(places.filter(status__in=_HAVING_A_PLACE))
        return self.filter(Exists(places), ~has_one, mode="group")

    def with_both_sides(self, *, seen_by: Person | None = None) -> "SessionQuerySet":
        """The same, with the mentor and the mentees loaded: one query more, however many.

        With `seen_by`, of the others in a group only its host and staff get to know.
        """
        bookings = cast("type[Booking]", self.model._meta.get_field("bookings").related_model)
        known = bookings.objects.select_related("mentee", "pack").order_by("pk")
        if seen_by is not None and not seen_by.is_staff:
            theirs = Q(mentee=seen_by) | Q(session__mentor__person=seen_by)
            known = known.filter(~Q(session__mode="group") | theirs)
        places = Prefetch("bookings", known)
        loaded = self.select_related(
            "mentor__person", "session_type", "requested_by", "request__pack"
        )
        return loaded.prefetch_related(places)

    def accepted(self) -> "SessionQuerySet":
        """Requests that the mentor accepted, and that are to come."""
        return self.filter(status="scheduled", accepted_at__isnull=False)

    def upcoming(self, now: datetime) -> "SessionQuerySet":
        """Those that will take place, or are taking place, soonest first."""
        return self.filter(status__in=_TAKING_TIME, ends_at__gt=now).order_by("starts_at", "id")

    def past(self, now: datetime) -> "SessionQuerySet":
        """Those that took place or whose time is over, latest first."""
        over = Q(status__in=("completed", "no_show")) | Q(status__in=_TAKING_TIME, ends_at__lte=now)
        return self.filter(over).order_by("-starts_at", "-id")

    def cancelled(self, *, besides: Q | None = None) -> "SessionQuerySet":
        """Those that will not take place, and those that match `besides`, latest first."""
        over = Q(status__in=("cancelled", "rejected", "expired"))
        return self.filter(over if besides is None else over | besides).order_by(
            "-starts_at", "-id"
        )

    def unconfirmed(self) -> "SessionQuerySet":
        """Those that wait for the mentor's yes, soonest first."""
        return self.filter(status="pending").order_by("starts_at", "id")


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings, by who may see them."""

    def visible_to(self, person: Person) -> "BookingQuerySet":
        """The person's own, and those in the person's sessions as mentor; staff: all."""
        if person.is_staff:
            return self
        return self.filter(Q(mentee=person) | Q(session__mentor__person=person))


class OpenRequestQuerySet(models.QuerySet["OpenRequest"]):
    """Open requests, by who may see them and by where they stand."""

    def named(self, reference: str) -> "OpenRequestQuerySet":
        """The one of this public id, in any case, if there is one."""
        return self.filter(reference=references.normalised(reference, "REQUEST"))

    def visible_to(self, person: Person) -> "OpenRequestQuerySet":
        """The person's own; for mentors also those on the board and those they claimed.

        Staff see all.
        """
        if person.is_staff:
            return self
        theirs = Q(mentee=person) | Q(claimed_by__person=person)
        if person.is_mentor and person.mentor.status == "approved":
            theirs |= Q(status="open")
        return self.filter(theirs)

    def on_the_board(self, now: datetime) -> "OpenRequestQuerySet":
        """Those that can be claimed, the most urgent first, then the oldest."""
        return self.filter(status="open", ends_at__gt=now).order_by(
            "-urgency_rank", "created_at", "reference"
        )

    def current(self) -> "OpenRequestQuerySet":
        """Those that are not over yet, newest first."""
        return self.filter(status__in=("open", "claimed", "scheduled")).order_by("-created_at")

    def over(self) -> "OpenRequestQuerySet":
        """Those that are over, newest first."""
        return self.filter(status__in=("completed", "cancelled", "expired")).order_by("-created_at")

    def with_all_sides(self) -> "OpenRequestQuerySet":
        """The same, with both people, the session and the windows loaded: one query more."""
        loaded = self.select_related("mentee", "claimed_by__person", "session")
        return loaded.prefetch_related("windows")
