"""What the list of mentors says of each."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from openmentor.booking import directory
from openmentor.booking.models import Session
from openmentor.mentors.models import Mentor
from openmentor.people.models import Person
from tests import make

Queries = Callable[[int], AbstractContextManager[object]]
TUESDAY_AT_NINE = datetime(2026, 3, 3, 3, 30, tzinfo=UTC)
"""Nine o'clock where Maya is."""


@pytest.mark.parametrize("mentors", [1, 3])
def test_a_page_of_mentors_costs_four_queries(
    db: None, now: datetime, mentors: int, django_assert_num_queries: Queries
) -> None:
    found = [make.mentor() for _ in range(mentors)]
    with django_assert_num_queries(4):
        assert len(directory.cards(found, now=now)) == mentors


def test_a_card_knows_offers_the_next_time_and_what_was_held(
    maya: Mentor, tom: Person, now: datetime
) -> None:
    dearer = make.session_type(maya, title="Long", minutes=60, price=150_000)
    make.session(maya, tom, starts_at=now - timedelta(days=4), status=Session.Status.COMPLETED)
    make.session(maya, tom, starts_at=now - timedelta(days=3), status=Session.Status.CANCELLED)

    (card,) = directory.cards([maya], now=now)

    assert [offer.title for offer in card.session_types] == ["Introduction", "Long"]
    assert card.session_types[1] == dearer
    assert (card.next_free_at, card.sessions_held, card.price_varies) == (TUESDAY_AT_NINE, 1, True)


def test_the_next_time_is_after_what_is_taken(maya: Mentor, tom: Person, now: datetime) -> None:
    make.session(maya, tom, starts_at=TUESDAY_AT_NINE)
    (card,) = directory.cards([maya], now=now)
    assert card.next_free_at == TUESDAY_AT_NINE + timedelta(minutes=30)


def test_the_next_time_may_be_weeks_away(db: None, now: datetime) -> None:
    mentor = make.mentor(min_notice_minutes=30 * 24 * 60)
    (card,) = directory.cards([mentor], now=now)
    assert card.next_free_at == datetime(2026, 4, 1, 9, tzinfo=UTC)


def test_without_session_types_or_while_paused_there_is_no_next_time(
    db: None, now: datetime
) -> None:
    mentors = [make.mentor(minutes=0), make.mentor(paused_at=now), make.mentor(hours=())]
    assert [card.next_free_at for card in directory.cards(mentors, now=now)] == [None] * 3


def test_a_type_that_is_switched_off_is_not_offered(maya: Mentor, now: datetime) -> None:
    maya.session_types.update(is_active=False)
    (card,) = directory.cards([maya], now=now)
    assert (card.session_types, card.next_free_at) == ([], None)


def test_those_free_soonest_come_first(maya: Mentor, kiri: Mentor, now: datetime) -> None:
    make.mentor("Paused", paused_at=now)
    make.mentor("Waiting", status=Mentor.Status.APPLIED)
    make.mentor("Nothing to book", minutes=0)
    soon = directory.free_soon(most=3, now=now)
    assert [card.mentor for card in soon] == [kiri, maya]
    assert [card.mentor for card in directory.free_soon(most=1, now=now)] == [kiri]
