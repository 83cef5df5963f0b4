"""Open requests: what mentees need and post to all mentors (SPEC §7)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now

from openmentor.base import references
from openmentor.booking.models.ranges import OVERLAPS, same
from openmentor.booking.models.sessions import Session
from openmentor.booking.visibility import OpenRequestQuerySet
from openmentor.mentors.models import Mentor

DURATIONS: tuple[int, ...] = (30, 45, 60)
"""How many minutes an open request can ask for."""


def new_open_request_reference() -> str:
    """A fresh public id of an open request."""
    return references.fresh("REQUEST")


class OpenRequest(models.Model):
    """A need that a mentee posts to all mentors; the first to claim it schedules it."""

    class Kind(models.TextChoices):
        INTERVIEW_PREP = "interview_prep", "Interview preparation"
        SKILL_LEARNING = "skill_learning", "Learning a skill"
        RESUME_REVIEW = "resume_review", "Résumé review"
        CAREER_ADVICE = "career_advice", "Career advice"
        TECHNICAL_HELP = "technical_help", "Technical help"
        PORTFOLIO_REVIEW = "portfolio_review", "Portfolio review"
        OTHER = "other", "Something else"

    class Format(models.TextChoices):
        VIDEO = "video", "Video call"
        PHONE = "phone", "Phone call"

    class Urgency(models.TextChoices):
        LOW = "low"
        NORMAL = "normal"
        HIGH = "high"

    class Status(models.TextChoices):
        OPEN = "open"
        CLAIMED = "claimed"
        SCHEDULED = "scheduled"
        COMPLETED = "completed"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    CURRENT: ClassVar = (Status.OPEN, Status.CLAIMED, Status.SCHEDULED)

    reference = models.CharField(
        max_length=20, unique=True, default=new_open_request_reference, editable=False
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="open_requests"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=100)
    description = models.TextField(max_length=2000, blank=True)
    format = models.CharField(max_length=5, choices=Format, default=Format.VIDEO)
    duration_minutes = models.PositiveSmallIntegerField()
    urgency = models.CharField(max_length=6, choices=Urgency, default=Urgency.NORMAL)
    urgency_rank = models.GeneratedField(
        expression=Case(
            When(urgency="high", then=Value(2)),
            When(urgency="normal", then=Value(1)),
            default=Value(0),
            output_field=models.PositiveSmallIntegerField(),
        ),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    language = models.CharField(max_length=40, blank=True, help_text="to meet in; empty: any")
    ends_at = models.DateTimeField(help_text="when the last window is over")
    claimed_by = models.ForeignKey(
        Mentor, models.PROTECT, null=True, blank=True, related_name="claims"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    session = models.OneToOneField(
        Session, models.PROTECT, null=True, blank=True, related_name="open_request"
    )
    revision = models.PositiveIntegerField(default=0, help_text="grows with each change to show")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OpenRequestQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["-urgency_rank", "created_at", "reference"],
                name="open_request_on_the_board",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["ends_at"],
                name="open_request_still_to_expire",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["lease_until"],
                name="open_request_still_to_lapse",
                condition=Q(status="claimed"),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(duration_minutes__in=DURATIONS),
                name="open_request_has_a_duration_on_offer",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("claimed", "scheduled", "completed"))
                | Q(claimed_by__isnull=False),
                name="open_request_claimed_has_a_mentor",
            ),
            models.CheckConstraint(
                condition=Q(status="claimed", lease_until__isnull=False)
                | (~Q(status="claimed") & Q(lease_until=None)),
                name="open_request_has_a_lease_while_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("open", "expired")) | Q(claimed_by=None),
                name="open_request_on_the_board_is_nobodys",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("scheduled", "completed")) | Q(session__isnull=False),
                name="open_request_scheduled_has_a_session",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("open", "claimed", "expired")) | Q(session=None),
                name="open_request_has_no_session_before",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class OpenRequestWindow(models.Model):
    """A stretch of time in which the mentee can meet: half-open, in UTC."""

    request = models.ForeignKey(OpenRequest, models.CASCADE, related_name="windows")
    during = DateTimeRangeField()

    class Meta:
        ordering = ("during",)
        constraints = (
            ExclusionConstraint(
                name="open_request_windows_do_not_overlap",
                expressions=[(same("request"), OVERLAPS), ("during", OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False, during__lower_inf=False, during__upper_inf=False
                ),
                name="open_request_window_is_a_stretch_of_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.during.lower}/{self.during.upper}"
