"""What orders were for: the way back from money to the session that it paid for."""

from collections.abc import Iterable

from openmentor.booking.models import Booking
from openmentor.booking.paid_places import PURPOSE
from openmentor.payments.models import Order


def bookings(keys: Iterable[int]) -> dict[int, Booking]:
    """The bookings with these keys, their sessions and both sides loaded; one query."""
    found = Booking.objects.select_related("mentee", "session__mentor__person")
    return found.in_bulk(list(keys))


def by_order(orders: Iterable[Order]) -> dict[int, Booking]:
    """The booking that each order was for, by the order's key; orders for others are left out."""
    paid_for = {order.pk: order.purpose_id for order in orders if order.purpose == PURPOSE}
    found = bookings(paid_for.values())
    return {key: found[booking] for key, booking in paid_for.items() if booking in found}
