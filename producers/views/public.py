"""What anybody may see of approved producers; never contact data, never prices."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.web.actor import acting
from producers import selectors, services
from producers.views.asking import page_of


@require_safe
def producer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an approved producer."""
    producer = get_object_or_404(selectors.approved_producers(), pk=pk)
    context = {
        "producer": producer,
        "organisation": producer.organisation,
        "page_obj": page_of(request, selectors.products_of(pk)),
        "papers": selectors.valid_papers(pk)[:50],
    }
    return render(request, "producers/producer_detail.html", context)


@require_safe
def product_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a product of an approved producer with its papers and open offers."""
    products = selectors.products_visible_to(acting(request)).select_related(
        "category", "producer__organisation__province"
    )
    product = get_object_or_404(products, pk=pk)
    offers = selectors.open_offers().filter(product=product)
    context = {
        "product": product,
        "organisation": product.producer.organisation,
        "papers": selectors.valid_papers(product.producer_id, product_id=pk)[:50],
        "offers": offers.select_related("unit", "pack_unit", "origin_province")[:20],
    }
    return render(request, "producers/product_detail.html", context)


@require_safe
def product_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a product's photo to whoever may see the product."""
    product = get_object_or_404(selectors.products_visible_to(acting(request)), pk=pk)
    return _picture(product.photo)


@require_safe
def producer_logo(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a producer's logo to anybody once it is approved, and to its own people before."""
    actor = acting(request)
    producer = selectors.approved_producers().filter(pk=pk).first()
    if producer is None and actor.organisation is not None and actor.organisation_id == pk:
        producer = selectors.producer_or_blank(actor.organisation)
    if producer is None:
        raise Http404
    return _picture(producer.logo)


def _picture(stored: FieldFile) -> HttpResponse:
    if not stored or not stored.storage.exists(str(stored.name)):
        raise Http404
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=86400",
    }
    return HttpResponse(services.whole(stored), content_type="image/jpeg", headers=headers)
