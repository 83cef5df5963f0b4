"""The pages, as a table of contents."""

from django.conf import settings
from django.urls import include, path

from openmentor.web import (
    account_pages,
    booking,
    directory,
    home,
    moves,
    my_payments,
    my_sessions,
    payment,
    payment_returns,
    profile,
    rescheduling,
    sessions,
    styleguide,
    themes,
    zones,
)

urlpatterns = [
    path("", home.show, name="home"),
    path("mentors", directory.show, name="mentors"),
    path("mentors/<str:handle>", profile.show, name="mentor_page"),
    path("mentors/<str:handle>/book", booking.book, name="book"),
    path("", include("openmentor.web.mentor_house.urls")),
    path("", include("openmentor.web.packs.urls")),
    path("", include("openmentor.web.requests.urls")),
    path("", include("openmentor.web.groups.urls")),
    path("my-sessions", my_sessions.show, name="my_sessions"),
    path("sessions/<str:reference>.ics", sessions.calendar_file, name="session_file"),
    path("sessions/<str:reference>", sessions.show, name="session"),
    path("sessions/<str:reference>/confirmation", sessions.confirmation, name="confirmation"),
    path("sessions/<str:reference>/cancel", moves.cancel, name="session_cancel"),
    path("sessions/<str:reference>/reschedule", rescheduling.reschedule, name="session_reschedule"),
    path("sessions/<str:reference>/complete", moves.complete, name="session_complete"),
    path("sessions/<str:reference>/no-show", moves.no_show, name="session_no_show"),
    path("sessions/<str:reference>/payment", payment.show, name="payment"),
    path("payments/<str:reference>", payment_returns.show, name="order"),
    path("payments/<str:reference>/return", payment_returns.come_back, name="order_return"),
    path("payments/<str:reference>/checking", payment_returns.check, name="order_checking"),
    path("my-payments", my_payments.show, name="my_payments"),
    path("my-payments/<str:reference>/receipt", my_payments.receipt, name="receipt"),
    path("", include("openmentor.web.staff.urls")),
    path("", include("openmentor.web.post.urls")),
    path("zone", zones.choose, name="zone"),
    path("theme", themes.choose, name="theme"),
    path("account/profile", account_pages.profile, name="profile"),
    path("account/tokens", account_pages.access_tokens, name="access_tokens"),
    path("account/tokens/new", account_pages.create_token, name="create_token"),
    path("account/tokens/<str:reference>/revoke", account_pages.revoke_token, name="revoke_token"),
    path("account/sign-ins/<uuid:sid>/end", account_pages.end_sign_in, name="end_sign_in"),
    path("account/", include("allauth.urls")),
]

if settings.DEMO:
    urlpatterns += [path("styleguide", styleguide.show, name="styleguide")]
