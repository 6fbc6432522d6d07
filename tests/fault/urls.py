"""The addresses that mails of these tests name."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("core.notifications.urls"))]
