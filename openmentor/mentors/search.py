"""Finding mentors: who matches what is looked for, and in which order."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Final, Literal

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, TextField, Value

from openmentor.mentors.models import Mentor, MentorQuerySet, SessionType

_ACCENTS = dict.fromkeys(range(0x300, 0x370))
_WORDS_READ: Final = 10
"""A search of more words than these is not finer, only slower."""


class Sort(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    PRICE = "price"
    RATING = "rating"


ORDERS: Final = {
    Sort.NEWEST: ("-approved_at", "-handle"),
    Sort.PRICE: ("one_on_one_price_minor", "handle"),
    Sort.RATING: ("-approved_at", "-handle"),  # All are equal while there are no reviews.
}
"""The columns of each order; handles tell apart those that are equal in the first."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is looked for; what is left empty does not narrow. Case and accents do not matter.

    All words of `text` must be in the name, headline, job title, specialisations or bio. One of
    the specialisations is enough, one of the languages, and one of the job titles or a part of
    it. Prices are the hourly
    one-on-one price in minor units, both ends included. `free` asks for something to book that
    costs nothing, or, when False, for something that costs.
    """

    text: str = ""
    specialisations: Sequence[str] = ()
    job_titles: Sequence[str] = ()
    languages: Sequence[str] = ()
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    free: bool | None = None


def matching(search: Search) -> MentorQuerySet:
    """The listed mentors that match, in no order yet, with their people."""
    found = Mentor.objects.listed().select_related("person").defer("search_text", "bio")
    found = found.alias(name=_folded("person__name"), job=_folded("job_title"))
    for word in folded(search.text).split()[:_WORDS_READ]:
        found = found.filter(Q(search_text__contains=word) | Q(name__contains=word))
    if search.specialisations:
        found = found.filter(_one_of("specialisations", search.specialisations))
    if search.languages:
        found = found.filter(_one_of("languages", search.languages))
    if search.job_titles:
        titles = (Q(job__contains=folded(title)) for title in search.job_titles)
        found = found.filter(reduce(or_, titles))
    if search.min_price_minor is not None:
        found = found.filter(one_on_one_price_minor__gte=search.min_price_minor)
    if search.max_price_minor is not None:
        found = found.filter(one_on_one_price_minor__lte=search.max_price_minor)
    return found if search.free is None else found.filter(_offers(free=search.free))


def words_in_use(column: Literal["specialisations", "languages"], *, most: int = 50) -> list[str]:
    """The words that listed mentors use in this column, the most used first."""
    rows = (
        Mentor.objects.listed()
        .annotate(word=Func(F(column), function="unnest", output_field=TextField()))
        .values_list("word", flat=True)
    )
    return [word for word, _ in Counter(rows).most_common(most)]


def folded(text: str) -> str:
    """Text without case and accents, as `openmentor_folded` makes it in the database."""
    plain = unicodedata.normalize("NFKD", text.replace("\x00", " "))
    return plain.translate(_ACCENTS).lower()


def _folded(column: str) -> Func:
    return Func(F(column), function="openmentor_folded", output_field=TextField())


def _one_of(column: str, words: Sequence[str]) -> Q:
    """Whether the list in this column has one of the words."""
    has = Func(
        F(column),
        Value([folded(word) for word in words], output_field=ArrayField(TextField())),
        template="openmentor_folded(%(expressions)s",
        arg_joiner="::text[]) && ",
        output_field=BooleanField(),
    )
    return Q(has)


def _offers(*, free: bool) -> Q:
    """Whether there is something to book at no price, or at a price.

    Without session types the hourly price speaks.
    """
    offers = SessionType.objects.filter(mentor=OuterRef("pk"), is_active=True)
    wanted = {"price_minor": 0} if free else {"price_minor__gt": 0}
    hourly = {f"one_on_one_{name}": value for name, value in wanted.items()}
    return Q(Exists(offers.filter(**wanted))) | (~Q(Exists(offers)) & Q(**hourly))
