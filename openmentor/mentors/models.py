"""What is offered: mentor profiles with their settings, session types, and packs of them."""

from typing import Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from openmentor.base import money, references
from openmentor.people.models import Person

TEXTS: Final = {"headline": 140, "job_title": 100, "bio": 5000}
"""The most characters of each text of a profile."""
LONGEST_WORD: Final = 40
"""The most characters of a specialisation or a language."""
PRICES: Final = {
    "one_on_one_price_minor": (0, money.LIMIT_MINOR),
    "group_price_minor": (0, money.LIMIT_MINOR),
}
SETTINGS: Final = {
    "max_active_mentees": (0, 10_000),
    "grace_period_days": (0, 30),
    "min_notice_minutes": (0, 60 * 24 * 60),
    "horizon_days": (1, 365),
    "step_minutes": (5, 480),
    "buffer_before": (0, 240),
    "buffer_after": (0, 240),
    "max_per_day": (1, 100),
    "max_per_week": (1, 500),
}
"""The least and the most of every number that a mentor can set."""
DURATION_MINUTES: Final = (5, 480)
"""The shortest and the longest session type."""
OFFER_TEXTS: Final = {"title": 100, "description": 2000}
"""The most characters of each text of a session type."""
PACK_NUMBERS: Final = {
    "sessions": (1, 100),
    "validity_days": (1, 730),
    "price_minor": (0, money.LIMIT_MINOR),
}
"""The least and the most of every number of a pack offer."""


def _in_range(limits: dict[str, tuple[int, int]]) -> Q:
    """All of these columns within their limits; an empty column is within any."""
    return Q(*(Q(**{f"{name}__range": ends}) | Q(**{name: None}) for name, ends in limits.items()))


class MentorQuerySet(models.QuerySet["Mentor"]):
    """Mentors by who may see them."""

    def listed(self) -> "MentorQuerySet":
        """Those the public can find: approved (paused ones too; they say so themselves)."""
        return self.filter(status=Mentor.Status.APPROVED, person__is_active=True)

    def visible_to(self, person: Person | None) -> "MentorQuerySet":
        """The listed ones and the person's own profile; staff see all. None is a visitor."""
        if person is None:
            return self.listed()
        if person.is_staff:
            return self
        listed = Q(status=Mentor.Status.APPROVED, person__is_active=True)
        return self.filter(listed | Q(person=person))


class Mentor(models.Model):
    """A person's mentor profile, prices and booking settings."""

    class Status(models.TextChoices):
        APPLIED = "applied"
        APPROVED = "approved"
        REJECTED = "rejected"

    class RefundPolicy(models.TextChoices):
        FLEXIBLE = "flexible"
        MODERATE = "moderate"
        STRICT = "strict"

    class Confirmation(models.TextChoices):
        INSTANT = "instant"
        APPROVAL = "approval"

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentor")
    handle = models.SlugField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.APPLIED)
    status_reason = models.TextField(blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    headline = models.CharField(max_length=TEXTS["headline"], blank=True)
    job_title = models.CharField(max_length=TEXTS["job_title"], blank=True)
    bio = models.TextField(max_length=TEXTS["bio"], blank=True)
    specialisations = ArrayField(
        models.CharField(max_length=LONGEST_WORD), default=list, blank=True
    )
    languages = ArrayField(models.CharField(max_length=LONGEST_WORD), default=list, blank=True)
    photo = models.ImageField(upload_to="photos/", blank=True)
    timezone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    one_on_one_price_minor = models.BigIntegerField(default=0)
    group_price_minor = models.BigIntegerField(default=0)
    max_active_mentees = models.PositiveIntegerField(null=True, blank=True)
    grace_period_days = models.PositiveSmallIntegerField(default=3)
    refund_policy = models.CharField(
        max_length=10, choices=RefundPolicy, default=RefundPolicy.MODERATE
    )
    min_notice_minutes = models.PositiveIntegerField(null=True, blank=True)
    horizon_days = models.PositiveSmallIntegerField(default=60)
    step_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    max_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    max_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    confirmation = models.CharField(
        max_length=10, choices=Confirmation, default=Confirmation.INSTANT
    )
    pending_requests_hold_time = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    approved_at = models.DateTimeField(null=True, blank=True)

    search_text = models.GeneratedField(
        expression=Func(
            F("headline"),
            F("job_title"),
            F("specialisations"),
            F("bio"),
            function="openmentor_mentor_text",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = MentorQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_in_range(PRICES), name="mentor_prices_are_in_range"),
            models.CheckConstraint(
                condition=_in_range(SETTINGS), name="mentor_booking_settings_are_in_range"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=False) | ~Q(status="approved"),
                name="mentor_approved_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return self.handle

    @property
    def takes_bookings(self) -> bool:
        """Whether anybody can book or ask for a session now."""
        return self.status == self.Status.APPROVED and not self.is_paused

    @property
    def is_paused(self) -> bool:
        """Whether the mentor takes no new bookings for now."""
        return self.paused_at is not None


def new_type_reference() -> str:
    """A fresh public id of a session type."""
    return references.fresh("TYPE")


class SessionType(models.Model):
    """What a mentor offers one-on-one: a title, a duration, a price or free."""

    reference = models.CharField(
        max_length=20, unique=True, default=new_type_reference, editable=False
    )
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="session_types")
    title = models.CharField(max_length=OFFER_TEXTS["title"])
    description = models.TextField(max_length=OFFER_TEXTS["description"], blank=True)
    duration_minutes = models.PositiveSmallIntegerField()
    price_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = (F("price_minor").asc(), F("duration_minutes").asc(), F("id").asc())
        constraints = (
            models.CheckConstraint(
                condition=Q(duration_minutes__range=DURATION_MINUTES),
                name="session_type_duration_in_range",
            ),
            models.CheckConstraint(
                condition=Q(price_minor__range=(0, money.LIMIT_MINOR)),
                name="session_type_price_in_range",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_free(self) -> bool:
        """Whether a session of this type costs nothing."""
        return self.price_minor == 0


def new_offer_reference() -> str:
    """A fresh public id of a pack offer."""
    return references.fresh("OFFER")


class PackOffer(models.Model):
    """So many sessions of one type at one price, to be held within so many days."""

    reference = models.CharField(
        max_length=20, unique=True, default=new_offer_reference, editable=False
    )
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="pack_offers")
    session_type = models.ForeignKey(SessionType, models.PROTECT, related_name="pack_offers")
    title = models.CharField(max_length=OFFER_TEXTS["title"])
    sessions = models.PositiveSmallIntegerField()
    validity_days = models.PositiveSmallIntegerField()
    price_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = (F("sessions").asc(), F("price_minor").asc(), F("id").asc())
        constraints = (
            models.CheckConstraint(
                condition=_in_range(PACK_NUMBERS), name="pack_offer_numbers_are_in_range"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def saving_minor(self) -> int:
        """What the pack saves beside its sessions bought one by one; 0 if nothing."""
        if self.currency != self.session_type.currency:
            return 0
        return max(self.sessions * self.session_type.price_minor - self.price_minor, 0)
