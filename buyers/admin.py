"""Reading buyers in the administration; changes go through the services."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from buyers.models import Banner, BuyerGroup, DemandRequest, Outlet
from core.search.admin import SearchAdmin

M = TypeVar("M", bound=Model)


class ReadOnlyAdmin(SearchAdmin[M]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(BuyerGroup)
class BuyerGroupAdmin(ReadOnlyAdmin[BuyerGroup]):
    list_display = ("organisation", "website", "payment_days", "version")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name",)


@admin.register(Banner)
class BannerAdmin(ReadOnlyAdmin[Banner]):
    list_display = ("name", "group", "is_archived")
    list_filter = ("is_archived",)
    list_select_related = ("group__organisation",)
    search_fields = ("name",)


@admin.register(Outlet)
class OutletAdmin(ReadOnlyAdmin[Outlet]):
    list_display = ("name", "banner", "kind", "province", "is_archived")
    list_filter = ("kind", "is_archived")
    list_select_related = ("banner", "province")
    search_fields = ("name", "address")


@admin.register(DemandRequest)
class DemandRequestAdmin(ReadOnlyAdmin[DemandRequest]):
    list_display = (
        "id",
        "words",
        "group",
        "status",
        "quantity_base",
        "dimension",
        "needed_from",
        "needed_to",
        "version",
    )
    list_filter = ("status", "dimension", "minimum_stars")
    list_select_related = ("group__organisation",)
    search_fields = ("words", "group__organisation__name")
    date_hierarchy = "needed_from"
