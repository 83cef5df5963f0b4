"""Notifications: what a person is told inside OpenMentor."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from openmentor.base import references
from openmentor.base.models import Event


def new_notification_reference() -> str:
    """A fresh public id of a notification."""
    return references.fresh("NOTE")


class Notification(models.Model):
    """One sentence to one person, and the page that it is about."""

    reference = models.CharField(
        max_length=20, unique=True, default=new_notification_reference, editable=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications"
    )
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=200, help_text="the page, below PUBLIC_URL")
    about_at = models.DateTimeField(null=True, blank=True, help_text="the time that it is about")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=["person", "-at", "reference"], name="notification_of_a_person"),
            models.Index(
                fields=["person"], name="notification_unread", condition=Q(read_at__isnull=True)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["event", "person"], name="notification_tells_an_event_once"
            ),
        )

    def __str__(self) -> str:
        return self.text
