"""Bookings: the places that mentees have in sessions."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from openmentor.base import references
from openmentor.booking.models.ranges import OVERLAPS, same
from openmentor.booking.models.sessions import Session
from openmentor.booking.visibility import BookingQuerySet
from openmentor.mentors.models import Mentor
from openmentor.mentorships.models import Pack


def new_booking_reference() -> str:
    """A fresh public id of a booking."""
    return references.fresh("BOOKING")


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
    place = models.PositiveIntegerField(
        default=1,
        db_default=1,
        null=True,
        blank=True,
        help_text="empty in groups: there the session counts",
    )
    payment_status = models.CharField(
        max_length=20, choices=PaymentStatus, default=PaymentStatus.FREE
    )
    payment_mode = models.CharField(max_length=10, choices=PaymentMode, default=PaymentMode.NONE)
    payment_reference = models.CharField(max_length=20, blank=True, help_text="what settled it")
    pack = models.ForeignKey(Pack, models.PROTECT, null=True, blank=True, related_name="bookings")
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
                    (same("mentee"), OVERLAPS),
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
                condition=Q(amount_minor__gt=0) | Q(payment_status="free") | Q(payment_mode="pack"),
                name="booking_without_price_is_free",
            ),
            models.CheckConstraint(
                condition=~Q(payment_reference="")
                | ~Q(payment_status__in=("paid", "refunded", "partially_refunded"))
                | Q(payment_mode="pack"),
                name="booking_paid_names_its_payment",
            ),
            models.CheckConstraint(
                condition=Q(
                    payment_mode="pack", pack__isnull=False, payment_status="paid", amount_minor=0
                )
                | (~Q(payment_mode="pack") & Q(pack=None)),
                name="booking_by_pack_names_its_pack",
            ),
            models.CheckConstraint(
                condition=Q(hold_until__isnull=False) | ~Q(status="held"),
                name="booking_held_has_an_end",
            ),
        )

    def __str__(self) -> str:
        return self.reference
