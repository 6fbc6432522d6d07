"""Who buys: groups, their banners and outlets, and what they ask for."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from buyers.enums import (
    Confidence,
    OutletKind,
    ProfileStatus,
    QuantityPeriod,
    RequestStatus,
    SalesChannel,
)
from core.catalogue.enums import Market, PaperKind, StorageClass
from core.kernel import clock
from core.kernel.quantity import Dimension
from core.search import FoldedWords

DIMENSIONS = [(d.value, d.value) for d in (Dimension.MASS, Dimension.VOLUME, Dimension.COUNT)]
STAR_MINIMA = [(0, _("No stars needed")), (3, "3★"), (4, "4★"), (5, "5★")]


class BuyerGroup(models.Model):
    """What an organisation says of itself as a buyer; its key is the organisation's."""

    organisation = models.OneToOneField(
        "accounts.Organisation", models.CASCADE, primary_key=True, related_name="buyer_group"
    )
    summary = models.CharField(_("in one sentence"), max_length=200, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    payment_days = models.PositiveSmallIntegerField(
        _("usual days until payment"), null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("buyer group")
        verbose_name_plural = _("buyer groups")

    def __str__(self) -> str:
        return str(self.organisation)


class Banner(models.Model):
    """A name over the door: GO! and LanChi are two banners of one group."""

    group = models.ForeignKey(BuyerGroup, models.CASCADE, related_name="banners")
    name = models.CharField(_("name"), max_length=120)
    is_archived = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("banner")
        verbose_name_plural = _("banners")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"], name="banner_name_once", condition=Q(is_archived=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Outlet(models.Model):
    """One place that sells or receives goods."""

    banner = models.ForeignKey(Banner, models.CASCADE, related_name="outlets")
    kind = models.CharField(_("kind"), max_length=20, choices=OutletKind.choices)
    name = models.CharField(_("name"), max_length=160)
    province = models.ForeignKey(
        "places.AdminUnit", models.PROTECT, related_name="+", verbose_name=_("province")
    )
    commune = models.ForeignKey(
        "places.AdminUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune"),
    )
    address = models.CharField(_("street and number"), max_length=200, blank=True)
    is_archived = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("outlet")
        verbose_name_plural = _("outlets")
        constraints = [
            models.UniqueConstraint(
                fields=["banner", "name"], name="outlet_name_once", condition=Q(is_archived=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RequirementProfile(models.Model):
    """What a buyer asks of every supplier of a banner, a category and a channel; versioned.

    Where banner, category or channel is empty, it holds for all of them, unless a more specific
    profile is published. A published row never changes (a trigger of the table sees to it): who
    was refused under it can always be told why.
    """

    group = models.ForeignKey(BuyerGroup, models.CASCADE, related_name="profiles")
    banner = models.ForeignKey(
        Banner, models.PROTECT, null=True, blank=True, related_name="profiles"
    )
    category = models.ForeignKey(
        "catalogue.ProductCategory", models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=SalesChannel.choices, blank=True
    )
    market = models.CharField(
        _("sold in"), max_length=2, choices=Market.choices, default=Market.DOMESTIC
    )
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(
        max_length=10, choices=ProfileStatus.choices, default=ProfileStatus.DRAFT
    )
    minimum_stars = models.PositiveSmallIntegerField(
        _("OCOP stars"), choices=STAR_MINIMA, default=0
    )
    required_papers = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    preferred_papers = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    needs_invoice = models.BooleanField(_("invoice needed"), default=False)
    needs_barcode = models.BooleanField(_("barcode needed"), default=False)
    test_report_months = models.PositiveSmallIntegerField(null=True, blank=True)
    weekly_capacity_kg = models.PositiveIntegerField(null=True, blank=True)
    shelf_life_left_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    discount_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    is_consignment = models.BooleanField(null=True, blank=True)
    opening_cost_vnd = models.PositiveBigIntegerField(null=True, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    confidence = models.CharField(
        max_length=10, choices=Confidence.choices, default=Confidence.CONFIRMED
    )
    default_code = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("requirement profile")
        verbose_name_plural = _("requirement profiles")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "banner", "category", "channel", "market"],
                name="requirement_profile_published_once",
                condition=Q(status="published"),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["group", "banner", "category", "channel", "market"],
                name="requirement_profile_draft_once",
                condition=Q(status="draft"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(minimum_stars__in=[0, 3, 4, 5]), name="requirement_profile_stars"
            ),
            models.CheckConstraint(
                condition=(Q(discount_percent__isnull=True) | Q(discount_percent__lte=100))
                & (Q(shelf_life_left_percent__isnull=True) | Q(shelf_life_left_percent__lte=100)),
                name="requirement_profile_shares",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),
                name="requirement_profile_published_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} v{self.version}"


@pghistory.track(model_name="DemandRequestRevision")
class DemandRequest(models.Model):
    """A quantity wanted in a window of days, at most at a price, under conditions.

    `quantity_base` is the whole window's quantity in the base unit of `dimension`, whatever
    period was typed; the service computes it and `price_ceiling_vnd_per_base`.
    """

    group = models.ForeignKey(BuyerGroup, models.CASCADE, related_name="requests")
    banner = models.ForeignKey(
        Banner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("banner"),
    )
    status = models.CharField(
        max_length=10, choices=RequestStatus.choices, default=RequestStatus.DRAFT
    )
    words = models.CharField(_("what you need, in your words"), max_length=200)
    words_folded = models.CharField(max_length=200, editable=False)
    category = models.ForeignKey(
        "catalogue.ProductCategory", models.PROTECT, related_name="+", verbose_name=_("category")
    )
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
    period = models.CharField(
        _("period"), max_length=6, choices=QuantityPeriod.choices, default=QuantityPeriod.TOTAL
    )
    dimension = models.CharField(max_length=8, choices=DIMENSIONS, editable=False)
    quantity_base = models.DecimalField(max_digits=16, decimal_places=3, editable=False)
    price_ceiling_vnd = models.PositiveBigIntegerField(
        _("highest price for one unit delivered, in đồng"), null=True, blank=True
    )
    price_ceiling_vnd_per_base = models.PositiveBigIntegerField(null=True, editable=False)
    needed_from = models.DateField(_("needed from"))
    needed_to = models.DateField(_("needed to"))
    delivery_province = models.ForeignKey(
        "places.AdminUnit",
        models.PROTECT,
        related_name="+",
        verbose_name=_("province of delivery"),
        help_text=_("Used where no outlet is chosen."),
    )
    outlets = models.ManyToManyField(
        Outlet, blank=True, related_name="requests", verbose_name=_("delivered to")
    )
    minimum_stars = models.PositiveSmallIntegerField(
        _("OCOP stars"), choices=STAR_MINIMA, default=0
    )
    required_papers = ArrayField(
        models.CharField(max_length=24),
        default=list,
        blank=True,
        verbose_name=_("papers you require"),
    )
    preferred_papers = ArrayField(
        models.CharField(max_length=24),
        default=list,
        blank=True,
        verbose_name=_("papers you prefer"),
    )
    market = models.CharField(_("sold in"), max_length=2, default="VN")
    storage = models.CharField(
        _("storage"), max_length=10, choices=StorageClass.choices, blank=True
    )
    needs_invoice = models.BooleanField(_("invoice needed"), default=False)
    needs_barcode = models.BooleanField(_("barcode needed"), default=False)
    note = models.TextField(_("note to producers"), max_length=1000, blank=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("demand request")
        verbose_name_plural = _("demand requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(needed_to__gte=F("needed_from")), name="demand_request_period"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(quantity_base__gt=0), name="demand_request_quantity"
            ),
            models.CheckConstraint(
                condition=Q(price_ceiling_vnd__isnull=True) | Q(price_ceiling_vnd__gt=0),
                name="demand_request_price",
            ),
            models.CheckConstraint(
                condition=Q(minimum_stars__in=[0, 3, 4, 5]), name="demand_request_stars"
            ),
        ]
        indexes = [
            models.Index(
                fields=["category"], name="demand_request_open", condition=Q(status="published")
            ),
            models.Index(fields=["group", "-id"], name="demand_request_of_group"),
            GinIndex(OpClass("words_folded", name="gin_trgm_ops"), name="demand_request_search"),
            GinIndex(FoldedWords("words_folded"), name="demand_request_words"),
            models.Index(
                fields=["needed_to"],
                name="demand_request_to_expire",
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} · {self.quantity.normalize():f} {self.unit}"

    @property
    def required_paper_labels(self) -> list[str]:
        """The papers required, in the reader's words."""
        return [str(PaperKind(code).label) for code in self.required_papers]

    @property
    def preferred_paper_labels(self) -> list[str]:
        """The papers welcome, in the reader's words."""
        return [str(PaperKind(code).label) for code in self.preferred_papers]

    @property
    def market_label(self) -> str:
        """Where the goods will be sold, in the reader's words."""
        return str(Market(self.market).label)
