"""Routes of the fairs app."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "fairs"
urlpatterns: list[URLPattern] = []
