"""Who races: eight mentees, and mentors who are open all the time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make
from tests.cast import NOW
from tests.races.arena import CLIENTS, Track

MIDNIGHT = NOW.replace(hour=0, minute=0) + timedelta(days=2)


@pytest.fixture
def track() -> Iterator[Track]:
    """Eight runners."""
    with Track() as track:
        yield track


@pytest.fixture
def mentor(db: None) -> Mentor:
    """Open day and night, every half hour."""
    return make.mentor("Open Always", hours=make.ALWAYS)


@pytest.fixture
def other_mentor(db: None) -> Mentor:
    """Open day and night as well."""
    return make.mentor("Open Too", hours=make.ALWAYS)


@pytest.fixture
def mentees(db: None) -> list[Person]:
    """One for each runner."""
    return [make.person() for _ in range(CLIENTS)]


def slot(number: int) -> datetime:
    """A half hour that nobody has; each number is another one."""
    return MIDNIGHT + number * timedelta(minutes=30)
