"""Routes of the matchmaking app."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "matchmaking"
urlpatterns: list[URLPattern] = []
