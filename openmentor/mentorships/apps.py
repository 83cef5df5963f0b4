"""Registers this floor with Django."""

from django.apps import AppConfig


class MentorshipsConfig(AppConfig):
    """The floor `openmentor.mentorships`."""

    name = "openmentor.mentorships"
    label = "mentorships"
