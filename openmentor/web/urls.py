"""The pages, as a table of contents."""

from django.conf import settings
from django.urls import include, path

from openmentor.web import styleguide, themes, zones

urlpatterns = [
    path("zone", zones.choose, name="zone"),
    path("theme", themes.choose, name="theme"),
    path("account/", include("allauth.urls")),
]

if settings.DEMO:
    urlpatterns += [path("styleguide", styleguide.show, name="styleguide")]
