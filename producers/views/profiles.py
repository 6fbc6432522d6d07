"""The page on which a producer says who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.web.actor import acting, producer_required
from producers import rules, selectors, services
from producers.forms import ProfileForm
from producers.forms.base import remind_of_files
from producers.views.asking import attempt, seller, seller_required

_STEPS: Final[dict[str, tuple[Promise, str]]] = {
    "summary": (gettext_lazy("Say in one sentence what you make"), "#id_summary"),
    "story": (gettext_lazy("Tell your story"), "#id_story"),
    "invoice": (gettext_lazy("Say whether you can issue invoices"), "#id_can_issue_invoice"),
    "product": (gettext_lazy("Add your first product"), "producers:product_create"),
    "photo": (gettext_lazy("Add a photo to a product"), "producers:product_list"),
    "paper": (gettext_lazy("Hand in a paper and have it verified"), "producers:paper_list"),
    "offer": (gettext_lazy("Publish an offer"), "producers:offer_create"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a good profile has, and where to do it."""

    label: Promise
    url: str
    is_done: bool


def steps_of(organisation_id: int) -> list[Step]:
    """Return the steps to a complete profile."""
    done = selectors.completeness(organisation_id)
    return [
        Step(label, where if where.startswith("#") else reverse(where), done[name])
        for name, (label, where) in _STEPS.items()
    ]


@producer_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponseBase:
    """Show and change the profile; viewers only see it."""
    if request.method == "POST":
        return _save(request)
    organisation = seller(request)
    form = ProfileForm(producer=selectors.producer_or_blank(organisation))
    return _page(request, form)


@seller_required
def _save(request: HttpRequest) -> HttpResponse:
    organisation = seller(request)
    producer = selectors.producer_or_blank(organisation)
    form = ProfileForm(request.POST, request.FILES, producer=producer)
    if form.is_valid():
        saved = attempt(
            form,
            lambda: services.revise_profile(
                producer_id=organisation.pk,
                values=form.values(),
                logo=form.cleaned_data["logo"],
                remove_logo=form.cleaned_data.get("remove_logo", False),
            ),
        )
        if saved is not None:
            messages.success(request, _("Your profile is saved."))
            return redirect("producers:profile")
    remind_of_files(form)
    return _page(request, form)


def _page(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    organisation = seller(request)
    steps = steps_of(organisation.pk)
    share = sum(step.is_done for step in steps) / len(steps)
    context = {
        "form": form,
        "organisation": organisation,
        "producer": selectors.producer_or_blank(organisation),
        "missing": [step for step in steps if not step.is_done],
        "share": share,
        "can_edit": rules.can_sell(acting(request)),
    }
    return render(request, "producers/profile_form.html", context)
