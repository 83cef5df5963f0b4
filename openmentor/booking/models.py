"""Sessions on mentors' calendars, and the places that mentees have in them.

The constraints here are the law of SPEC §4; each name maps to a refusal in `booking/laws.py`.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Now

from openmentor.base import references
from openmentor.booking.visibility import BookingQuerySet, SessionQuerySet
from openmentor.mentors.models import Mentor, SessionType

OVERLAPS = RangeOperators.OVERLAPS


def _same(column: str) -> Func:
    """A key as a range of itself: the embedded PostgreSQL can exclude on ranges only."""
    return Func(
        F(column),
        F(column),
        Value("[]"),
        function="int8range",
    )


def new_session_reference() -> str:
    """A fresh public id of a session."""
    return references.fresh("SESSION")


def new_booking_reference() -> str:
    """A fresh public id of a booking."""
    return references.fresh("BOOKING")


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
        )
        constraints = (
            ExclusionConstraint(
                name="session_mentor_is_in_one_place",
                expressions=[(_same("mentor"), OVERLAPS), ("occupies", OVERLAPS)],
                condition=Q(takes_time=True),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="session_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(capacity=1) | Q(mode="group"), name="session_one_on_one_has_one_place"
            ),
            models.UniqueConstraint(
                fields=["id", "starts_at", "ends_at"], name="session_time_to_refer_to"
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Booking(models.Model):
    """One mentee's place in a session: its payment, its attendance, its notes."""

    class Status(models.TextChoices):
        HELD = "held"
        CONFIRMED = "confirmed"
        ATTENDED = "attended"
        NO_SHOW = "no_show"
        EXPIRED = "expired"
        CANCELLED = "cancelled"

    class PaymentStatus(models.TextChoices):
        FREE = "free"
        PENDING = "pending"
        PAID = "paid"
        FAILED = "failed"
        REFUNDED = "refunded"
        PARTIALLY_REFUNDED = "partially_refunded"

    class PaymentMode(models.TextChoices):
        NONE = "none"
        PACK = "pack"
        MOCK = "mock"
        RAZORPAY = "razorpay"
        STRIPE = "stripe"

    LIVE: ClassVar = (Status.HELD, Status.CONFIRMED)
    HAVING_A_PLACE: ClassVar = (Status.HELD, Status.CONFIRMED, Status.ATTENDED, Status.NO_SHOW)

    reference = models.CharField(
        max_length=20, unique=True, default=new_booking_reference, editable=False
    )
    session = models.ForeignKey(Session, models.PROTECT, related_name="bookings")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bookings")
    status = models.CharField(max_length=10, choices=Status)
    starts_at = models.DateTimeField(help_text="the session's; the database keeps it so")
    ends_at = models.DateTimeField(help_text="the session's; the database keeps it so")
    place = models.PositiveIntegerField(default=1)
    payment_status = models.CharField(
        max_length=20, choices=PaymentStatus, default=PaymentStatus.FREE
    )
    payment_mode = models.CharField(max_length=10, choices=PaymentMode, default=PaymentMode.NONE)
    payment_reference = models.CharField(max_length=20, blank=True, help_text="what settled it")
    amount_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    refund_policy = models.CharField(max_length=10, choices=Mentor.RefundPolicy)
    hold_until = models.DateTimeField(null=True, blank=True)
    notes = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["mentee", "starts_at"], name="booking_of_a_mentee"),)
        constraints = (
            ExclusionConstraint(
                name="booking_mentee_is_in_one_place",
                expressions=[
                    (_same("mentee"), OVERLAPS),
                    (
                        Func(F("starts_at"), F("ends_at"), function="tstzrange"),
                        OVERLAPS,
                    ),
                ],
                condition=Q(status__in=("held", "confirmed")),
            ),
            models.UniqueConstraint(
                fields=["session", "place"],
                condition=Q(status__in=("held", "confirmed", "attended", "no_show")),
                name="booking_place_is_sold_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) | Q(payment_status="free"),
                name="booking_without_price_is_free",
            ),
            models.CheckConstraint(
                condition=~Q(payment_reference="")
                | ~Q(payment_status__in=("paid", "refunded", "partially_refunded"))
                | Q(payment_mode="pack"),
                name="booking_paid_names_its_payment",
            ),
            models.CheckConstraint(
                condition=Q(hold_until__isnull=False) | ~Q(status="held"),
                name="booking_held_has_an_end",
            ),
        )

    def __str__(self) -> str:
        return self.reference
