"""Routes of the document vault."""

from __future__ import annotations

from django.urls import path

from core.vault.views import adding, documents

app_name = "vault"
urlpatterns = [
    path("", documents.document_list, name="document_list"),
    path("new/", adding.document_add, name="document_add"),
    path("packets/", documents.packet_list, name="packet_list"),
    path("shares/<int:pk>/withdraw/", documents.share_withdraw, name="share_withdraw"),
    path("<int:pk>/", documents.document_detail, name="document_detail"),
    path("<int:pk>/replace/", documents.document_replace, name="document_replace"),
    path("<int:pk>/archive/", documents.document_archive, name="document_archive"),
    path("<int:pk>/restore/", documents.document_restore, name="document_restore"),
    path("<int:pk>/delete/", documents.document_delete, name="document_delete"),
    path("<int:pk>/file/", documents.document_file, name="document_file"),
    path("<int:pk>/preview/", documents.document_preview, name="document_preview"),
]
