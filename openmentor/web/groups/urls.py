"""The pages of group sessions."""

from django.urls import path

from openmentor.web.groups import browse, hosting, page, planning, taking_part

urlpatterns = [
    path("group-sessions", browse.show, name="group_sessions"),
    path("group-sessions/<str:reference>", page.show, name="group_session"),
    path("group-sessions/<str:reference>/join", taking_part.join, name="group_join"),
    path("group-sessions/<str:reference>/wait", taking_part.wait, name="group_wait"),
    path("group-sessions/<str:reference>/leave", taking_part.leave, name="group_leave"),
    path("group-sessions/<str:reference>/cancel", hosting.cancel, name="group_cancel"),
    path("group-sessions/<str:reference>/message", hosting.write, name="group_message"),
    path(
        "group-sessions/<str:reference>/participants",
        hosting.participants,
        name="group_participants",
    ),
    path(
        "group-sessions/<str:reference>/participants.csv",
        hosting.download,
        name="group_participants_file",
    ),
    path("mentor/group-sessions", planning.show, name="mentor_groups"),
    path("mentor/group-sessions/new", planning.create, name="group_new"),
    path("mentor/group-sessions/<str:reference>", planning.change, name="group_edit"),
]
