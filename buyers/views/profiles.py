"""Pages on which a buyer keeps what it asks of suppliers."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buyers import rules, selectors, services
from buyers.enums import ProfileStatus
from buyers.forms import ProfileForm, terms_of_default
from buyers.models import RequirementProfile
from core.accounts.models import Organisation
from core.catalogue.enums import PaperKind
from core.kernel.errors import InvalidInputError, NotAllowedError
from core.web.actor import acting, buyer_required
from core.web.templatetags.nhipcau import quantity


@require_safe
@buyer_required
def profile_list(request: HttpRequest) -> HttpResponse:
    """List the organisation's requirements, and the defaults it may start from."""
    actor = acting(request)
    own = list(
        selectors.profiles_of(actor).order_by("banner__name", "category__order_lo", "channel")
    )
    defaults = {one.default_code: one for one in reversed(selectors.chain_defaults())}
    drafts = _in_state(own, ProfileStatus.DRAFT)
    context = {
        "published": _in_state(own, ProfileStatus.PUBLISHED),
        "drafts": drafts,
        "draft": drafts[0][0] if drafts else None,
        "earlier": _in_state(own, ProfileStatus.SUPERSEDED),
        "defaults": list(defaults.values())[::-1],
        "can_prepare": rules.can_prepare(actor),
    }
    return render(request, "buyers/profile_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def profile_create(request: HttpRequest) -> HttpResponse:
    """Write requirements down as a draft, from nothing or from an unverified default."""
    organisation = _preparing(request)
    stored = _start(request.GET.get("from", "")[:20])
    form = ProfileForm(request.POST or None, organisation=organisation, stored=stored)
    if request.method == "POST" and form.is_valid():
        group = services.register_buyer_group(organisation_id=organisation.pk)
        saved = _saved(
            form, lambda: services.save_profile_draft(group_id=group.pk, terms=form.terms())
        )
        if saved is not None:
            return _after(request, saved)
    title = _("Requirements for suppliers")
    return _page(request, form, title=title, is_unverified=stored is not None)


@require_safe
@buyer_required
def profile_detail(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Show one version of the organisation's requirements."""
    actor = acting(request)
    profile = _own(request, profile_id)
    context = {
        "profile": profile,
        "required": [str(PaperKind(kind).label) for kind in profile.required_papers],
        "preferred": [str(PaperKind(kind).label) for kind in profile.preferred_papers],
        "is_draft": profile.status == ProfileStatus.DRAFT,
        "is_published": profile.status == ProfileStatus.PUBLISHED,
        "can_prepare": rules.can_prepare(actor),
    }
    return render(request, "buyers/profile_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def profile_edit(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Change a draft; of a published version a new draft is made first."""
    organisation = _preparing(request)
    profile = _own(request, profile_id)
    if profile.status != ProfileStatus.DRAFT:
        messages.info(request, _("A published version stays as it is. Make a new version."))
        return redirect("buyers:profile_detail", profile.pk)
    form = ProfileForm(
        request.POST or None, organisation=organisation, stored=services.terms_of_profile(profile)
    )
    if request.method == "POST" and form.is_valid():
        saved = _saved(
            form, lambda: services.revise_profile_draft(profile_id=profile.pk, terms=form.terms())
        )
        if saved is not None:
            return _after(request, saved)
    return _page(request, form, title=_("Change the draft"))


@require_POST
@buyer_required
def profile_renew(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Make a draft of the next version."""
    _preparing(request)
    draft = services.copy_profile_to_draft(profile_id=_own(request, profile_id).pk)
    return redirect("buyers:profile_edit", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@buyer_required
def profile_discard(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Delete a draft, after asking."""
    _preparing(request)
    profile = _own(request, profile_id)
    if profile.status != ProfileStatus.DRAFT:
        return redirect("buyers:profile_detail", profile.pk)
    if request.method == "POST":
        services.discard_profile_draft(profile_id=profile.pk)
        messages.success(request, _("The draft is gone."))
        return redirect("buyers:profile_list")
    context = {
        "title": _("Discard this draft?"),
        "text": _("What you typed is lost. Published requirements stay as they are."),
        "action": _("Discard the draft"),
        "cancel_url": reverse("buyers:profile_detail", args=[profile.pk]),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


def _in_state(
    profiles: list[RequirementProfile], status: ProfileStatus
) -> list[tuple[RequirementProfile, list[str]]]:
    return [(one, _asks(one)) for one in profiles if one.status == status]


def _asks(profile: RequirementProfile) -> list[str]:
    """Return what a version asks for, shortly: papers first."""
    found = [f"{profile.minimum_stars}★"] if profile.minimum_stars else []
    found += [str(PaperKind(kind).label) for kind in profile.required_papers]
    found += [_("Invoice")] if profile.needs_invoice else []
    found += [_("Barcode")] if profile.needs_barcode else []
    if profile.test_report_months:
        found.append(
            _("Test report of the last %(months)s months") % {"months": profile.test_report_months}
        )
    if profile.weekly_capacity_kg:
        amount = quantity(profile.weekly_capacity_kg, "kg")
        found.append(_("%(amount)s each week") % {"amount": amount})
    return found


def _start(code: str) -> services.ProfileTerms | None:
    defaults = selectors.chain_defaults(code) if code else []
    general = next((one for one in defaults if one.category_id is None and not one.channel), None)
    return terms_of_default(general) if general else None


def _saved(form: ProfileForm, save: Callable[[], RequirementProfile]) -> RequirementProfile | None:
    try:
        return save()
    except InvalidInputError as error:
        form.refuse(error)
        return None


def _after(request: HttpRequest, profile: RequirementProfile) -> HttpResponse:
    messages.success(request, _("Saved as a draft. See whom it touches before you publish it."))
    return redirect("buyers:profile_detail", profile.pk)


def _page(
    request: HttpRequest, form: ProfileForm, *, title: str, is_unverified: bool = False
) -> HttpResponse:
    context = {"form": form, "title": title, "is_unverified": is_unverified}
    return render(request, "buyers/profile_form.html", context)


def _preparing(request: HttpRequest) -> Organisation:
    actor = acting(request)
    if not rules.can_prepare(actor) or actor.organisation is None:
        raise NotAllowedError(_("Only owners and editors change what your organisation asks for."))
    return actor.organisation


def _own(request: HttpRequest, profile_id: int) -> RequirementProfile:
    found: RequirementProfile = get_object_or_404(
        selectors.profiles_of(acting(request)), pk=profile_id
    )
    return found
