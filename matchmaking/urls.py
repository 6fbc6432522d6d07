"""Routes of the matchmaking app."""

from __future__ import annotations

from django.urls import path

from matchmaking.views import dossiers, matches, readiness

app_name = "matchmaking"
urlpatterns = [
    path("matches/", matches.match_list, name="match_list"),
    path("matches/check/", matches.check, name="check"),
    path("matches/why/", matches.why, name="why"),
    path("matches/<int:match_id>/", matches.match_detail, name="match_detail"),
    path("matches/<int:match_id>/accept/", matches.accept, name="accept"),
    path("matches/<int:match_id>/decline/", matches.decline, name="decline"),
    path("matches/<int:match_id>/take-back/", matches.take_back, name="take_back"),
    path("matches/<int:match_id>/dossier/", dossiers.dossier, name="dossier"),
    path("matches/<int:match_id>/dossier/zip/", dossiers.dossier_zip, name="dossier_zip"),
    path("matches/<int:match_id>/dossier/fetch/", dossiers.dossier_fetch, name="dossier_fetch"),
    path(
        "producer/readiness/<int:product_id>/dossier/",
        dossiers.chain_dossier,
        name="chain_dossier",
    ),
    path(
        "producer/readiness/<int:product_id>/dossier/zip/",
        dossiers.chain_dossier_zip,
        name="chain_dossier_zip",
    ),
    path("producer/readiness/", readiness.own_products, name="readiness"),
    path(
        "producer/readiness/<int:product_id>/", readiness.product_detail, name="readiness_product"
    ),
    path("buyer/suppliers/", readiness.supplier_list, name="suppliers"),
    path(
        "buyer/requirements/<int:profile_id>/publish/",
        readiness.profile_publish,
        name="profile_publish",
    ),
    path("officer/readiness/", readiness.officer_blockers, name="blockers"),
    path("m/<str:token>/", matches.answer, name="answer"),
]
