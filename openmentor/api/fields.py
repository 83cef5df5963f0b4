"""What callers call a field where a verb calls it something else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from openmentor.base.errors import Invalid


@contextmanager
def called(names: Mapping[str, str]) -> Iterator[None]:
    """Refusals from inside speak of fields by their names in the JSON; `names` maps to those."""
    try:
        yield
    except Invalid as refusal:
        for line in refusal.data["errors"]:
            line["field"] = names.get(line["field"], line["field"])
        raise
