"""Registers this floor with Django."""

from django.apps import AppConfig


class BookingConfig(AppConfig):
    """The floor `openmentor.booking`."""

    name = "openmentor.booking"
    label = "booking"
