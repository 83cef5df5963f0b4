"""What mentees are reminded of before a pack or a seat ends: rows with a time."""

from django.db import models
from django.db.models import Q

from openmentor.mentorships.models.packs import Pack


class RenewalReminder(models.Model):
    """One reminder of one pack. A renewal begins a new round of them."""

    class Kind(models.TextChoices):
        ONE_LEFT = "one_left"
        NONE_LEFT = "none_left"
        WEEK_LEFT = "week_left"
        DAY_LEFT = "day_left"
        GRACE_BEGUN = "grace_begun"
        GRACE_DAY_LEFT = "grace_day_left"

    pack = models.ForeignKey(Pack, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=14, choices=Kind)
    round = models.PositiveIntegerField(help_text="how often the pack had been renewed")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["due_at"], name="renewal_reminder_due", condition=Q(sent_at=None)),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["pack", "kind", "round"], name="renewal_reminder_is_sent_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.pack_id}"
