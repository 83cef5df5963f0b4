"""Registers this floor with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The floor `openmentor.api`."""

    name = "openmentor.api"
    label = "api"
