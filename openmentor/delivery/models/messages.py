"""Messages: every mail as a row, from the moment it is wanted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from openmentor.base import references
from openmentor.base.models import Event
from openmentor.booking.models import Session


def new_message_reference() -> str:
    """A fresh public id of a message; it is in the mail's Message-ID, too."""
    return references.fresh("MAIL")


class Message(models.Model):
    """One mail to one person. Its words are written when it is sent, so they are true then.

    It tells of an event; or, a reminder, of a session that begins at `starts_at`.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        DROPPED = "dropped"

    reference = models.CharField(
        max_length=20, unique=True, default=new_message_reference, editable=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=40)
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="+")
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    starts_at = models.DateTimeField(
        null=True, blank=True, help_text="of a reminder: the start that it is about"
    )
    copy = models.PositiveSmallIntegerField(default=0, help_text="counts when staff sends it again")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField()
    try_at = models.DateTimeField(help_text="the next try to send it")
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    address = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = (
            models.Index(
                fields=["try_at", "id"], name="message_to_send", condition=Q(state="queued")
            ),
            models.Index(fields=["person", "-id"], name="message_of_a_person"),
            models.Index(
                fields=["session"], name="message_reminder", condition=Q(starts_at__isnull=False)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["event", "kind", "person", "copy"],
                condition=Q(event__isnull=False),
                name="message_tells_an_event_once",
            ),
            models.UniqueConstraint(
                fields=["session", "kind", "person", "starts_at", "copy"],
                condition=Q(starts_at__isnull=False),
                name="message_reminds_of_a_start_once",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
                name="message_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(sent_at=None) | Q(sent_at__lt=F("starts_at")),
                name="message_reminds_before_the_start",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(session__isnull=False),
                name="message_reminds_of_a_session",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Muted(models.Model):
    """That a person does not want mails on a topic; they still find it under notifications."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted")
    topic = models.CharField(max_length=20)

    class Meta:
        verbose_name_plural = "muted topics"
        constraints = (
            models.UniqueConstraint(fields=["person", "topic"], name="muted_topic_is_muted_once"),
        )

    def __str__(self) -> str:
        return self.topic
