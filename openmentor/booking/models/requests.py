"""What belongs to a session that a mentee proposes, while the mentor has not decided."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmentor.booking.models.sessions import Session
from openmentor.mentorships.models import Pack


class Request(models.Model):
    """A mentee's proposal to one mentor: the words with it, and until when it waits."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="request")
    message = models.TextField(max_length=2000, blank=True)
    pack = models.ForeignKey(
        Pack, models.PROTECT, null=True, blank=True, related_name="+", help_text="what is to pay"
    )
    answer_by = models.DateTimeField()
    remind_at = models.DateTimeField(null=True, blank=True)
    proposed = ArrayField(
        models.DateTimeField(), default=list, blank=True, help_text="other starts, by the mentor"
    )
    alternatives = models.JSONField(default=list, help_text="free times shown after a rejection")

    class Meta:
        indexes = (
            models.Index(
                fields=["remind_at"], name="request_to_remind", condition=Q(remind_at__isnull=False)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(proposed__len__lte=3), name="request_has_three_proposals_at_most"
            ),
        )

    def __str__(self) -> str:
        return self.session.reference
