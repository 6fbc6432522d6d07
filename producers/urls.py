"""Routes of the producers app."""

from __future__ import annotations

from django.urls import path

from producers.views import (
    offers,
    officers,
    papers,
    products,
    profiles,
    proposals,
    public,
    synonyms,
)

app_name = "producers"
urlpatterns = [
    path("producer/profile/", profiles.profile, name="profile"),
    path("producer/products/", products.product_list, name="product_list"),
    path("producer/products/new/", products.product_create, name="product_create"),
    path("producer/products/<int:pk>/", products.product_edit, name="product_edit"),
    path("producer/products/<int:pk>/archive/", products.product_archive, name="product_archive"),
    path("producer/products/<int:pk>/restore/", products.product_restore, name="product_restore"),
    path("producer/papers/", papers.paper_list, name="paper_list"),
    path("producer/papers/new/", papers.paper_create, name="paper_create"),
    path("producer/papers/<int:pk>/", papers.paper_edit, name="paper_edit"),
    path("producer/papers/<int:pk>/record/", papers.paper_record, name="paper_record"),
    path("producer/papers/<int:pk>/remove/", papers.paper_remove, name="paper_remove"),
    path("papers/<int:pk>/evidence/", papers.paper_evidence, name="paper_evidence"),
    path("papers/<int:pk>/preview/", papers.paper_preview, name="paper_preview"),
    path("producer/offers/", offers.offer_list, name="offer_list"),
    path("producer/offers/new/", offers.offer_create, name="offer_create"),
    path("producer/offers/communes/", offers.commune_options, name="commune_options"),
    path("producer/offers/<int:pk>/", offers.offer_detail, name="offer_detail"),
    path("producer/offers/<int:pk>/edit/", offers.offer_edit, name="offer_edit"),
    path("producer/offers/<int:pk>/publish/", offers.offer_publish, name="offer_publish"),
    path("producer/offers/<int:pk>/withdraw/", offers.offer_withdraw, name="offer_withdraw"),
    path("producer/offers/<int:pk>/restore/", offers.offer_restore, name="offer_restore"),
    path("producer/offers/<int:pk>/delete/", offers.offer_delete, name="offer_delete"),
    path("officer/papers/", officers.paper_queue, name="officer_papers"),
    path("officer/papers/<int:pk>/", officers.paper_detail, name="officer_paper"),
    path("officer/papers/<int:pk>/verify/", officers.paper_verify, name="officer_paper_verify"),
    path(
        "officer/papers/<int:pk>/<slug:step>/", officers.paper_decide, name="officer_paper_decide"
    ),
    path("officer/proposals/", proposals.proposal_queue, name="officer_proposals"),
    path(
        "officer/proposals/<int:pk>/confirm/",
        proposals.proposal_confirm,
        name="officer_proposal_confirm",
    ),
    path(
        "officer/proposals/<int:pk>/refuse/",
        proposals.proposal_refuse,
        name="officer_proposal_refuse",
    ),
    path("officer/proposals/<int:pk>/undo/", proposals.proposal_undo, name="officer_proposal_undo"),
    path("officer/words/", synonyms.synonym_list, name="officer_synonyms"),
    path(
        "officer/words/<int:pk>/<slug:step>/",
        synonyms.synonym_decide,
        name="officer_synonym_decide",
    ),
    path("producers/<int:pk>/", public.producer_page, name="producer_detail"),
    path("producers/<int:pk>/logo/", public.producer_logo, name="producer_logo"),
    path("products/<int:pk>/", public.product_page, name="product_detail"),
    path("products/<int:pk>/photo/", public.product_photo, name="product_photo"),
]
