"""Reading fairs in the administration; changes go through the services."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.search.admin import SearchAdmin
from fairs.models import DeadlineMark, Fair, Participation

M = TypeVar("M", bound=Model)


class ReadOnlyAdmin(SearchAdmin[M]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Fair)
class FairAdmin(ReadOnlyAdmin[Fair]):
    list_display = ("name", "kind", "organiser", "province", "opens_on", "closes_on", "phase")
    list_filter = ("kind", "phase")
    list_select_related = ("organiser", "province")
    search_fields = ("name", "organiser__name")
    date_hierarchy = "opens_on"


@admin.register(Participation)
class ParticipationAdmin(ReadOnlyAdmin[Participation]):
    list_display = ("organisation", "fair", "status", "booths_wanted", "booths_granted", "version")
    list_filter = ("status",)
    list_select_related = ("organisation", "fair")
    search_fields = ("organisation__name", "fair__name")


@admin.register(DeadlineMark)
class DeadlineMarkAdmin(ReadOnlyAdmin[DeadlineMark]):
    list_display = ("fair", "code", "done_on", "reference", "recorded_by")
    list_filter = ("code",)
    list_select_related = ("fair", "recorded_by")
