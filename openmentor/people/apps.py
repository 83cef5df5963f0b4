"""Registers this floor with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The floor `openmentor.people`."""

    name = "openmentor.people"
    label = "people"
