"""Registers this floor with Django."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """The floor `openmentor.base`."""

    name = "openmentor.base"
    label = "base"
