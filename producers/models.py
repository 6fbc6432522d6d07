"""Who sells: producers, their products, the papers behind them, and what they offer."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.catalogue.enums import StorageClass
from core.kernel import clock
from core.kernel.quantity import Dimension
from core.search import FoldedWords
from producers.enums import (
    EvidenceGrade,
    Market,
    OfferStatus,
    PaperKind,
    PaperStatus,
    Platform,
    ProposalState,
    ProposalStep,
    Purpose,
    StorefrontStage,
)

DIMENSIONS = [(d.value, d.value) for d in (Dimension.MASS, Dimension.VOLUME, Dimension.COUNT)]


class Producer(models.Model):
    """What an organisation says of itself as a seller; its key is the organisation's."""

    organisation = models.OneToOneField(
        "accounts.Organisation", models.CASCADE, primary_key=True, related_name="producer"
    )
    summary = models.CharField(_("in one sentence"), max_length=200, blank=True)
    story = models.TextField(_("your story"), max_length=4000, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    logo = models.ImageField(_("logo"), upload_to="producers/logos/%Y/%m", blank=True)
    can_issue_invoice = models.BooleanField(
        _("can issue invoices"),
        null=True,
        blank=True,
        help_text=_("Most chains only buy against an invoice."),
    )
    has_cold_storage = models.BooleanField(_("has cold storage"), null=True, blank=True)
    has_own_transport = models.BooleanField(_("has own transport"), null=True, blank=True)
    households = models.PositiveIntegerField(
        _("households that take part"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100_000)],
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("producer")
        verbose_name_plural = _("producers")

    def __str__(self) -> str:
        return str(self.organisation)


class Product(models.Model):
    """One thing a producer makes, as it stands on a shelf."""

    producer = models.ForeignKey(Producer, models.CASCADE, related_name="products")
    category = models.ForeignKey(
        "catalogue.ProductCategory", models.PROTECT, related_name="+", verbose_name=_("category")
    )
    name = models.CharField(_("name"), max_length=200)
    name_folded = models.CharField(max_length=200, editable=False)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    gtin = models.CharField(_("barcode (GTIN)"), max_length=14, blank=True)
    storage = models.CharField(_("storage"), max_length=10, choices=StorageClass.choices)
    shelf_life_days = models.PositiveIntegerField(
        _("shelf life in days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )
    photo = models.ImageField(_("photo"), upload_to="producers/products/%Y/%m", blank=True)
    is_archived = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(
                fields=["producer", "name_folded"],
                name="product_name_once",
                condition=Q(is_archived=False),
            ),
        ]
        indexes = [
            GinIndex(OpClass("name_folded", name="gin_trgm_ops"), name="product_search"),
            GinIndex(FoldedWords("name_folded"), name="product_words"),
            models.Index(fields=["gtin"], name="product_gtin", condition=~Q(gtin="")),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(model_name="PaperRevision")
class Paper(models.Model):
    """A proof: of a product, or (product empty) of the whole producer."""

    producer = models.ForeignKey(Producer, models.CASCADE, related_name="papers")
    product = models.ForeignKey(
        Product,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name=_("product"),
        help_text=_("Leave empty when the paper covers everything you make."),
    )
    kind = models.CharField(_("kind"), max_length=24, choices=PaperKind.choices)
    number = models.CharField(_("number"), max_length=80)
    issuer = models.CharField(_("issued by"), max_length=160)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    stars = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True)
    market = models.CharField(_("market"), max_length=2, choices=Market.choices, blank=True)
    area_ha = models.DecimalField(
        _("area in hectares"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    crop = models.ForeignKey(
        "catalogue.ProductCategory",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("crop or kind of product"),
    )
    lot = models.CharField(_("lot"), max_length=60, blank=True)
    score = models.DecimalField(
        _("points of the decision"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    test_report_on = models.DateField(_("day of the test report"), null=True, blank=True)
    test_lab = models.CharField(_("laboratory"), max_length=160, blank=True)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    platform = models.CharField(_("platform"), max_length=8, choices=Platform.choices, blank=True)
    stage = models.CharField(
        _("how far it has come"), max_length=9, choices=StorefrontStage.choices, blank=True
    )
    evidence = models.FileField(_("scan or photo"), upload_to="producers/papers/%Y/%m", blank=True)
    evidence_url = models.URLField(_("link to the register"), max_length=300, blank=True)
    status = models.CharField(
        max_length=10, choices=PaperStatus.choices, default=PaperStatus.SUBMITTED
    )
    status_reason = models.CharField(_("reason"), max_length=500, blank=True)
    grade = models.CharField(
        max_length=1, choices=EvidenceGrade.choices, default=EvidenceGrade.CLAIM
    )
    submitted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="paper_period",
            ),
            models.CheckConstraint(
                condition=(Q(kind="ocop_award") & Q(stars__range=(1, 5)))
                | (~Q(kind="ocop_award") & Q(stars__isnull=True)),
                name="paper_stars_on_awards_only",
            ),
            models.CheckConstraint(
                condition=~Q(kind="ocop_award") | Q(product__isnull=False),
                name="paper_award_names_a_product",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["growing_area_code", "packing_facility_code"])
                | ~Q(market=""),
                name="paper_code_names_a_market",
            ),
            models.CheckConstraint(
                condition=Q(area_ha__isnull=True) | Q(area_ha__gt=0), name="paper_area_positive"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(kind="ocop_award", score__range=(0, 100)),
                name="paper_score_on_awards_only",
            ),
            models.CheckConstraint(
                condition=Q(kind="self_declaration") | Q(test_report_on__isnull=True, test_lab=""),
                name="paper_test_on_declarations_only",
            ),
            models.CheckConstraint(
                condition=Q(kind="safe_commitment", households__isnull=False, households__gt=0)
                | (~Q(kind="safe_commitment") & Q(households__isnull=True)),
                name="paper_households_on_commitments_only",
            ),
            models.CheckConstraint(
                condition=(Q(kind="storefront") & ~Q(platform="") & ~Q(stage=""))
                | (~Q(kind="storefront") & Q(platform="", stage="")),
                name="paper_platform_on_storefronts_only",
            ),
            models.UniqueConstraint(
                fields=["producer", "kind", "number", "product", "valid_from"],
                name="paper_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(confirmed_by=F("decided_by")),
                name="paper_confirmed_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at"], name="paper_desk", condition=Q(status="submitted")
            ),
            models.Index(
                fields=["producer", "kind"], name="paper_valid", condition=Q(status="verified")
            ),
            models.Index(
                fields=["valid_to"], name="paper_to_expire", condition=Q(status="verified")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def purpose(self) -> Purpose | None:
        """What a code is for; None for other papers."""
        if not self.market:
            return None
        return Purpose.DOMESTIC if self.market == Market.DOMESTIC else Purpose.EXPORT


@pghistory.track(model_name="PaperProposalRevision")
class PaperProposal(models.Model):
    """What one officer wants done with a paper, until a second one has said yes or no."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="proposals")
    paper_version = models.PositiveIntegerField()
    step = models.CharField(max_length=6, choices=ProposalStep.choices)
    grade = models.CharField(max_length=1, choices=EvidenceGrade.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    state = models.CharField(
        max_length=9, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    state_reason = models.CharField(_("reason"), max_length=500, blank=True)
    proposed_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proposal for a paper")
        verbose_name_plural = _("proposals for papers")
        constraints = [
            models.UniqueConstraint(
                fields=["paper"], name="paper_proposal_waits_once", condition=Q(state="waiting")
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "refused"])
                | Q(proposed_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("proposed_by")),
                name="paper_proposal_four_eyes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at"], name="paper_proposal_desk", condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.paper}"


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
