"""Packs of prepaid sessions, and the purchases that fill them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from openmentor.base import money, references
from openmentor.mentors.models import PackOffer, SessionType
from openmentor.mentorships.models.pairs import Mentorship
from openmentor.mentorships.visibility import PackQuerySet


def new_pack_reference() -> str:
    """A fresh public id of a pack."""
    return references.fresh("PACK")


class Pack(models.Model):
    """Prepaid sessions with one mentor, to be held until a date.

    `bought` and `balance` are the database's own sums of the ledger: nobody writes them.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        EXHAUSTED = "exhausted"
        EXPIRED = "expired"
        REFUNDED = "refunded"

    reference = models.CharField(
        max_length=20, unique=True, default=new_pack_reference, editable=False
    )
    mentorship = models.ForeignKey(Mentorship, models.PROTECT, related_name="packs")
    status = models.CharField(max_length=9, choices=Status)
    bought = models.IntegerField(default=0, editable=False)
    balance = models.IntegerField(default=0, editable=False)
    expires_at = models.DateTimeField()
    renewals = models.PositiveIntegerField(default=0)
    over_at = models.DateTimeField(
        null=True, blank=True, help_text="since when it can no longer be extended"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PackQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["expires_at"], name="pack_to_expire", condition=Q(over_at__isnull=True)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(balance__gte=0), name="pack_balance_is_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(balance__lte=F("bought")),
                name="pack_balance_is_at_most_what_was_bought",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Purchase(models.Model):
    """So many sessions of one type bought at once; what an order of the purpose `pack` is for.

    `unused` is the database's own sum of this purchase's part of the ledger.
    """

    class Status(models.TextChoices):
        HELD = "held"
        PAID = "paid"
        EXPIRED = "expired"

    mentorship = models.ForeignKey(Mentorship, models.PROTECT, related_name="purchases")
    offer = models.ForeignKey(PackOffer, models.PROTECT, related_name="purchases")
    session_type = models.ForeignKey(SessionType, models.PROTECT, related_name="+")
    pack = models.ForeignKey(Pack, models.PROTECT, null=True, blank=True, related_name="purchases")
    status = models.CharField(max_length=7, choices=Status, default=Status.HELD)
    sessions = models.PositiveSmallIntegerField()
    unused = models.IntegerField(default=0, editable=False)
    validity_days = models.PositiveSmallIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(unused__range=(0, F("sessions"))),
                name="purchase_unused_is_a_part_of_it",
            ),
            models.CheckConstraint(
                condition=Q(price_minor__range=(0, money.LIMIT_MINOR), sessions__gte=1),
                name="purchase_is_of_something",
            ),
            models.CheckConstraint(
                condition=Q(status="paid", pack__isnull=False, paid_at__isnull=False)
                | (~Q(status="paid") & Q(pack=None, paid_at=None, unused=0)),
                name="purchase_paid_is_in_a_pack",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sessions} × {self.session_type_id}"
