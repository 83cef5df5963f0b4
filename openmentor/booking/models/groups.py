"""What a group session has besides its time, places and price (SPEC §8)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from openmentor.booking.models.sessions import Session


class Group(models.Model):
    """The facts that only a group session has; its row and the session's live and die together."""

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        UNLISTED = "unlisted"
        PRIVATE = "private"

    session = models.OneToOneField(Session, models.CASCADE, related_name="group", primary_key=True)
    description = models.TextField(max_length=5000, blank=True)
    instructions = models.TextField(
        max_length=5000, blank=True, help_text="for those who have a place"
    )
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    min_participants = models.PositiveIntegerField(null=True, blank=True)
    minimum_due_at = models.DateTimeField(
        null=True, blank=True, help_text="when the minimum is judged; empty once it has been"
    )
    join_until = models.DateTimeField(null=True, blank=True)
    names_shown = models.BooleanField(
        default=False, help_text="participants see each other's names"
    )
    series = models.UUIDField(null=True, blank=True, help_text="shared by those created together")

    class Meta:
        indexes = (
            models.Index(
                fields=["minimum_due_at"],
                name="group_minimum_to_judge",
                condition=Q(minimum_due_at__isnull=False),
            ),
            models.Index(
                fields=["series"], name="group_of_a_series", condition=Q(series__isnull=False)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(min_participants=None) | Q(min_participants__gte=1),
                name="group_minimum_is_somebody",
            ),
            models.CheckConstraint(
                condition=Q(minimum_due_at=None) | Q(min_participants__isnull=False),
                name="group_judges_a_minimum_it_has",
            ),
        )

    def __str__(self) -> str:
        return str(self.session_id)


class Invitation(models.Model):
    """That whoever has this verified address may see and join a private group session."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)

    class Meta:
        ordering = ("email",)
        constraints = (
            models.UniqueConstraint(
                fields=["group", "email"], name="group_invites_an_address_once"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="group_invites_addresses_in_lower_case",
            ),
        )

    def __str__(self) -> str:
        return f"invitation to {self.group_id}"


class GroupMessage(models.Model):
    """What the host wrote to all who have a place."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"message to {self.group_id}"
