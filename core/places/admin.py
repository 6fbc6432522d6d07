"""Looking at the geography; it is changed by files and services."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.places.models import AdminUnit, ProvincePact, RoadLink, RoadNode


class ReadOnlyAdmin(admin.ModelAdmin[Model]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(AdminUnit)
class AdminUnitAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "kind", "level", "parent", "valid_from", "valid_to")
    list_filter = ("level", "kind", "valid_to")
    list_select_related = ("parent",)
    search_fields = ("code", "name", "name_folded")


@admin.register(RoadLink)
class RoadLinkAdmin(ReadOnlyAdmin):
    list_display = ("start", "end", "road", "km", "truck_hours", "status", "opens_on")
    list_filter = ("status", "road_class")
    list_select_related = ("start", "end")


@admin.register(RoadNode)
class RoadNodeAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "kind", "province")
    list_filter = ("kind",)
    list_select_related = ("province",)


@admin.register(ProvincePact)
class ProvincePactAdmin(ReadOnlyAdmin):
    list_display = ("name", "a", "b", "scope", "signed_on", "valid_to", "confidence")
    list_select_related = ("a", "b")
