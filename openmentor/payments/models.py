"""Orders, the payments that settle them, the refunds that give money back, and the ledger.

An order says by `purpose` and `purpose_id` what it is for; only higher floors can read that.
The constraints here are the law of SPEC §4 about money.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from openmentor.base import money, references
from openmentor.mentors.models import Mentor


def new_order_reference() -> str:
    """A fresh public id of an order."""
    return references.fresh("ORDER")


def new_payment_reference() -> str:
    """A fresh public id of a payment."""
    return references.fresh("PAY")


def new_refund_reference() -> str:
    """A fresh public id of a refund; also the provider's idempotency key."""
    return references.fresh("REFUND")


class Order(models.Model):
    """Something to be paid, by one person, to one mentor, once."""

    class Status(models.TextChoices):
        CREATED = "created"
        PAID = "paid"
        FAILED = "failed"
        EXPIRED = "expired"
        REFUNDED = "refunded"
        PARTIALLY_REFUNDED = "partially_refunded"

    PAYABLE: ClassVar = (Status.CREATED, Status.FAILED)

    reference = models.CharField(
        max_length=20, unique=True, default=new_order_reference, editable=False
    )
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="orders")
    purpose = models.CharField(max_length=20)
    purpose_id = models.BigIntegerField()
    description = models.CharField(max_length=200)
    status = models.CharField(max_length=20, choices=Status, default=Status.CREATED)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    commission_minor = models.BigIntegerField(default=0)
    provider = models.CharField(max_length=10)
    provider_order_id = models.CharField(max_length=200, blank=True)
    checkout = models.JSONField(default=dict, help_text="what the payer's browser needs")
    failure = models.CharField(max_length=300, blank=True, help_text="why the last try failed")
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    paid_at = models.DateTimeField(null=True, blank=True)
    receipt_number = models.PositiveBigIntegerField(null=True, blank=True, unique=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["purpose", "purpose_id"], name="order_of_a_purpose"),
            models.Index(fields=["payer", "-created_at"], name="order_of_a_payer"),
            models.Index(
                fields=["expires_at"],
                name="order_still_open",
                condition=Q(status__in=("created", "failed")),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(amount_minor__range=(1, money.LIMIT_MINOR)),
                name="order_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(commission_minor__range=(0, F("amount_minor"))),
                name="order_commission_is_a_part",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_order_id"],
                condition=~Q(provider_order_id=""),
                name="order_is_one_at_its_provider",
            ),
            models.UniqueConstraint(
                fields=["purpose", "purpose_id"],
                condition=Q(status__in=("created", "failed", "paid", "partially_refunded")),
                name="order_pays_for_one_thing_once",
            ),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=False, receipt_number__isnull=False)
                | ~Q(status__in=("paid", "refunded", "partially_refunded")),
                name="order_paid_has_a_receipt",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Payment(models.Model):
    """Money that a provider captured for an order. It exists once, however often we are told."""

    reference = models.CharField(
        max_length=20, unique=True, default=new_payment_reference, editable=False
    )
    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=10)
    provider_payment_id = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    refunded_minor = models.BigIntegerField(default=0, help_text="promised or paid back")
    settles = models.BooleanField(default=False, help_text="this is the money the order was for")
    captured_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "provider_payment_id"], name="payment_is_captured_once"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(settles=True), name="order_is_settled_once"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__range=(0, F("amount_minor"))),
                name="payment_gives_back_at_most_itself",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_has_an_amount"),
        )

    def __str__(self) -> str:
        return self.reference


class Refund(models.Model):
    """Money on its way back, or back."""

    class Status(models.TextChoices):
        PENDING = "pending"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    class Reason(models.TextChoices):
        POLICY = "policy"
        MENTOR = "mentor"
        LATE = "late"
        DUPLICATE = "duplicate"
        WRONG_AMOUNT = "wrong_amount"
        STAFF = "staff"

    reference = models.CharField(
        max_length=20, unique=True, default=new_refund_reference, editable=False
    )
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    reason = models.CharField(max_length=14, choices=Reason)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    provider_refund_id = models.CharField(max_length=200, blank=True)
    round = models.PositiveSmallIntegerField(default=0, help_text="grows when staff tries anew")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_try_at"], name="refund_not_final", condition=Q(status="pending")
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_has_an_amount"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def key(self) -> str:
        """What the provider knows this refund by: the same on every try of a round."""
        return f"{self.reference}-{self.round}"


class LedgerEntry(models.Model):
    """One line of the double-entry ledger. Lines of one posting sum to zero; none ever changes.

    Accounts: `provider:<name>` (money held there), `mentor:<key>` (owed to the mentor),
    `commission` (ours), `paid_out:<key>`. Positive is what an account has gained.
    """

    posting = models.UUIDField()
    account = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    cause = models.CharField(max_length=30)
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="ledger_entries")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="+")
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, related_name="+")
    payout = models.ForeignKey("Payout", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = (models.Index(fields=["account", "currency"], name="ledger_of_an_account"),)
        constraints = (
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_entry_moves_money"),
            models.UniqueConstraint(
                fields=["payment", "account"],
                condition=Q(cause="capture"),
                name="capture_is_booked_once",
            ),
            models.UniqueConstraint(
                fields=["refund", "account", "cause"],
                condition=Q(refund__isnull=False),
                name="refund_is_booked_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"


class ProviderMessage(models.Model):
    """One webhook that was heard, so that it is heard once."""

    provider = models.CharField(max_length=10)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    heard_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["provider", "event_id"], name="provider_message_is_heard_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"


class Payout(models.Model):
    """A mentor's earnings, handed over by the operator outside of OpenMentor."""

    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="payouts")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=200, blank=True)
    paid_at = models.DateTimeField()
    marked_by_id = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payout_has_an_amount"),
        )

    def __str__(self) -> str:
        return f"{self.mentor} {self.amount_minor} {self.currency}"


class ReceiptCounter(models.Model):
    """The last receipt number given out: one row, so that numbers have no gaps."""

    last_number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last_number)
