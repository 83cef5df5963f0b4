"""Registers this floor with Django."""

from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    """The floor `openmentor.availability`."""

    name = "openmentor.availability"
    label = "availability"
