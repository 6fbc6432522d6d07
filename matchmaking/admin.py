"""Matches, decisions and rulesets to look at; changing them is the services' work."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from matchmaking.models import Decision, Impression, Match, Ruleset, Shortfall


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Ruleset)
class RulesetAdmin(ReadOnlyAdmin):
    list_display = ("version", "is_active", "note", "created_at")


@admin.register(Match)
class MatchAdmin(ReadOnlyAdmin):
    list_display = ("id", "offer", "request", "status", "score", "changed_at")
    list_filter = ("status",)
    list_select_related = ("offer__product", "offer__unit", "request__unit")
    show_full_result_count = False


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("match", "side", "verdict", "reason", "channel", "decided_at")
    list_filter = ("verdict", "reason", "channel")


@admin.register(Impression)
class ImpressionAdmin(ReadOnlyAdmin):
    list_display = ("match_id", "side", "channel", "place", "shown_on")
    list_filter = ("channel", "side")
    show_full_result_count = False


@admin.register(Shortfall)
class ShortfallAdmin(ReadOnlyAdmin):
    list_display = ("producer", "share", "counted_on")
    list_select_related = ("producer__organisation",)
