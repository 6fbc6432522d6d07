"""Routes of the producers app."""

from __future__ import annotations

from django.urls import path

from producers.views import (
    dossiers,
    offers,
    papers,
    products,
    profiles,
    proposals,
    public,
    registry,
    registry_entries,
    registry_lists,
    synonyms,
)
from producers.views.officers import bulk, figures
from producers.views.officers import paper as desk_paper
from producers.views.officers import queue as desk_queue

app_name = "producers"
urlpatterns = [
    path("producer/profile/", profiles.profile, name="profile"),
    path("producer/products/", products.product_list, name="product_list"),
    path("producer/products/new/", products.product_create, name="product_create"),
    path("producer/products/<int:pk>/", products.product_edit, name="product_edit"),
    path("producer/products/<int:pk>/archive/", products.product_archive, name="product_archive"),
    path("producer/products/<int:pk>/restore/", products.product_restore, name="product_restore"),
    path("producer/products/<int:pk>/dossier/", dossiers.product_dossier, name="product_dossier"),
    path(
        "producer/products/<int:pk>/dossier/zip/",
        dossiers.product_dossier_zip,
        name="product_dossier_zip",
    ),
    path("producer/papers/", papers.paper_list, name="paper_list"),
    path("producer/papers/new/", papers.paper_create, name="paper_create"),
    path("producer/papers/<int:pk>/", papers.paper_edit, name="paper_edit"),
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
    path("officer/papers/", desk_queue.paper_queue, name="officer_papers"),
    path("officer/papers/bulk/", bulk.paper_bulk, name="officer_bulk"),
    path("officer/papers/figures/", figures.desk_figures_page, name="officer_figures"),
    path("officer/papers/decisions/", bulk.batch_list, name="officer_batches"),
    path("officer/papers/decisions/<int:pk>/", bulk.batch_detail, name="officer_batch"),
    path("officer/papers/decisions/<int:pk>/undo/", bulk.batch_undo, name="officer_batch_undo"),
    path("officer/papers/<int:pk>/", desk_paper.paper_detail, name="officer_paper"),
    path("officer/papers/<int:pk>/file/", desk_paper.paper_file, name="officer_paper_file"),
    path("officer/papers/<int:pk>/take/", desk_paper.paper_take, name="officer_paper_take"),
    path("officer/papers/<int:pk>/verify/", desk_paper.paper_verify, name="officer_paper_verify"),
    path(
        "officer/papers/<int:pk>/<slug:step>/", desk_paper.paper_decide, name="officer_paper_decide"
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
    path("officer/registers/", registry_lists.registry_home, name="registry_home"),
    path("officer/registers/coverage/", registry_lists.coverage, name="registry_coverage"),
    path("officer/registers/lists/<int:pk>/", registry_lists.list_detail, name="registry_list"),
    path(
        "officer/registers/lists/<int:pk>/<slug:step>/",
        registry_lists.list_change,
        name="registry_list_change",
    ),
    path("officer/registers/queue/", registry.queue, name="registry_queue"),
    path("officer/registers/confirm/", registry.confirm, name="registry_confirm"),
    path(
        "officer/registers/confirmed/<uuid:batch>/undo/",
        registry.undo_confirmed,
        name="registry_undo_confirmed",
    ),
    path(
        "officer/registers/entries/<int:pk>/", registry_entries.entry_detail, name="registry_entry"
    ),
    path(
        "officer/registers/entries/<int:pk>/decide/",
        registry_entries.entry_decide,
        name="registry_decide",
    ),
    path(
        "officer/registers/entries/<int:pk>/take/<slug:kind>/",
        registry_entries.entry_take,
        name="registry_take",
    ),
    path(
        "officer/registers/decisions/<int:pk>/undo/",
        registry_entries.decision_undo,
        name="registry_undo",
    ),
    path("producers/<int:pk>/", public.producer_page, name="producer_detail"),
    path("producers/<int:pk>/logo/", public.producer_logo, name="producer_logo"),
    path("products/<int:pk>/", public.product_page, name="product_detail"),
    path("products/<int:pk>/photo/", public.product_photo, name="product_photo"),
]
