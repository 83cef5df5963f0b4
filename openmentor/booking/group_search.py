"""Finding a group session to join: by words, tag, host, price and date."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from openmentor.booking import groups
from openmentor.booking.visibility import SessionQuerySet

_WORDS_READ = 10


@dataclass(frozen=True, kw_only=True)
class GroupSearch:
    """What is looked for; what is left empty does not narrow, and case does not matter.

    All words of `text` must be in the title, description, tags or the host's name. Times are the
    start's, `until` not included.
    """

    text: str = ""
    tag: str = ""
    mentor: str = ""
    free: bool | None = None
    has_places: bool = False
    since: datetime | None = None
    until: datetime | None = None


def matching(search: GroupSearch, *, now: datetime) -> SessionQuerySet:
    """The public group sessions to come that match, soonest first."""
    found = groups.coming(now=now)
    for word in search.text.split()[:_WORDS_READ]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(group__description__icontains=word)
            | Q(group__tags__icontains=word)
            | Q(mentor__person__name__icontains=word)
        )
    if search.tag:
        found = found.filter(group__tags__icontains=search.tag)
    if search.mentor:
        found = found.filter(mentor__handle=search.mentor.lower())
    if search.free is not None:
        price = Q(price_minor=0)
        found = found.filter(price if search.free else ~price)
    if search.has_places:
        found = found.filter(places_taken__lt=F("capacity"))
    if search.since is not None:
        found = found.filter(starts_at__gte=search.since)
    if search.until is not None:
        found = found.filter(starts_at__lt=search.until)
    return found
