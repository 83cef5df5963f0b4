"""Rooms to meet in, by their kind."""

from django.conf import settings

from openmentor.delivery.models import Place
from openmentor.delivery.rooms import jitsi, meet, zoom
from openmentor.delivery.rooms.interface import NoRoom, Provider


def of(place: str) -> Provider:
    """What makes rooms of this kind; `NoRoom` if the operator has switched it off."""
    if place not in offered():
        raise NoRoom(f"{Place(place).label} is not set up here any more.")
    if place == Place.ZOOM:
        return zoom.Zoom(**settings.ZOOM)
    if place == Place.MEET:
        return meet.Meet(**settings.GOOGLE_MEET)
    return jitsi.Jitsi(host=settings.JITSI["host"])


def offered() -> list[str]:
    """The kinds that a mentor can choose on this installation."""
    made = [Place.JITSI]
    if settings.ZOOM:
        made.append(Place.ZOOM)
    if settings.GOOGLE_MEET:
        made.append(Place.MEET)
    return [place.value for place in (*made, Place.LINK, Place.PHONE)]
