"""Which sessions the demo's people had and will have: who with whom, which day, how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from demo import cast


class Ending(StrEnum):
    """What became of a session."""

    TO_COME = "to come"
    COMPLETED = "completed"
    MENTEE_ABSENT = "the mentee did not come"
    MENTOR_ABSENT = "the mentor did not come"
    CANCELLED_BY_MENTEE = "cancelled by the mentee"
    CANCELLED_BY_MENTOR = "cancelled by the mentor"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One session about `day` days from now (the past is negative), and how it ends.

    `notes` is what the mentee wrote when booking, `words` the reason of a cancellation.
    """

    mentee: str
    mentor: str
    day: int
    ending: Ending = Ending.TO_COME
    notes: str = ""
    words: str = ""


TOLD = (
    Scene(
        mentee="tom",
        mentor="maya",
        day=-33,
        ending=Ending.COMPLETED,
        notes="I am preparing for a senior interview and do not know where to begin.",
    ),
    Scene(mentee="tom", mentor="kiri", day=-26, ending=Ending.COMPLETED),
    Scene(
        mentee="tom",
        mentor="maya",
        day=-19,
        ending=Ending.CANCELLED_BY_MENTEE,
        words="Our release moved to that evening, sorry!",
    ),
    Scene(mentee="tom", mentor="maya", day=-12, ending=Ending.COMPLETED),
    Scene(mentee="tom", mentor="daniel", day=-5, ending=Ending.MENTEE_ABSENT),
    Scene(
        mentee="tom",
        mentor="maya",
        day=2,
        notes="Could we look at how to shard a table that everyone writes to?",
    ),
    Scene(mentee="tom", mentor="lucia", day=4, notes="I would like to review our date picker."),
    Scene(mentee="tom", mentor="kiri", day=6),
    Scene(
        mentee="tom",
        mentor="rajesh",
        day=9,
        ending=Ending.CANCELLED_BY_MENTOR,
        words="I have to travel that day. Please choose another time.",
    ),
    Scene(mentee="tom", mentor="maya", day=16),
    Scene(mentee="lena", mentor="deborah", day=-29, ending=Ending.COMPLETED),
    Scene(mentee="lena", mentor="maya", day=-20, ending=Ending.COMPLETED),
    Scene(mentee="lena", mentor="sofia", day=-13, ending=Ending.MENTOR_ABSENT),
    Scene(mentee="lena", mentor="kiri", day=-6, ending=Ending.COMPLETED),
    Scene(
        mentee="lena",
        mentor="maya",
        day=3,
        notes="I have two offers and would like to think them through with you.",
    ),
    Scene(mentee="lena", mentor="omar", day=5, notes="My portfolio is at the usual place."),
    Scene(mentee="lena", mentor="kiri", day=8),
    Scene(mentee="lena", mentor="deborah", day=12),
)


def scenes(mentors: list[str]) -> Iterator[Scene]:
    """All sessions: those that are told, then the guests', spread over all mentors."""
    yield from TOLD
    guests = [guest.key for guest in cast.GUESTS]
    for number, mentor in enumerate(mentors):
        guest, next_guest = (guests[(number + turn) % len(guests)] for turn in (0, 1))
        yield Scene(mentee=guest, mentor=mentor, day=-40 + number, ending=_past(number))
        yield Scene(mentee=next_guest, mentor=mentor, day=-8 - number % 20, ending=Ending.COMPLETED)
        if number % 3 == 0:
            yield Scene(mentee=guest, mentor=mentor, day=2 + number % 14)


def _past(number: int) -> Ending:
    """Most sessions took place; a few did not, as in life."""
    return {
        5: Ending.CANCELLED_BY_MENTEE,
        11: Ending.MENTEE_ABSENT,
        17: Ending.CANCELLED_BY_MENTOR,
    }.get(number, Ending.COMPLETED)
