"""Registers the demo with Django, for its command."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The package `demo`, outside of every floor: it calls verbs, and nothing calls it."""

    name = "demo"
    label = "demo"
