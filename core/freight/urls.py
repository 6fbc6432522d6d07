"""Routes of the desk of roads, gates and pacts."""

from __future__ import annotations

from django.urls import path

from core.freight.views import gates, links, pacts

app_name = "freight"
urlpatterns = [
    path("", links.link_list, name="link_list"),
    path("links/<int:link_id>/", links.link_detail, name="link_detail"),
    path("gates/", gates.gate_list, name="gate_list"),
    path("gates/<int:gate_id>/", gates.gate_detail, name="gate_detail"),
    path("pacts/", pacts.pact_list, name="pact_list"),
    path("pacts/new/", pacts.pact_create, name="pact_create"),
    path("pacts/<int:pact_id>/", pacts.pact_detail, name="pact_detail"),
]
