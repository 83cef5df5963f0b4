"""The constraints of the booking floor, and the refusal that each one stands for."""

from openmentor.base.errors import Refusal
from openmentor.booking.refusals import AlreadyJoined, SessionFull, TimeTaken, YouAreBusy

LAWS: dict[str, type[Refusal]] = {
    "session_mentor_is_in_one_place": TimeTaken,
    "booking_mentee_is_in_one_place": YouAreBusy,
    "booking_place_is_sold_once": TimeTaken,
    "session_places_are_at_most_its_capacity": SessionFull,
    "waiting_person_is_in_line_once": AlreadyJoined,
}
