"""Who: everyone with an account."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from openmentor.base import references


def new_reference() -> str:
    """A fresh public id of a person."""
    return references.fresh("PERSON")


class PersonManager(BaseUserManager["Person"]):
    """Makes accounts; Django and allauth call it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """An account with this address (kept in lower case); no password means none can match."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """An account that may do everything, for `manage.py createsuperuser`."""
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The account of this address, in whatever case it was typed."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser, PermissionsMixin):
    """Anyone with an account. Everyone can act as mentee; some are also mentors; some are staff."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=100)
    timezone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, default="en")
    goals = models.TextField(
        max_length=1000, blank=True, default="", db_default="", help_text="shown to mentors asked"
    )
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = (
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="person_address_is_in_lower_case"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def first_name(self) -> str:
        """The name that strangers may see, such as on a review."""
        return self.name.split()[0] if self.name.split() else ""

    @property
    def is_mentor(self) -> bool:
        """Whether this person has a mentor profile."""
        return getattr(self, "mentor", None) is not None


class SignIn(models.Model):
    """One program signed in to the API with a person's password: a phone, a browser, a script.

    `sid` is what access tokens name. `password_mark` changes with the password, so a new
    password ends every sign-in whoever sets it: the page, the admin or the command line.
    """

    sid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_ins")
    refresh_digest = models.BinaryField(max_length=32)
    password_mark = models.CharField(max_length=64)
    device = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("refreshed_at")), name="sign_in_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.device or 'unknown device'} since {self.created_at:%Y-%m-%d}"


def new_token_reference() -> str:
    """A fresh public id of a personal access token."""
    return references.fresh("TOKEN")


class AccessToken(models.Model):
    """A personal access token: a password for one program, with its own name, scopes and end.

    Only the digest of the secret is kept; `prefix` is its beginning, to tell tokens apart.
    """

    class Scope(models.TextChoices):
        READ = "read"
        WRITE = "write"

    reference = models.CharField(
        max_length=20, unique=True, default=new_token_reference, editable=False
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "reference")
        constraints = (
            models.CheckConstraint(
                condition=Q(scopes__contained_by=["read", "write"]) & Q(scopes__len__gt=0),
                name="access_token_scopes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")),
                name="access_token_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Tries(models.Model):
    """How often something was tried by somebody until `ends_at`."""

    key = models.CharField(max_length=120, primary_key=True)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return self.key
