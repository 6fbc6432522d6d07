"""Members of one's organisation, and invitations from both ends."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts import doors, rules, selectors, services
from core.accounts.doors import acting, actor_required, member_required
from core.accounts.enums import Role
from core.accounts.forms.people import InvitationForm, RoleForm
from core.accounts.models import Membership, Organisation
from core.accounts.views.shared import add_errors, bound, own_organisation, person_of
from core.kernel.errors import DomainError, InvalidInputError
from core.search.query import LONGEST_TEXT

MEMBERS_AT_A_GLANCE = 8
owner_required = actor_required(
    lambda actor: (
        actor.organisation is not None and rules.can_manage_members(actor, actor.organisation)
    )
)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def member_list(request: HttpRequest) -> HttpResponse:
    """Show who acts for the organisation; owners invite here."""
    own = own_organisation(request)
    may_manage = rules.can_manage_members(acting(request), own)
    if request.method == "POST" and not may_manage:
        raise Http404
    form = bound(InvitationForm, request)
    if request.method == "POST" and form.is_valid() and _invite(request, own, form=form):
        return redirect("accounts:member_list")
    everybody = selectors.members_of(own.pk)
    search = request.GET.get("q", "")[:LONGEST_TEXT].strip()
    members = selectors.search_members(everybody, text=search) if search else everybody
    context = {
        "organisation": own,
        "search": search,
        "is_searchable": bool(search) or len(members) > MEMBERS_AT_A_GLANCE,
        "members": [(member, RoleForm(initial={"role": member.role}, prefix=str(member.pk)))
                    for member in members],
        "invitations": selectors.unanswered_invitations(organisation_id=own.pk),
        "form": form,
        "may_manage": may_manage,
    }  # fmt: skip
    return render(request, "accounts/member_list.html", context)


def _invite(request: HttpRequest, own: Organisation, *, form: InvitationForm) -> bool:
    try:
        invitation = services.invite_member(
            organisation_id=own.pk,
            email=form.cleaned_data["email"],
            role=Role(form.cleaned_data["role"]),
            invited_by_id=person_of(request).pk,
        )
    except InvalidInputError as error:
        add_errors(form, error)
        return False
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    words = _("The invitation to %(email)s is on its way.")
    messages.success(request, words % {"email": invitation.email})
    return True


@require_POST
@owner_required
def member_change(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    membership = _member_or_404(request, membership_id)
    form = RoleForm(request.POST, prefix=str(membership.pk))
    if not form.is_valid():
        messages.error(request, _("Choose a role from the list."))
        return redirect("accounts:member_list")
    try:
        services.change_member_role(
            membership_id=membership.pk, role=Role(form.cleaned_data["role"])
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The role was changed."))
    return redirect("accounts:member_list")


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
def member_remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Ask, then end a membership."""
    membership = _member_or_404(request, membership_id)
    if request.method == "POST":
        try:
            services.remove_member(membership_id=membership.pk)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The member was removed."))
        return redirect("accounts:member_list")
    context = {
        "title": _("Remove %(name)s?") % {"name": membership.user},
        "text": _("They can no longer act for this organisation. You can invite them again."),
        "action": _("Remove the member"),
        "cancel_url": reverse("accounts:member_list"),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@require_POST
@owner_required
def invitation_revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    own = own_organisation(request)
    found = selectors.unanswered_invitations(organisation_id=own.pk)
    invitation = get_object_or_404(found, pk=invitation_id)
    services.revoke_invitation(invitation_id=invitation.pk)
    messages.success(request, _("The invitation was taken back; its link no longer works."))
    return redirect("accounts:member_list")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to whoever follows its link; only a POST of the invited accepts it."""
    found = selectors.invitation_of_token(token)
    if found is None:
        raise Http404
    user = request.user
    is_invited = user.is_authenticated and selectors.is_invited(
        user_id=person_of(request).pk, invitation=found
    )
    if request.method == "POST":
        return _accept(request, token=token)
    context = {
        "invitation": found,
        "is_open": selectors.is_open(found),
        "is_invited": is_invited,
        "here": request.path,
    }
    status = 200 if context["is_open"] else 410
    return render(request, "accounts/invitation_accept.html", context, status=status)


@login_required
def _accept(request: HttpRequest, *, token: str) -> HttpResponse:
    found = selectors.invitation_of_token(token)
    if found is None:
        raise Http404
    membership = services.accept_invitation(invitation_id=found.pk, user_id=person_of(request).pk)
    doors.act_for(request, organisation_id=membership.organisation_id)
    words = _("Welcome! You now act for %(name)s.")
    messages.success(request, words % {"name": found.organisation.name})
    return redirect("web:dashboard")


def _member_or_404(request: HttpRequest, membership_id: int) -> Membership:
    members = selectors.members_of(own_organisation(request).pk)
    return get_object_or_404(members, pk=membership_id)
