"""How the constraints of this floor say "the same one" and "at the same time"."""

from django.contrib.postgres.fields import RangeOperators
from django.db.models import F, Func, Value

OVERLAPS = RangeOperators.OVERLAPS


def same(column: str) -> Func:
    """A key as a range of itself: the embedded PostgreSQL can exclude on ranges only."""
    return Func(F(column), F(column), Value("[]"), function="int8range")
