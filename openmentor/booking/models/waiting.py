"""Who waits for a place in something that is full, and whose turn it is."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class WaitingEntry(models.Model):
    """One person's place in one line. Lines are served in the order of these rows' keys.

    What is waited for is named by `subject` and its key: this table knows no more of it, except
    that the database counts an offer of a session's place as a place taken.
    """

    class Subject(models.TextChoices):
        SESSION = "session"
        MENTOR = "mentor"

    class Status(models.TextChoices):
        WAITING = "waiting"
        OFFERED = "offered"
        TAKEN = "taken"
        EXPIRED = "expired"
        LEFT = "left"

    IN_LINE: ClassVar = (Status.WAITING, Status.OFFERED)

    subject = models.CharField(max_length=10, choices=Subject)
    subject_id = models.BigIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="waiting")
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    offered_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "waiting entries"
        indexes = (
            models.Index(
                fields=["subject", "subject_id", "id"],
                name="waiting_line_of_a_subject",
                condition=Q(status__in=("waiting", "offered")),
            ),
            models.Index(
                fields=["offered_until"],
                name="waiting_offer_to_lapse",
                condition=Q(status="offered"),
            ),
            models.Index(fields=["person", "subject"], name="waiting_of_a_person"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["subject", "subject_id", "person"],
                condition=Q(status__in=("waiting", "offered")),
                name="waiting_person_is_in_line_once",
            ),
            models.CheckConstraint(
                condition=Q(offered_until__isnull=False) | ~Q(status="offered"),
                name="waiting_offer_has_an_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} for {self.subject} {self.subject_id}"
