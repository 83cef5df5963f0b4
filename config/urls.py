"""The table of contents: which door answers which address."""

from django.contrib import admin
from django.urls import include, path

from openmentor.api.root import api

urlpatterns = [
    path("api/", api.urls),
    path("admin/", admin.site.urls),
    path("", include("openmentor.web.urls")),
]
