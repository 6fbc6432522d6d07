"""Public home, role home, the living style guide and the development mailbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.web import mailbox, styleguide_samples
from core.web.actor import acting
from core.web.panels import panels_for

FIGURES_SECONDS: Final = 60
MAILS_PER_PAGE: Final = 25
# The mail's own markup may carry styles, as mails must, and nothing else.
MAIL_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'self'"
)


def live_figures() -> dict[str, int]:
    """Return offers, requests, matches, producers and provinces, counted within the last minute.

    The counting callable is named by ``settings.PORTAL_FIGURES``; without one there are none.
    """
    path: str = getattr(settings, "PORTAL_FIGURES", "")
    if not path:
        return {}
    counted = cache.get_or_set("portal-figures", import_string(path), FIGURES_SECONDS)
    return counted or {}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show strangers what the portal does, with live figures."""
    return render(request, "web/home.html", {"figures": live_figures()})


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the acting person what needs them now: the panels that apps registered."""
    actor = acting(request)
    context = {"actor": actor, "panels": panels_for(actor)}
    return render(request, "web/dashboard.html", context)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in all its states; in debug only."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "web/styleguide.html", styleguide_samples.context())


@require_safe
def mailbox_list(request: HttpRequest) -> HttpResponse:
    """List the mails of the development sink, newest first."""
    folder = _mailbox_folder()
    page = Paginator(mailbox.newest_keys(folder), MAILS_PER_PAGE).get_page(request.GET.get("page"))
    found = (mailbox.read_summary(folder, key) for key in page.object_list)
    mails = [mail for mail in found if mail is not None]
    return render(request, "web/mailbox_list.html", {"mails": mails, "page_obj": page})


@require_safe
def mailbox_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show one mail of the development sink."""
    return render(request, "web/mailbox_detail.html", {"mail": _mail_or_404(key)})


@require_safe
@xframe_options_sameorigin
def mailbox_html(_request: HttpRequest, key: str) -> HttpResponse:
    """Serve the HTML part of one mail for the sandboxed frame of its page."""
    mail = _mail_or_404(key)
    if mail.html is None:
        raise Http404
    headers = {"Content-Security-Policy": MAIL_POLICY, "Referrer-Policy": "no-referrer"}
    return HttpResponse(f'<base target="_top">{mail.html}', headers=headers)


def _mailbox_folder() -> Path:
    folder: Any = getattr(settings, "MAILBOX_DIR", None)
    if not folder:
        raise Http404
    return Path(folder)


def _mail_or_404(key: str) -> mailbox.Mail:
    mail = mailbox.read_mail(_mailbox_folder(), key)
    if mail is None:
        raise Http404
    return mail
