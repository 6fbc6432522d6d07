"""Read-only views of producers for administrators; every change goes through a service."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.search.admin import SearchAdmin
from producers.models import Paper, Producer, Product, SupplyOffer


class ReadOnlyAdmin(SearchAdmin[Any]):
    """Looks, never writes."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Producer)
class ProducerAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "can_issue_invoice", "has_cold_storage"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name"]


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    list_display = ["name", "producer", "category", "storage", "is_archived"]
    list_select_related = ["producer__organisation", "category"]
    list_filter = ["storage", "is_archived"]
    search_fields = ["name"]
    search_codes = ["gtin"]


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "producer", "status", "grade", "valid_from", "valid_to"]
    list_select_related = ["producer__organisation"]
    list_filter = ["status", "kind"]
    search_fields = ["number", "product__name", "producer__organisation__name"]
    search_codes = ["number"]


@admin.register(SupplyOffer)
class SupplyOfferAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "producer", "status", "available_from", "available_to", "version"]
    list_select_related = ["producer__organisation", "product", "unit"]
    list_filter = ["status"]
    search_fields = ["product__name"]
