"""The lasting pair of mentee and mentor, and the seat that one keeps with the other."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from openmentor.mentors.models import Mentor
from openmentor.mentorships.visibility import MentorshipQuerySet


class Mentorship(models.Model):
    """A mentee and a mentor who have, or had, a pack between them."""

    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="mentorships")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentorships")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["mentor", "mentee"], name="mentorship_is_one_for_each_pair"
            ),
            models.UniqueConstraint(fields=["id", "mentor"], name="mentorship_to_refer_to"),
        )

    def __str__(self) -> str:
        return f"{self.mentee_id} with {self.mentor_id}"


class Seat(models.Model):
    """A place among a mentor's active mentees. A mentor's live seats are numbered from 1."""

    class Status(models.TextChoices):
        HELD = "held"
        ACTIVE = "active"
        GRACE = "grace"
        RELEASED = "released"

    LIVE: ClassVar = (Status.HELD, Status.ACTIVE, Status.GRACE)

    mentorship = models.ForeignKey(Mentorship, models.PROTECT, related_name="seats")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="seats")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status)
    hold_until = models.DateTimeField(
        null=True, blank=True, help_text="kept so long for a purchase that is not paid yet"
    )
    grace_from = models.DateTimeField(null=True, blank=True)
    grace_until = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["grace_until"], name="seat_to_release", condition=Q(status="grace")
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["mentorship"],
                condition=Q(status__in=("held", "active", "grace")),
                name="seat_is_one_for_each_pair",
            ),
            models.UniqueConstraint(
                fields=["mentor", "number"],
                condition=Q(status__in=("held", "active", "grace")),
                name="seat_is_taken_once",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="seat_has_a_number"),
            models.CheckConstraint(
                condition=~Q(status="held") | Q(hold_until__isnull=False),
                name="seat_held_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="grace")
                | Q(grace_from__isnull=False, grace_until__isnull=False),
                name="seat_in_grace_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(status="released", released_at__isnull=False)
                | (~Q(status="released") & Q(released_at=None)),
                name="seat_released_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"seat {self.number} of {self.mentor_id}"
