from datetime import UTC, datetime, timedelta
from typing import Any, Unpack

import pytest

from openmentor.mentors import mentors, search, session_types
from openmentor.mentors.models import Mentor
from openmentor.mentors.profiles import Profile
from openmentor.mentors.search import ORDERS, Search, Sort
from openmentor.people.models import Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def listed(name: str, after: int = 0, **profile: Unpack[Profile]) -> Mentor:
    person = Person.objects.create_user(f"{name.split(maxsplit=1)[0]}@example.com", name=name)
    return mentors.apply(person, now=NOW + timedelta(minutes=after), **profile)


@pytest.fixture(autouse=True)
def cast(settings: Any) -> None:
    settings.AUTO_APPROVE_MENTORS = True
    maya = listed(
        "Maya Rao",
        headline="Grow into a senior engineer",
        job_title="Staff Engineer",
        specialisations=["React", "System Design"],
        languages=["English", "Hindi"],
        bio="I write **C++** and node.js.",
        one_on_one_price_minor=150000,
    )
    listed(
        "José Ñandú",
        after=1,
        headline="Diseño que emociona",
        job_title="Product Designer",
        specialisations=["UX", "react native"],
        languages=["Español"],
        one_on_one_price_minor=90000,
    )
    listed("Кирил Ω", after=2, headline="Привет 100%", one_on_one_price_minor=0)
    settings.AUTO_APPROVE_MENTORS = False
    listed("Waiting Wanda", headline="React")
    session_types.create(maya.pk, title="Chat", duration_minutes=15, by=maya.person, now=NOW)


def handles(sort: Sort = Sort.NEWEST, **looked_for: Any) -> list[str]:
    found = search.matching(Search(**looked_for)).order_by(*ORDERS[sort])
    return list(found.values_list("handle", flat=True))


MAYA, JOSE, KIRIL = "maya-rao", "jose-nandu", "a-mentor"


def test_everyone_who_is_approved_is_found_newest_first() -> None:
    assert handles() == [KIRIL, JOSE, MAYA]
    assert handles(Sort.RATING) == [KIRIL, JOSE, MAYA]


def test_the_cheapest_come_first_by_price() -> None:
    assert handles(Sort.PRICE) == [KIRIL, JOSE, MAYA]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("maya", [MAYA]),
        ("RAO engin", [MAYA]),
        ("jose", [JOSE]),
        ("JOSÉ", [JOSE]),
        ("diseno", [JOSE]),
        ("ПРИВЕТ", [KIRIL]),
        ("ω", [KIRIL]),
        ("react", [JOSE, MAYA]),
        ("react maya", [MAYA]),
        ("c++", [MAYA]),
        ("node.js", [MAYA]),
        ("100%", [KIRIL]),
        ("%", [KIRIL]),
        ("_", []),
        ("'; DROP TABLE", []),
        ("a\x00b", []),
        ("   ", [KIRIL, JOSE, MAYA]),
    ],
)
def test_every_word_must_be_somewhere(text: str, found: list[str]) -> None:
    assert handles(text=text) == found


def test_filters_narrow_together() -> None:
    assert handles(specialisations=["REACT"]) == [MAYA]
    assert handles(specialisations=["react", "ux"]) == [JOSE, MAYA]
    assert handles(specialisations=["react", "ux"], languages=["espanol"]) == [JOSE]
    assert handles(languages=["hindi", "German"]) == [MAYA]
    assert handles(job_titles=["engineer"]) == [MAYA]
    assert handles(job_titles=["designer", "staff"]) == [JOSE, MAYA]
    assert handles(specialisations=["re"]) == []


def test_prices_are_a_range_with_both_ends() -> None:
    assert handles(min_price_minor=90000) == [JOSE, MAYA]
    assert handles(max_price_minor=90000) == [KIRIL, JOSE]
    assert handles(min_price_minor=90000, max_price_minor=90000) == [JOSE]


def test_free_is_what_can_be_booked_at_no_price() -> None:
    assert handles(free=True) == [KIRIL, MAYA]
    assert handles(free=False) == [JOSE]


def test_a_changed_name_is_found_at_once() -> None:
    Person.objects.filter(name="Maya Rao").update(name="Asha Rao")
    assert handles(text="asha") == [MAYA]
    assert handles(text="maya") == []


def test_the_words_in_use_come_most_used_first() -> None:
    listed("Asha Rao", specialisations=["UX"])
    Mentor.objects.update(status="approved", approved_at=NOW)
    assert search.words_in_use("specialisations")[0] == "UX"
    assert sorted(search.words_in_use("languages")) == ["English", "Español", "Hindi"]


def test_a_page_of_mentors_is_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [mentor.person.name for mentor in search.matching(Search(text="a"))[:3]] != []
