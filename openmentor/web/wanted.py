"""A time that somebody wants: the last look before it is taken."""

from datetime import datetime, timedelta
from typing import Any

from openmentor.booking.openings import Openings
from openmentor.web.picker import stamp


def summed_up(times: Openings, starts_at: datetime) -> dict[str, Any]:
    """What a page that confirms a time shows of it; the nearest others if it is not free."""
    length = timedelta(minutes=times.minutes)
    is_free = times.includes(starts_at)
    nearest = [] if is_free else times.nearest(starts_at)
    return {
        "starts_at": starts_at,
        "starts_at_stamp": stamp(starts_at),
        "ends_at": starts_at + length,
        "is_free": is_free,
        "alternatives": [(stamp(at), at, at + length) for at in nearest],
    }
