"""Looking at the catalogue; it is changed by files."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.catalogue.models import FormerSet, ProductCategory, SynonymProposal, Unit


class ReadOnlyAdmin(admin.ModelAdmin[Model]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(ProductCategory)
class ProductCategoryAdmin(ReadOnlyAdmin):
    list_display = (
        "code",
        "name_vi",
        "level",
        "parent",
        "default_unit",
        "storage",
        "hs_heading",
        "is_active",
    )
    list_filter = ("level", "storage", "is_active")
    list_select_related = ("parent", "default_unit")
    search_fields = ("code", "name_vi", "name_en", "name_folded")


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    list_display = ("code", "name_vi", "dimension", "to_base")
    list_filter = ("dimension",)


@admin.register(FormerSet)
class FormerSetAdmin(ReadOnlyAdmin):
    list_display = ("criteria_version", "number", "name_vi", "sets_today")
    list_filter = ("criteria_version",)


@admin.register(SynonymProposal)
class SynonymProposalAdmin(ReadOnlyAdmin):
    list_display = ("term", "category", "state", "times_chosen", "last_chosen_at", "decided_at")
    list_filter = ("state",)
    list_select_related = ("category",)
    search_fields = ("term", "example")
