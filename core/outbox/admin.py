"""Duties for the administrator: looked at, retried or skipped with a reason, never edited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.outbox import inbox
from core.outbox.models import DutyStatus, InboxMessage


class DecisionForm(ActionForm):
    reason = forms.CharField(
        required=False, max_length=200, label=_("Reason (needed to skip)"), strip=True
    )


class StandingFilter(admin.SimpleListFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("dead", _("Dead")), ("overdue", _("Overdue"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[InboxMessage]
    ) -> QuerySet[InboxMessage]:
        wanted = {
            "dead": Q(status=DutyStatus.DEAD),
            "overdue": Q(status=DutyStatus.PENDING, next_attempt_at__lte=Now()),
        }.get(self.value() or "")
        return queryset.filter(wanted) if wanted else queryset


@admin.register(InboxMessage)
class DutyAdmin(admin.ModelAdmin[InboxMessage]):
    """Duties as they are: nothing is edited here, only retried or skipped with a reason."""

    list_display = (
        "id",
        "consumer",
        "event_type",
        "status",
        "dead_reason",
        "start_count",
        "fail_count",
        "next_attempt_at",
        "last_error",
    )
    list_filter = (StandingFilter, "dead_reason")
    list_select_related = ("message",)
    search_fields = ("=id", "consumer", "=message__correlation_id")
    ordering = ("-id",)
    show_full_result_count = False
    action_form = DecisionForm
    actions = ("retry_duties", "skip_duties")

    @admin.display(description=_("event"))
    def event_type(self, duty: InboxMessage) -> str:
        return duty.message.type

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: InboxMessage | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: InboxMessage | None = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("outbox.decide_duty")

    @admin.action(description=_("Retry the chosen duties"), permissions=["decide"])
    def retry_duties(self, request: HttpRequest, chosen: QuerySet[InboxMessage]) -> None:
        ids = list(chosen.values_list("pk", flat=True))
        count = inbox.retry(ids, by_user_id=request.user.pk)
        self._record(request, chosen, "Retried.")
        self.message_user(request, _("%(count)d duties start afresh.") % {"count": count})

    @admin.action(description=_("Skip the chosen duties"), permissions=["decide"])
    def skip_duties(self, request: HttpRequest, chosen: QuerySet[InboxMessage]) -> None:
        reason = request.POST.get("reason", "")
        ids = list(chosen.values_list("pk", flat=True))
        if not reason.strip():
            text = _("Write the reason beside the action, then run it again.")
            self.message_user(request, text, messages.ERROR)
            return
        count = inbox.skip(ids, reason=reason, by_user_id=request.user.pk)
        self._record(request, chosen, f"Skipped: {reason.strip()[:200]}")
        self.message_user(request, _("%(count)d duties are discarded.") % {"count": count})

    def _record(self, request: HttpRequest, chosen: QuerySet[InboxMessage], text: str) -> None:
        for duty in chosen:
            self.log_change(request, duty, text)
