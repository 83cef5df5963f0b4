"""When a mentor is open, as the mentor said it: wall clock, in the mentor's zone."""

from django.db import models
from django.db.models import F, Q

from openmentor.mentors.models import Mentor

_MINUTES = Q(start_minute__range=(0, 1439)) & Q(end_minute__range=(0, 1440))


class WeeklyHours(models.Model):
    """One range of the mentor's week; an end before its start is on the next day."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    start_minute = models.PositiveSmallIntegerField(help_text="minutes since midnight")
    end_minute = models.PositiveSmallIntegerField(help_text="1440 is the next midnight")

    class Meta:
        verbose_name_plural = "weekly hours"
        ordering = ("weekday", "start_minute")
        constraints = (
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)) & _MINUTES & ~Q(start_minute=F("end_minute")),
                name="weekly_hours_are_a_range_of_a_week",
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.start_minute}-{self.end_minute}"


class RequestWeek(models.Model):
    """That a mentor takes open requests at other hours than bookings: those that belong to it."""

    mentor = models.OneToOneField(Mentor, models.CASCADE, related_name="request_week")

    def __str__(self) -> str:
        return f"hours for open requests of {self.mentor_id}"


class RequestHours(models.Model):
    """One range of the week in which the mentor takes open requests; read as `WeeklyHours`."""

    week = models.ForeignKey(RequestWeek, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday")
    start_minute = models.PositiveSmallIntegerField(help_text="minutes since midnight")
    end_minute = models.PositiveSmallIntegerField(help_text="1440 is the next midnight")

    class Meta:
        verbose_name_plural = "hours for open requests"
        ordering = ("weekday", "start_minute")
        constraints = (
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)) & _MINUTES & ~Q(start_minute=F("end_minute")),
                name="request_hours_are_a_range_of_a_week",
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekday} {self.start_minute}-{self.end_minute}"


class DateOverride(models.Model):
    """Other hours on one date, or none at all (`start_minute` and `end_minute` empty)."""

    mentor = models.ForeignKey(Mentor, models.CASCADE, related_name="date_overrides")
    on = models.DateField()
    start_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    end_minute = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("on", "start_minute")
        constraints = (
            models.CheckConstraint(
                # A range needs both: a check that compares with nothing is no refusal.
                condition=(
                    _MINUTES
                    & Q(start_minute__isnull=False, end_minute__isnull=False)
                    & ~Q(start_minute=F("end_minute"))
                )
                | Q(start_minute=None, end_minute=None),
                name="date_override_is_a_range_or_blocked",
            ),
        )
        indexes = (models.Index(fields=["mentor", "on"], name="date_override_of_a_mentor"),)

    def __str__(self) -> str:
        return f"{self.on} {self.start_minute}-{self.end_minute}"

    @property
    def is_blocked(self) -> bool:
        """Whether the date has no hours at all."""
        return self.start_minute is None
