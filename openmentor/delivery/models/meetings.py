"""Where sessions are met: each mentor's choice, and the room of each session."""

from django.db import models
from django.db.models import Q

from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor


class Place(models.TextChoices):
    """The kinds of places to meet."""

    JITSI = "jitsi", "Jitsi"
    ZOOM = "zoom", "Zoom"
    MEET = "meet", "Google Meet"
    LINK = "link", "A link of my own"
    PHONE = "phone", "By phone"


class MeetingChoice(models.Model):
    """Where a mentor meets people; without a row it is the installation's own kind."""

    mentor = models.OneToOneField(
        Mentor, models.CASCADE, related_name="meeting_choice", primary_key=True
    )
    place = models.CharField(max_length=5, choices=Place)
    link = models.URLField(max_length=500, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(place="link") | ~Q(link=""), name="meeting_choice_has_its_link"
            ),
            models.CheckConstraint(
                condition=~Q(place="phone") | ~Q(phone=""), name="meeting_choice_has_its_phone"
            ),
        )

    def __str__(self) -> str:
        return self.place


class Meeting(models.Model):
    """The room of one session. `address` is where it is: a link, or a phone number.

    `known_until` is the end of the session that the provider was told of; an earlier or later one
    is told to it, too.
    """

    class State(models.TextChoices):
        WANTED = "wanted"
        MADE = "made"
        FAILED = "failed"

    session = models.OneToOneField(
        Session, models.CASCADE, related_name="meeting", primary_key=True
    )
    place = models.CharField(max_length=5, choices=Place)
    state = models.CharField(max_length=6, choices=State, default=State.WANTED)
    address = models.CharField(max_length=1000, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    known_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField()
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["try_at"], name="meeting_to_make", condition=Q(state="wanted")),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="made") | ~Q(address=""), name="meeting_made_has_its_address"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} of {self.session_id}"
