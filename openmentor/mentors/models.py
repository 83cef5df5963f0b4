"""What is offered: mentor profiles with their settings, and session types."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from openmentor.base import money, references


class MentorQuerySet(models.QuerySet["Mentor"]):
    """Mentors by what they may do."""

    def listed(self) -> "MentorQuerySet":
        """Those the public can find: approved (paused ones too; they say so themselves)."""
        return self.filter(status=Mentor.Status.APPROVED, person__is_active=True)


class Mentor(models.Model):
    """A person's mentor profile, prices and booking settings."""

    class Status(models.TextChoices):
        APPLIED = "applied"
        APPROVED = "approved"
        REJECTED = "rejected"

    class RefundPolicy(models.TextChoices):
        FLEXIBLE = "flexible"
        MODERATE = "moderate"
        STRICT = "strict"

    class Confirmation(models.TextChoices):
        INSTANT = "instant"
        APPROVAL = "approval"

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentor")
    handle = models.SlugField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.APPLIED)
    status_reason = models.TextField(blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    headline = models.CharField(max_length=140, blank=True)
    job_title = models.CharField(max_length=100, blank=True)
    bio = models.TextField(max_length=5000, blank=True)
    specialisations = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    photo = models.ImageField(upload_to="photos/", blank=True)
    timezone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    one_on_one_price_minor = models.BigIntegerField(default=0)
    group_price_minor = models.BigIntegerField(default=0)
    max_active_mentees = models.PositiveIntegerField(null=True, blank=True)
    grace_period_days = models.PositiveSmallIntegerField(default=3)
    refund_policy = models.CharField(
        max_length=10, choices=RefundPolicy, default=RefundPolicy.MODERATE
    )
    min_notice_minutes = models.PositiveIntegerField(null=True, blank=True)
    horizon_days = models.PositiveSmallIntegerField(default=60)
    step_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    max_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    max_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    confirmation = models.CharField(
        max_length=10, choices=Confirmation, default=Confirmation.INSTANT
    )
    pending_requests_hold_time = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = MentorQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(one_on_one_price_minor__range=(0, money.LIMIT_MINOR))
                & Q(group_price_minor__range=(0, money.LIMIT_MINOR)),
                name="mentor_prices_are_in_range",
            ),
            models.CheckConstraint(
                condition=Q(horizon_days__range=(1, 365))
                & Q(buffer_before__range=(0, 240))
                & Q(buffer_after__range=(0, 240))
                & (Q(step_minutes=None) | Q(step_minutes__range=(5, 480)))
                & (Q(min_notice_minutes=None) | Q(min_notice_minutes__range=(0, 60 * 24 * 60)))
                & (Q(max_per_day=None) | Q(max_per_day__range=(1, 100)))
                & (Q(max_per_week=None) | Q(max_per_week__range=(1, 500)))
                & Q(grace_period_days__range=(0, 30)),
                name="mentor_booking_settings_are_in_range",
            ),
        )

    def __str__(self) -> str:
        return self.handle

    @property
    def is_paused(self) -> bool:
        """Whether the mentor takes no new bookings for now."""
        return self.paused_at is not None


def new_type_reference() -> str:
    """A fresh public id of a session type."""
    return references.fresh("TYPE")


class SessionType(models.Model):
    """What a mentor offers one-on-one: a title, a duration, a price or free."""

    reference = models.CharField(
        max_length=20, unique=True, default=new_type_reference, editable=False
    )
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="session_types")
    title = models.CharField(max_length=100)
    description = models.TextField(max_length=2000, blank=True)
    duration_minutes = models.PositiveSmallIntegerField()
    price_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = (F("price_minor").asc(), F("duration_minutes").asc(), F("id").asc())
        constraints = (
            models.CheckConstraint(
                condition=Q(duration_minutes__range=(5, 480)), name="session_type_duration_in_range"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__range=(0, money.LIMIT_MINOR)),
                name="session_type_price_in_range",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_free(self) -> bool:
        """Whether a session of this type costs nothing."""
        return self.price_minor == 0
