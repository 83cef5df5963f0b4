"""The pages about requests."""

from django.urls import path

from openmentor.web.requests import answering, asking, board, claiming, mine, picking

urlpatterns = [
    path("mentors/<str:handle>/request", asking.ask, name="ask"),
    path("sessions/<str:reference>/answer", answering.look, name="request_answer"),
    path("sessions/<str:reference>/accept", answering.accept, name="request_accept"),
    path("sessions/<str:reference>/reject", answering.reject, name="request_reject"),
    path("sessions/<str:reference>/propose", answering.propose, name="request_propose"),
    path("sessions/<str:reference>/pick", picking.pick, name="request_pick"),
    path("sessions/<str:reference>/instead", picking.take_another, name="request_instead"),
    path("requests", mine.show_all, name="requests"),
    path("requests/new", mine.post, name="request_new"),
    path("requests/<str:reference>", mine.show, name="request"),
    path("requests/<str:reference>/edit", mine.change, name="request_edit"),
    path("requests/<str:reference>/cancel", mine.cancel, name="request_cancel"),
    path("board", board.show_all, name="board"),
    path("board/<str:reference>", claiming.show, name="board_request"),
    path("board/<str:reference>/claim", claiming.claim, name="board_claim"),
    path("board/<str:reference>/release", claiming.release, name="board_release"),
    path("board/<str:reference>/schedule", claiming.schedule, name="board_schedule"),
]
