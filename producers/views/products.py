"""The pages of one's own products."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.kernel.errors import InvalidInputError
from core.web.actor import acting, producer_required
from producers import rules, selectors, services
from producers.filters import OwnProductFilter
from producers.forms import ProductForm
from producers.forms.base import remind_of_files
from producers.models import Product
from producers.views.asking import attempt, page_of, seller, seller_required


@producer_required
@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    """List one's own products; `?archived=1` shows those taken off the list."""
    archived = request.GET.get("archived") == "1"
    products = selectors.products_of(seller(request).pk, archived=archived)
    found = OwnProductFilter(request.GET, queryset=products, request=request)
    context = {
        "filter": found,
        "page_obj": page_of(request, found.rows),
        "archived": archived,
        "can_edit": rules.can_sell(acting(request)),
    }
    return render(request, "producers/product_list.html", context)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def product_create(request: HttpRequest) -> HttpResponse:
    """Add a product."""
    if request.method != "POST":
        return _form_page(request, ProductForm(), None)
    form = ProductForm(request.POST, request.FILES)
    if form.is_valid():
        product = attempt(
            form,
            lambda: services.add_product(
                producer_id=seller(request).pk,
                values=form.values(),
                photo=form.cleaned_data["photo"],
            ),
        )
        if product is not None:
            messages.success(request, _("The product is on your list. Offer it to buyers next."))
            return redirect("producers:product_list")
    return _form_page(request, form, None)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a product."""
    product = _own(request, pk)
    if request.method != "POST":
        return _form_page(request, ProductForm(product=product), product)
    form = ProductForm(request.POST, request.FILES, product=product)
    if form.is_valid():
        saved = attempt(
            form,
            lambda: services.revise_product(
                product_id=pk,
                values=form.values(),
                photo=form.cleaned_data["photo"],
                remove_photo=form.cleaned_data.get("remove_photo", False),
            ),
        )
        if saved is not None:
            messages.success(request, _("The product is saved."))
            return redirect("producers:product_list")
    return _form_page(request, form, product)


@seller_required
@require_http_methods(["GET", "HEAD", "POST"])
def product_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a product off the list."""
    product = _own(request, pk)
    if request.method == "POST":
        services.archive_product(product_id=pk)
        messages.success(request, _("The product is in the archive. You can take it out again."))
        return redirect("producers:product_list")
    context = {
        "title": _("Take %(name)s off your list?") % {"name": product.name},
        "text": _("Its papers and past offers stay. You can take it out of the archive later."),
        "action": _("Archive the product"),
        "cancel_url": reverse("producers:product_list"),
        "danger": True,
    }
    return render(request, "components/confirm_page.html", context)


@seller_required
@require_POST
def product_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an archived product back on the list."""
    _own(request, pk)
    try:
        services.restore_product(product_id=pk)
    except InvalidInputError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The product is on your list again."))
    return redirect("producers:product_list")


def _own(request: HttpRequest, pk: int) -> Product:
    return get_object_or_404(Product, pk=pk, producer_id=seller(request).pk)


def _form_page(request: HttpRequest, form: ProductForm, product: Product | None) -> HttpResponse:
    remind_of_files(form)
    context = {"form": form, "product": product}
    return render(request, "producers/product_form.html", context)
