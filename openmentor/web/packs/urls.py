"""The pages of packs, seats and mentorships."""

from django.urls import path

from openmentor.web.packs import buying, lines, mentees, mine, offers

urlpatterns = [
    path("my-mentorships", mine.show, name="my_mentorships"),
    path("packs/<str:reference>", mine.pack, name="pack"),
    path("packs/<str:reference>/refund", mentees.refund, name="pack_refund"),
    path("packs/<str:reference>/release", mentees.release, name="seat_release"),
    path("pack-offers/<str:reference>/buy", buying.buy, name="pack_buy"),
    path("pack-payments/<str:reference>", buying.pay, name="pack_payment"),
    path("mentors/<str:handle>/seats", lines.show, name="seats"),
    path("mentors/<str:handle>/seats/leave", lines.leave, name="seats_leave"),
    path("mentor/mentees", mentees.show, name="mentor_mentees"),
    path("mentor/packs", offers.show, name="mentor_packs"),
    path("mentor/packs/new", offers.create, name="mentor_pack_new"),
    path("mentor/packs/<str:reference>", offers.change, name="mentor_pack"),
    path("mentor/packs/<str:reference>/switch", offers.switch, name="mentor_pack_switch"),
]
