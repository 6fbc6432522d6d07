"""Routes of the places app."""

from __future__ import annotations

from django.urls import path

from core.places import views

app_name = "places"
urlpatterns = [
    path("communes/", views.commune_options, name="communes"),
    path("addresses/", views.addresses, name="addresses"),
    path("addresses/list/", views.address_list, name="address_list"),
]
