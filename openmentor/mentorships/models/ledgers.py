"""The ledger of every pack: each change of its balance, written once and never changed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmentor.mentorships.models.packs import Pack, Purchase


class PackEntry(models.Model):
    """So many sessions more or fewer, and why. The pack's balance is the sum of these.

    `booking_id` is a key without a foreign key: bookings are a floor above.
    """

    class Kind(models.TextChoices):
        BUY = "buy"
        SPEND = "spend"
        RETURN = "return"
        EXPIRE = "expire"
        REFUND = "refund"

    FOR_A_BOOKING: ClassVar = (Kind.SPEND, Kind.RETURN)

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="entries")
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=6, choices=Kind)
    sessions = models.SmallIntegerField()
    booking_id = models.BigIntegerField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "pack entries"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["booking_id"], condition=Q(kind="spend"), name="pack_pays_a_booking_once"
            ),
            models.UniqueConstraint(
                fields=["booking_id"],
                condition=Q(kind="return"),
                name="pack_session_is_returned_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="spend", sessions=-1, booking_id__isnull=False)
                | Q(kind="return", sessions=1, booking_id__isnull=False)
                | Q(kind="buy", sessions__gt=0, booking_id=None)
                | Q(kind__in=("expire", "refund"), sessions__lt=0, booking_id=None),
                name="pack_entry_counts_as_its_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.sessions:+}"
