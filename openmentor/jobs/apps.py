"""Registers this floor with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The floor `openmentor.jobs`."""

    name = "openmentor.jobs"
    label = "jobs"
