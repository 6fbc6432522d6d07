"""Read-only views of documents for administrators: names and sizes, never the files."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.search.admin import SearchAdmin
from core.vault.models import Document, Handover, PacketShare


class LookOnlyAdmin(SearchAdmin[Any]):
    """Looks, never writes."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Document)
class DocumentAdmin(LookOnlyAdmin):
    list_display = ["title", "organisation", "type", "size", "version", "uploaded_at"]
    list_select_related = ["organisation"]
    list_filter = ["type", "kind"]
    search_fields = ["title", "organisation__name"]
    exclude = ["file"]


@admin.register(PacketShare)
class PacketShareAdmin(LookOnlyAdmin):
    list_display = ["title", "organisation", "receiver", "until", "withdrawn_at"]
    list_select_related = ["organisation", "receiver"]
    search_fields = ["title", "organisation__name", "receiver__name"]


@admin.register(Handover)
class HandoverAdmin(LookOnlyAdmin):
    list_display = ["share", "fetched_at", "fetched_by", "size"]
    list_select_related = ["share", "fetched_by"]
