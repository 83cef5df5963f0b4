"""`manage.py demo` fills an installation with the demo's people, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

from demo import cast, story
from openmentor.base import clock
from openmentor.booking.models import Session
from openmentor.people.models import Person


class Command(BaseCommand):
    """Tells the story if it has not been told; takes a few seconds."""

    help = "Makes the demo's mentors, mentees and sessions. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the cast, unless it is there or real people are."""
        if story.is_told():
            return
        characters = cast.everybody()
        strangers = Person.objects.exclude(email__in=[each.email for each in characters])
        if strangers.exists() and not settings.DEMO:
            raise CommandError(
                "There are people in this installation, and the demo's password is public."
                " Set DEMO=1 if you really want the demo's people among them."
            )
        with override_settings(PASSWORD_HASHERS=["demo.hashing.QuickHasher"]):
            story.tell(now=clock.now())
        self.stdout.write(
            f"The demo's {len(characters)} people are here, with {Session.objects.count()}"
            f" sessions. Their password is {cast.PASSWORD}."
        )
