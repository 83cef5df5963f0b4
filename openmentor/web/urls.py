"""The pages, as a table of contents."""

from django.conf import settings
from django.urls import include, path

from openmentor.web import account_pages, styleguide, themes, zones

urlpatterns = [
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
