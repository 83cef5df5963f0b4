"""The pages about requests."""

from django.urls import path

from openmentor.web.requests import answering, asking, picking

urlpatterns = [
    path("mentors/<str:handle>/request", asking.ask, name="ask"),
    path("sessions/<str:reference>/answer", answering.look, name="request_answer"),
    path("sessions/<str:reference>/accept", answering.accept, name="request_accept"),
    path("sessions/<str:reference>/reject", answering.reject, name="request_reject"),
    path("sessions/<str:reference>/propose", answering.propose, name="request_propose"),
    path("sessions/<str:reference>/pick", picking.pick, name="request_pick"),
    path("sessions/<str:reference>/instead", picking.take_another, name="request_instead"),
]
