"""Who sells and what they make."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.catalogue.enums import StorageClass
from core.kernel import clock
from core.search import FoldedWords


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
