"""The table of contents: which door answers which address."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from openmentor.api import webhooks
from openmentor.api.root import api

urlpatterns = [
    path("api/", api.urls),
    path("webhooks/<slug:provider>", webhooks.hear),
    path("admin/login/", secure_admin_login(admin.site.login)),
    path("admin/", admin.site.urls),
    path("", include("openmentor.web.urls")),
]
handler429 = "openmentor.web.refusals.too_often"
