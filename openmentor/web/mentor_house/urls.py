"""The rooms of the mentor's house."""

from django.urls import path

from openmentor.web.mentor_house import (
    application,
    availability,
    earnings,
    overview,
    photos,
    request_hours,
    session_types,
    settings,
)

urlpatterns = [
    path("become-a-mentor", application.become, name="become_a_mentor"),
    path("mentor", overview.show, name="mentor"),
    path("mentor/pause", overview.pause, name="mentor_pause"),
    path("mentor/resume", overview.resume, name="mentor_resume"),
    path("mentor/availability", availability.show, name="availability"),
    path("mentor/availability/dates", availability.set_dates, name="availability_dates"),
    path("mentor/availability/dates/clear", availability.clear_dates, name="availability_clear"),
    path("mentor/availability/rules", availability.change_rules, name="availability_rules"),
    path("mentor/availability/open-requests", request_hours.show, name="request_hours"),
    path("mentor/session-types", session_types.show, name="session_types"),
    path("mentor/session-types/new", session_types.create, name="session_type_new"),
    path("mentor/session-types/<str:reference>", session_types.change, name="session_type"),
    path(
        "mentor/session-types/<str:reference>/switch",
        session_types.switch,
        name="session_type_switch",
    ),
    path(
        "mentor/session-types/<str:reference>/delete",
        session_types.delete,
        name="session_type_delete",
    ),
    path("mentor/earnings", earnings.show, name="mentor_earnings"),
    path("mentor/earnings.csv", earnings.download, name="mentor_earnings_file"),
    path("mentor/settings", settings.show, name="mentor_settings"),
    path("mentor/settings/photo", settings.change_photo, name="mentor_photo"),
    path("photos/<slug:name>.webp", photos.show, name="photo"),
]
