"""Registers this floor with Django."""

from django.apps import AppConfig


class MentorsConfig(AppConfig):
    """The floor `openmentor.mentors`."""

    name = "openmentor.mentors"
    label = "mentors"
