"""Looking at the geography, changed by files and services; groupings are edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ManyToManyField, Model
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest

from core.places import selectors, services
from core.places.models import AdminUnit, GateSchedule, ProvincePact, RoadLink, RoadNode, UnitGroup


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


@admin.register(UnitGroup)
class UnitGroupAdmin(admin.ModelAdmin[UnitGroup]):
    """What is saved here stays; a grouping of the files comes back with a load once deleted."""

    list_display = ("code", "name_vi", "is_region", "by_hand", "source")
    fields = ("code", "name_vi", "name_en", "is_region", "source", "members")
    filter_horizontal = ("members",)
    search_fields = ("code", "name_vi", "name_en")

    def get_readonly_fields(
        self, request: HttpRequest, obj: UnitGroup | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        kwargs["queryset"] = selectors.provinces()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: UnitGroup, form: Any, change: object) -> None:
        services.save_group(group=obj, members=form.cleaned_data["members"])


@admin.register(GateSchedule)
class GateScheduleAdmin(ReadOnlyAdmin):
    list_display = ("node", "status", "opens_at", "closes_at", "valid_from", "valid_to")
    list_filter = ("status",)
    list_select_related = ("node",)
