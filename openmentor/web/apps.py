"""Registers this floor with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The floor `openmentor.web`."""

    name = "openmentor.web"
    label = "web"
