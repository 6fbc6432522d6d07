"""Routes of the producers app."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "producers"
urlpatterns: list[URLPattern] = []
