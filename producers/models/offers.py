"""What is for sale: how much, when, at which price."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.catalogue.enums import StorageClass
from core.kernel import clock
from core.kernel.quantity import Dimension
from producers.enums import (
    OfferStatus,
)
from producers.models.goods import Producer, Product

DIMENSIONS = [(d.value, d.value) for d in (Dimension.MASS, Dimension.VOLUME, Dimension.COUNT)]


@pghistory.track(model_name="SupplyOfferRevision")
class SupplyOffer(models.Model):
    """A quantity of one product, available in a window of days, at a price.

    `quantity_base` and `price_vnd_per_base` are the typed figures in the base unit of
    `dimension` (kg, litre, piece); the service computes them, nobody types them.
    """

    product = models.ForeignKey(
        Product, models.PROTECT, related_name="offers", verbose_name=_("product")
    )
    producer = models.ForeignKey(Producer, models.CASCADE, related_name="offers")
    status = models.CharField(max_length=10, choices=OfferStatus.choices, default=OfferStatus.DRAFT)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    unit = models.ForeignKey(
        "catalogue.Unit", models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    pack_size = models.DecimalField(
        _("content of one pack"), max_digits=10, decimal_places=3, null=True, blank=True
    )
    pack_unit = models.ForeignKey(
        "catalogue.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit of the content"),
    )
    dimension = models.CharField(max_length=8, choices=DIMENSIONS, editable=False)
    quantity_base = models.DecimalField(max_digits=16, decimal_places=3, editable=False)
    weekly_capacity = models.DecimalField(
        _("most you can deliver in a week"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    weekly_capacity_base = models.DecimalField(
        max_digits=16, decimal_places=3, null=True, editable=False
    )
    minimum_lot = models.DecimalField(
        _("smallest lot you deliver"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    minimum_lot_base = models.DecimalField(
        max_digits=16, decimal_places=3, null=True, editable=False
    )
    price_vnd = models.PositiveBigIntegerField(
        _("lowest price for one unit, in đồng"), null=True, blank=True
    )
    price_vnd_per_base = models.PositiveBigIntegerField(null=True, editable=False)
    available_from = models.DateField(_("available from"))
    available_to = models.DateField(_("available to"))
    storage = models.CharField(_("storage"), max_length=10, choices=StorageClass.choices)
    origin_province = models.ForeignKey(
        "places.AdminUnit", models.PROTECT, related_name="+", verbose_name=_("province of origin")
    )
    origin_commune = models.ForeignKey(
        "places.AdminUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune of origin"),
    )
    note = models.TextField(_("note to buyers"), max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("supply offer")
        verbose_name_plural = _("supply offers")
        constraints = [
            models.CheckConstraint(
                condition=Q(available_to__gte=F("available_from")), name="supply_offer_period"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(quantity_base__gt=0), name="supply_offer_quantity"
            ),
            models.CheckConstraint(
                condition=Q(price_vnd__isnull=True) | Q(price_vnd__gt=0), name="supply_offer_price"
            ),
            models.CheckConstraint(
                condition=Q(minimum_lot__isnull=True) | Q(minimum_lot__lte=F("quantity")),
                name="supply_offer_minimum_lot",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product"], name="supply_offer_open", condition=Q(status="published")
            ),
            models.Index(fields=["producer", "-id"], name="supply_offer_of_producer"),
            models.Index(
                fields=["available_to"],
                name="supply_offer_to_expire",
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.quantity.normalize():f} {self.unit}"
