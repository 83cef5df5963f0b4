"""What tests of the API share."""

from collections.abc import Iterator

import pytest
import time_machine

from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests.api.stage import Stage
from tests.cast import NOW


@pytest.fixture
def stage(maya: Mentor, kiri: Mentor, tom: Person, zoe: Person, staff: Person) -> Iterator[Stage]:
    people = {"tom": tom, "maya": maya.person, "zoe": zoe, "kiri": kiri.person, "staff": staff}
    with time_machine.travel(NOW, tick=False):
        yield Stage({**people, "nobody": None}, maya, tom)
