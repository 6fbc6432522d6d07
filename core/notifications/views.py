"""The notification centre, the preferences and the one-click unsubscribe."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.accounts.models import User
from core.notifications import selectors, services
from core.notifications.enums import Choice, Via
from core.notifications.forms import PreferencesForm
from core.notifications.models import Notification
from core.notifications.sending import links, rendering

_PER_PAGE = 20


@login_required
@require_GET
def centre(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    page = Paginator(selectors.notifications_of(user), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "page_obj": page,
        "items": [_item(notification) for notification in page],
        "unseen": selectors.unseen_count(user),
    }
    return render(request, "notifications/centre.html", context)


@login_required
@require_POST
def see_all(request: HttpRequest) -> HttpResponse:
    services.mark_all_seen(user=cast("User", request.user))
    return redirect("notifications:list")


@login_required
@require_POST
def open_notification(request: HttpRequest, notification_id: int) -> HttpResponse:
    user = cast("User", request.user)
    notification = selectors.notifications_of(user).filter(pk=notification_id).first()
    if notification is None:
        raise Http404
    services.mark_seen(user=user, notification_id=notification_id)
    line = rendering.line_of(notification)
    if line is None or not line[1]:
        return redirect("notifications:list")
    return redirect(links.local_path(line[1]))


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    now = selectors.choices_of(user)
    form = PreferencesForm(request.POST or None, choices_now=now)
    if request.method == "POST" and form.is_valid():
        for topic, choice in form.chosen().items():
            if choice != now[topic]:
                services.choose(user_id=user.pk, topic=topic, choice=choice, via=Via.PORTAL)
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form})


@csrf_exempt  # a mail program posts here without a session; the token says who and what
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show a page on GET, because scanners open links; act on POST, without login."""
    wanted = links.read_unsubscribe_token(token)
    if wanted is None:
        raise Http404
    user_id, topic = wanted
    if request.method == "POST" and topic is None:
        services.stop_digests(user_id=user_id, via=Via.ONE_CLICK)
    elif request.method == "POST" and topic is not None:
        services.choose(user_id=user_id, topic=topic, choice=Choice.OFF, via=Via.ONE_CLICK)
    context = {
        "topic_name": topic.label if topic else _("Daily summary"),
        "is_done": request.method == "POST",
    }
    return render(request, "notifications/unsubscribe.html", context)


def _item(notification: Notification) -> dict[str, object]:
    line = rendering.line_of(notification)
    return {
        "notification": notification,
        "line": line[0] if line else _("This message is no longer for you or no longer current."),
        "has_page": bool(line and line[1]),
    }
