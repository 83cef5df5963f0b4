"""The two tables every floor uses: what happened, and which requests were already answered."""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One move of one thing: who, when, what, from, to, why. Never changed, never deleted.

    Only `heard` changes, once: when what follows from the event is written. So a row is history
    and outbox in one, and nothing has to be queued by those who are in a hurry.

    `actor_id` and `subject_id` are keys without a foreign key: this floor knows no other, and
    what happened stays written when the people are gone.
    """

    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    why = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    heard = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=["subject", "subject_id"], name="event_of_a_subject"),
            models.Index(fields=["id"], name="event_still_to_hear", condition=Q(heard=False)),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.subject}:{self.subject_id}"


class IdempotentAnswer(models.Model):
    """The answer once given to a create call, kept under the key that its caller chose."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person_id", "key"], name="an_idempotency_key_is_answered_once"
            ),
        )
        indexes = (models.Index(fields=["created_at"], name="idempotent_answer_age"),)

    def __str__(self) -> str:
        return self.key
