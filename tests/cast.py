"""The cast as fixtures. Zones that hurt, names that never change; pytest loads this as a plugin.

Maya and Kiri are mentors, open Monday to Friday from nine to five on their own clocks, with one
free session type of half an hour each. Nobody shares anything with Zoe. The clock stands at NOW.
"""

from datetime import UTC, datetime

import pytest

from demo import cast
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.models import Person
from tests import make

NOW = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
"""A Monday: noon where Maya is, quarter past eight in the evening where Kiri is."""


@pytest.fixture
def now() -> datetime:
    """The moment that tests tell the verbs."""
    return NOW


@pytest.fixture
def maya(db: None) -> Mentor:
    """Maya the mentor, half an hour off everybody else (Asia/Kolkata)."""
    return make.mentor("Maya Rao", email="maya@example.com", timezone="Asia/Kolkata")


@pytest.fixture
def kiri(db: None) -> Mentor:
    """Kiri the mentor, beyond the date line (Pacific/Chatham, +12:45 or +13:45)."""
    return make.mentor("Kiri Tamahori", email="kiri@example.com", timezone="Pacific/Chatham")


@pytest.fixture
def introduction(maya: Mentor) -> SessionType:
    """Maya's free half hour."""
    return SessionType.objects.get(mentor=maya)


@pytest.fixture
def tom(db: None) -> Person:
    """Tom the mentee (Europe/London)."""
    return _person(cast.TOM)


@pytest.fixture
def lena(db: None) -> Person:
    """Lena the mentee (America/New_York)."""
    return _person(cast.LENA)


@pytest.fixture
def zoe(db: None) -> Person:
    """Zoe, who must never see anything of the others."""
    return _person(cast.ZOE)


@pytest.fixture
def staff(db: None) -> Person:
    """Somebody of the staff."""
    return _person(cast.STAFF, is_staff=True)


def _person(character: cast.Character, *, is_staff: bool = False) -> Person:
    return make.person(
        character.name, email=character.email, timezone=character.timezone, is_staff=is_staff
    )
