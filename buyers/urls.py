"""Routes of the buyers app."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "buyers"
urlpatterns: list[URLPattern] = []
