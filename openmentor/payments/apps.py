"""Registers this floor with Django."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The floor `openmentor.payments`."""

    name = "openmentor.payments"
    label = "payments"
