"""The pages of one's own offers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.kernel.errors import DomainError, InvalidInputError
from core.places import selectors as places
from core.web.actor import acting, producer_required
from producers import rules, selectors, services
from producers.enums import OfferStatus
from producers.filters import OwnOfferFilter
from producers.forms import OfferForm
from producers.models import SupplyOffer
from producers.views.asking import attempt, page_of, seller, seller_required
from producers.views.history import history_of
from producers.views.numbers import id_or_none


@producer_required
@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """List one's own offers, narrowed by status and words."""
    producer_id = seller(request).pk
    found = OwnOfferFilter(request.GET, queryset=selectors.offers_of(producer_id), request=request)
    counts = selectors.offer_counts(producer_id)
    context = {
        "filter": found,
        "page_obj": page_of(request, found.rows),
        "counts": [(status, status.label, counts[status]) for status in OfferStatus],
        "total": sum(counts.values()),
        "chosen": request.GET.get("status", ""),
        "can_edit": rules.can_sell(acting(request)),
    }
    return render(request, "producers/offer_list.html", context)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer_create(request: HttpRequest) -> HttpResponse:
    """Write an offer; `?product=` fills the product in, `?copy=` another offer of one's own."""
    organisation = seller(request)
    if request.method == "POST":
        return _saved(request, OfferForm(request.POST, organisation=organisation), None)
    product = selectors.products_of(organisation.pk).filter(
        pk=id_or_none(request.GET.get("product")) or 0
    )
    copied = selectors.offers_of(organisation.pk).filter(
        pk=id_or_none(request.GET.get("copy")) or 0
    )
    form = OfferForm(
        organisation=organisation,
        product=product.select_related("category").first(),
        offer=copied.first(),
    )
    return _form_page(request, form, None)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or revise a published offer."""
    organisation, offer = seller(request), _own(request, pk)
    if offer.status not in {OfferStatus.DRAFT, OfferStatus.PUBLISHED}:
        messages.info(request, _("This offer is closed. Write a new one from it."))
        return redirect(f"{reverse('producers:offer_create')}?copy={pk}")
    if request.method == "POST":
        form = OfferForm(request.POST, organisation=organisation, offer=offer)
        return _saved(request, form, offer)
    return _form_page(request, OfferForm(organisation=organisation, offer=offer), offer)


def _saved(request: HttpRequest, form: OfferForm, offer: SupplyOffer | None) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, form, offer)
    producer_id = seller(request).pk
    if offer is not None and offer.status == OfferStatus.PUBLISHED:
        saved = attempt(
            form, lambda: services.revise_supply_offer(offer_id=offer.pk, values=form.values())
        )
    else:
        saved = attempt(
            form,
            lambda: services.save_offer_draft(
                producer_id=producer_id,
                values=form.values(),
                offer_id=offer.pk if offer else None,
            ),
        )
    if saved is None:
        return _form_page(request, form, offer)
    if understood := form.understood():
        messages.info(request, understood)
    if saved.status == OfferStatus.PUBLISHED:
        messages.success(request, _("The change is published. Matches are refreshed now."))
    elif "publish" in request.POST:
        _publish(request, saved.pk)
    else:
        messages.success(request, _("The draft is saved. Nobody else sees it yet."))
    return redirect("producers:offer_detail", pk=saved.pk)


def _publish(request: HttpRequest, pk: int) -> None:
    try:
        services.publish_supply_offer(offer_id=pk)
    except InvalidInputError as error:
        first = next(iter(error.field_errors.values()))[0]
        messages.error(request, first)
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, _("Published. We look for buyers now and write to you when one fits.")
        )


@producer_required
@require_safe
def offer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one of one's own offers with its history."""
    offer = _own(request, pk)
    actor = acting(request)
    context = {
        "offer": offer,
        "history": history_of(offer),
        "lost_papers": selectors.papers_lost_by(offer),
        "can_edit": rules.can_edit(actor, offer),
        "can_publish": rules.can_publish(actor),
    }
    return render(request, "producers/offer_detail.html", context)


@seller_required
@require_POST
def offer_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a draft."""
    _own(request, pk)
    _publish(request, pk)
    return redirect("producers:offer_detail", pk=pk)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take an offer off the market."""
    offer = _own(request, pk)
    if request.method == "POST":
        services.withdraw_supply_offer(offer_id=pk)
        messages.success(request, _("The offer is withdrawn. You can put it back any time."))
        return redirect("producers:offer_detail", pk=pk)
    context = {
        "title": _("Withdraw this offer?"),
        "text": _("%(offer)s leaves the market and its open matches end. You can restore it.")
        % {"offer": offer},
        "action": _("Withdraw the offer"),
        "cancel_url": reverse("producers:offer_detail", args=[pk]),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@seller_required
@require_POST
def offer_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a withdrawn offer back on the market."""
    _own(request, pk)
    try:
        services.restore_supply_offer(offer_id=pk)
    except InvalidInputError:
        messages.error(
            request, _("Its days are past. Write a new offer from it and choose new days.")
        )
    else:
        messages.success(request, _("The offer is on the market again."))
    return redirect("producers:offer_detail", pk=pk)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a draft."""
    offer = _own(request, pk)
    if request.method == "POST":
        services.delete_offer_draft(offer_id=pk)
        messages.success(request, _("The draft is deleted."))
        return redirect("producers:offer_list")
    context = {
        "title": _("Delete this draft?"),
        "text": _("%(offer)s was never published. It cannot be brought back.") % {"offer": offer},
        "action": _("Delete the draft"),
        "cancel_url": reverse("producers:offer_detail", args=[pk]),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@producer_required
@require_safe
def commune_options(request: HttpRequest) -> HttpResponse:
    """Answer the communes of the chosen province as options, while the form is filled in."""
    province_id = id_or_none(request.GET.get("origin_province"))
    communes = places.communes_of(province_id) if province_id else ()
    return render(request, "places/_commune_options.html", {"communes": communes, "selected": ""})


def _own(request: HttpRequest, pk: int) -> SupplyOffer:
    offers = selectors.offers_of(seller(request).pk).select_related(
        "product__category", "origin_commune"
    )
    return get_object_or_404(offers, pk=pk)


def _form_page(request: HttpRequest, form: OfferForm, offer: SupplyOffer | None) -> HttpResponse:
    organisation = seller(request)
    has_products = selectors.products_of(organisation.pk).exists()
    context = {
        "form": form,
        "offer": offer,
        "has_products": has_products,
        "is_approved": organisation.is_approved,
    }
    return render(request, "producers/offer_form.html", context)
