"""Who: everyone with an account."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
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
