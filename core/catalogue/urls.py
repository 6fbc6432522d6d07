"""Routes of the catalogue app."""

from __future__ import annotations

from django.urls import path

from core.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("suggest/", views.suggest, name="suggest"),
]
