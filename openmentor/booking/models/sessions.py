"""Sessions: meetings on mentors' calendars."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Now

from openmentor.base import references
from openmentor.booking.models.ranges import OVERLAPS, same
from openmentor.booking.visibility import SessionQuerySet
from openmentor.mentors.models import Mentor, SessionType


def new_session_reference() -> str:
    """A fresh public id of a session."""
    return references.fresh("SESSION")


class Session(models.Model):
    """A meeting on a mentor's calendar: one-on-one (one place) or group (many)."""

    class Mode(models.TextChoices):
        ONE_ON_ONE = "one_on_one"
        GROUP = "group"

    class Origin(models.TextChoices):
        SLOT = "slot"
        REQUEST = "request"
        OPEN_REQUEST = "open_request"
        GROUP = "group"

    class Status(models.TextChoices):
        PENDING = "pending"
        SCHEDULED = "scheduled"
        OPEN = "open"
        FULL = "full"
        COMPLETED = "completed"
        NO_SHOW = "no_show"
        REJECTED = "rejected"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    TAKING_TIME: ClassVar = (Status.SCHEDULED, Status.OPEN, Status.FULL)

    reference = models.CharField(
        max_length=20, unique=True, default=new_session_reference, editable=False
    )
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.ONE_ON_ONE)
    origin = models.CharField(max_length=14, choices=Origin)
    status = models.CharField(max_length=10, choices=Status)
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="sessions")
    session_type = models.ForeignKey(SessionType, models.PROTECT, null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=140)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    occupies = DateTimeRangeField(help_text="the session's time with its buffers")
    holds_time = models.BooleanField(default=False, help_text="takes time while still pending")
    takes_time = models.GeneratedField(
        expression=ExpressionWrapper(
            Q(status__in=TAKING_TIME) | Q(status=Status.PENDING, holds_time=True),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    timezone = models.CharField(max_length=64)
    capacity = models.PositiveIntegerField(default=1)
    places_taken = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="of a group: sold, held or offered to who waits; the database counts them",
    )
    price_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    reschedules = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, help_text="grows with each change to tell")
    accepted_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by_itself = models.BooleanField(default=False)
    absent = models.CharField(max_length=10, blank=True, help_text="which side did not come")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=10, blank=True)
    cancel_reason = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["mentor", "starts_at"], name="session_of_a_mentor"),
            models.Index(
                fields=["ends_at"],
                name="session_still_to_end",
                condition=Q(status__in=("scheduled", "open", "full")),
            ),
            models.Index(
                fields=["starts_at", "id"],
                name="session_group_to_come",
                condition=Q(mode="group", status__in=("open", "full")),
            ),
        )
        constraints = (
            ExclusionConstraint(
                name="session_mentor_is_in_one_place",
                expressions=[(same("mentor"), OVERLAPS), ("occupies", OVERLAPS)],
                condition=Q(takes_time=True),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="session_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(capacity=1) | Q(mode="group"), name="session_one_on_one_has_one_place"
            ),
            models.CheckConstraint(
                condition=Q(places_taken__gte=0, places_taken__lte=F("capacity")),
                name="session_places_are_at_most_its_capacity",
            ),
            models.UniqueConstraint(
                fields=["id", "starts_at", "ends_at"], name="session_time_to_refer_to"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def places_left(self) -> int:
        """How many places of a group session anybody can still have."""
        return self.capacity - self.places_taken
