"""Pages on which a buyer keeps its tree: group, banners, outlets."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from buyers import rules, selectors, services
from buyers.forms import BannerForm, GroupForm, OutletForm, OutletLinesForm
from buyers.forms.chain import RefusingForm
from buyers.models import Banner, BuyerGroup, Outlet
from core.accounts.models import Organisation
from core.kernel.errors import InvalidInputError, NotAllowedError
from core.search.query import LONGEST_TEXT
from core.web.actor import acting, buyer_required


@require_safe
@buyer_required
def chain(request: HttpRequest) -> HttpResponse:
    """Show the tree with its counts."""
    actor = acting(request)
    search = request.GET.get("q", "")[:LONGEST_TEXT].strip()
    banners = list(selectors.chain_of(actor.organisation_id, search=search))
    context = {
        "organisation": actor.organisation,
        "group": selectors.group_of(actor),
        "banners": banners,
        "search": search,
        "outlet_count": selectors.outlets_of(actor.organisation_id).count(),
        "can_prepare": rules.can_prepare(actor),
    }
    return render(request, "buyers/chain.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def group_edit(request: HttpRequest) -> HttpResponse:
    """Change what the buyer says of itself."""
    organisation = _preparing(request)
    form = GroupForm(request.POST or None, initial=_said_by(selectors.group_of(acting(request))))
    if request.method == "POST" and _done(
        form,
        lambda: services.revise_group(group_id=_group_id(organisation), details=form.details()),
    ):
        messages.success(request, _("Saved."))
        return redirect("buyers:chain")
    return _form_page(request, form, title=_("About you as a buyer"))


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def banner_create(request: HttpRequest) -> HttpResponse:
    """Add a banner."""
    organisation = _preparing(request)
    form = BannerForm(request.POST or None)
    if request.method == "POST" and _done(
        form,
        lambda: services.add_banner(
            group_id=_group_id(organisation), name=form.cleaned_data["name"]
        ),
    ):
        messages.success(request, _("The banner is added. Now add its outlets."))
        return redirect("buyers:chain")
    return _form_page(request, form, title=_("Add a banner"))


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def banner_edit(request: HttpRequest, banner_id: int) -> HttpResponse:
    """Rename a banner."""
    banner = _banner(request, banner_id)
    form = BannerForm(request.POST or None, initial={"name": banner.name})
    if request.method == "POST" and _done(
        form, lambda: services.revise_banner(banner_id=banner.pk, name=form.cleaned_data["name"])
    ):
        messages.success(request, _("Saved."))
        return redirect("buyers:chain")
    return _form_page(request, form, title=_("Rename the banner"))


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def banner_archive(request: HttpRequest, banner_id: int) -> HttpResponse:
    """Take a banner out of use, after asking."""
    banner = _banner(request, banner_id)
    if request.method == "POST":
        services.archive_banner(banner_id=banner.pk)
        messages.success(request, _("“%(name)s” is archived.") % {"name": banner.name})
        return redirect("buyers:chain")
    text = _("The banner and all its outlets leave your lists. Past requests keep their record.")
    named = selectors.open_requests_naming(banner_id=banner.pk)
    return _confirm(request, name=banner.name, text=text, named=named)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def outlet_create(request: HttpRequest, banner_id: int) -> HttpResponse:
    """Add one outlet."""
    banner = _banner(request, banner_id)
    form = OutletForm(request.POST or None)
    if request.method == "POST" and _done(
        form, lambda: services.add_outlet(banner_id=banner.pk, details=form.details())
    ):
        messages.success(request, _("The outlet is added."))
        if "another" in request.POST:
            return redirect("buyers:outlet_create", banner.pk)
        return redirect("buyers:chain")
    title = _("Add an outlet of %(banner)s") % {"banner": banner}
    return _form_page(request, form, title=title, adds_many=True)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def outlet_edit(request: HttpRequest, outlet_id: int) -> HttpResponse:
    """Change one outlet."""
    outlet = _outlet(request, outlet_id)
    form = OutletForm(request.POST or None, stored=outlet)
    if request.method == "POST" and _done(
        form, lambda: services.revise_outlet(outlet_id=outlet.pk, details=form.details())
    ):
        messages.success(request, _("Saved."))
        return redirect("buyers:chain")
    return _form_page(request, form, title=_("Change the outlet"))


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def outlet_archive(request: HttpRequest, outlet_id: int) -> HttpResponse:
    """Take an outlet out of use, after asking."""
    outlet = _outlet(request, outlet_id)
    if request.method == "POST":
        services.archive_outlet(outlet_id=outlet.pk)
        messages.success(request, _("“%(name)s” is archived.") % {"name": outlet.name})
        return redirect("buyers:chain")
    text = _("The outlet leaves your lists. Past requests keep their record.")
    named = selectors.open_requests_naming(outlet_id=outlet.pk)
    return _confirm(request, name=outlet.name, text=text, named=named)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def outlet_paste(request: HttpRequest, banner_id: int) -> HttpResponse:
    """Add many outlets from pasted lines: read, shown, then added."""
    banner = _banner(request, banner_id)
    form = OutletLinesForm(request.POST or None, banner_id=banner.pk)
    is_readable = request.method == "POST" and form.is_valid()
    if (
        is_readable
        and "add" in request.POST
        and _done(form, lambda: services.add_outlets(banner_id=banner.pk, details=form.details()))
    ):
        count = len(form.rows)
        sentence = ngettext("%(count)s outlet added.", "%(count)s outlets added.", count)
        messages.success(request, sentence % {"count": count})
        return redirect("buyers:chain")
    context = {"form": form, "banner": banner, "is_readable": is_readable}
    return render(request, "buyers/outlet_paste.html", context)


def _preparing(request: HttpRequest) -> Organisation:
    actor = acting(request)
    if actor.organisation is None or not rules.can_prepare(actor):
        raise NotAllowedError(
            _("You can look at outlets, not change them. Ask an owner for the editor's role.")
        )
    return actor.organisation


def _group_id(organisation: Organisation) -> int:
    """Return the group's id, making the group of an organisation that waits for approval."""
    group_id: int = services.register_buyer_group(organisation_id=organisation.pk).pk
    return group_id


def _said_by(group: BuyerGroup | None) -> dict[str, object]:
    names = ("summary", "website", "payment_days")
    return {name: getattr(group, name) for name in names} if group else {}


def _banner(request: HttpRequest, banner_id: int) -> Banner:
    organisation = _preparing(request)
    return get_object_or_404(selectors.banners_of(organisation.pk), pk=banner_id)


def _outlet(request: HttpRequest, outlet_id: int) -> Outlet:
    organisation = _preparing(request)
    return get_object_or_404(selectors.outlets_of(organisation.pk), pk=outlet_id)


def _done(form: RefusingForm, change: Callable[[], object]) -> bool:
    """Run the service on a valid form; what it refuses is shown in the form."""
    if not form.is_valid():
        return False
    try:
        change()
    except InvalidInputError as error:
        form.refuse(error)
        return False
    return True


def _form_page(
    request: HttpRequest, form: RefusingForm, *, title: str, adds_many: bool = False
) -> HttpResponse:
    context = {"form": form, "title": title, "adds_many": adds_many}
    return render(request, "buyers/chain_form.html", context)


def _confirm(request: HttpRequest, *, name: str, text: str, named: int) -> HttpResponse:
    if named:
        sentence = ngettext(
            "%(count)s open request names it and will be matched again without it.",
            "%(count)s open requests name it and will be matched again without it.",
            named,
        )
        text = f"{text} {sentence % {'count': named}}"
    context = {
        "title": _("Archive “%(name)s”?") % {"name": name},
        "text": text,
        "action": _("Archive"),
        "cancel_url": reverse("buyers:chain"),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)
