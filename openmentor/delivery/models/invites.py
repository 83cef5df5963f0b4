"""Invites: what each person's calendar was last told about a session."""

from django.conf import settings
from django.db import models

from openmentor.booking.models import Session


class Invite(models.Model):
    """The last calendar file mailed to one person about one session; its number only grows."""

    class Method(models.TextChoices):
        NOTHING = "", "nothing yet"
        REQUEST = "REQUEST"
        CANCEL = "CANCEL"

    session = models.ForeignKey(Session, models.PROTECT, related_name="invites")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invites")
    sequence = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, help_text="of the session, as it was told")
    method = models.CharField(max_length=7, choices=Method, default=Method.NOTHING, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["session", "person"], name="invite_is_one_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.method} {self.sequence}"
