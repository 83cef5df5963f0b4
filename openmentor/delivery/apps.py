"""Registers this floor with Django."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The floor `openmentor.delivery`."""

    name = "openmentor.delivery"
    label = "delivery"
