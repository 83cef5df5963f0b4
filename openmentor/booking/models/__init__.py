"""Sessions on mentors' calendars, the places that mentees have in them, and what leads there.

The constraints here are the law of SPEC §4; each name maps to a refusal in `booking/laws.py`.
"""

from openmentor.booking.models.bookings import Booking, new_booking_reference
from openmentor.booking.models.groups import Group, GroupMessage, Invitation
from openmentor.booking.models.open_requests import (
    OpenRequest,
    OpenRequestWindow,
    new_open_request_reference,
)
from openmentor.booking.models.requests import Request
from openmentor.booking.models.sessions import Session, new_session_reference
from openmentor.booking.models.waiting import WaitingEntry

__all__ = [
    "Booking",
    "Group",
    "GroupMessage",
    "Invitation",
    "OpenRequest",
    "OpenRequestWindow",
    "Request",
    "Session",
    "WaitingEntry",
    "new_booking_reference",
    "new_open_request_reference",
    "new_session_reference",
]
