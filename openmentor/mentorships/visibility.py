"""Who may see which mentorship and which pack; the rest does not exist."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from openmentor.people.models import Person

if TYPE_CHECKING:
    from openmentor.mentorships.models import Mentorship, Pack  # noqa: F401 - the generics' names


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    """Mentorships, by who takes part in them."""

    def visible_to(self, person: Person) -> "MentorshipQuerySet":
        """Those of which the person is the mentee or the mentor; staff: all."""
        if person.is_staff:
            return self
        return self.filter(Q(mentee=person) | Q(mentor__person=person))

    def begun(self) -> "MentorshipQuerySet":
        """Those with a pack: an order that nobody paid begins nothing."""
        return self.filter(packs__isnull=False).distinct()


class PackQuerySet(models.QuerySet["Pack"]):
    """Packs, by who may see them."""

    def visible_to(self, person: Person) -> "PackQuerySet":
        """The person's own, and those with the person as mentor; staff: all."""
        if person.is_staff:
            return self
        return self.filter(Q(mentorship__mentee=person) | Q(mentorship__mentor__person=person))

    def of(self, mentee: Person) -> "PackQuerySet":
        """Those that this mentee bought."""
        return self.filter(mentorship__mentee=mentee)

    def with_both_sides(self) -> "PackQuerySet":
        """The same, with mentor and mentee loaded."""
        return self.select_related("mentorship__mentor__person", "mentorship__mentee")
