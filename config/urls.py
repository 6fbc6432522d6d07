"""Every address of the service."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from config.api import router

admin.site.site_header = "Nhịp Cầu"
admin.site.site_title = "Nhịp Cầu"

urlpatterns = [
    path("", include("core.web.urls")),
    path("", include("core.accounts.urls")),
    path("", include("core.notifications.urls")),
    path("places/", include("core.places.urls")),
    path("freight/", include("core.freight.urls")),
    path("lists/", include("core.imports.urls")),
    path("catalogue/", include("core.catalogue.urls")),
    path("documents/", include("core.vault.urls")),
    path("", include("producers.urls")),
    path("", include("buyers.urls")),
    path("", include("matchmaking.urls")),
    path("fairs/", include("fairs.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("api/", include("core.web.api_urls")),
    path("api/v1/", include(router.urls)),
    path("admin/", admin.site.urls),
]
