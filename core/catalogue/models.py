"""Tables of the catalogue."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.catalogue.enums import CategoryLevel, Dimension, ProposalState, StorageClass
from core.kernel import clock


def _in_active_language(vietnamese: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else vietnamese


class Unit(models.Model):
    """A unit of measure people write, and what one of it is in the base unit."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name_vi = models.CharField(_("name in Vietnamese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    dimension = models.CharField(_("dimension"), max_length=8, choices=Dimension)
    to_base = models.DecimalField(
        _("in the base unit"), max_digits=12, decimal_places=6, null=True, blank=True
    )
    synonyms = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(_("source"), max_length=200)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("unit of measure")
        verbose_name_plural = _("units of measure")
        ordering = ["sort_order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_base=None) | Q(to_base__gt=0), name="unit_base_is_positive"
            ),
        ]

    def __str__(self) -> str:
        """Return the name in the reader's language."""
        return self.name

    @property
    def name(self) -> str:
        """Name in the language active now; Vietnamese unless that is English."""
        return _in_active_language(self.name_vi, self.name_en)


class ProductCategory(models.Model):
    """One node of the tree: OCOP sector, group, set, or a kind of product.

    `order_lo` numbers the tree in pre-order and `order_hi` is the last number below, so
    everything under a node is the range between them. The numbers move when rows are added.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    level = models.CharField(_("level"), max_length=11, choices=CategoryLevel)
    name_vi = models.CharField(_("name in Vietnamese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_folded = models.CharField(max_length=200, editable=False)
    synonyms = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    season_months = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    default_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    storage = models.CharField(_("storage"), max_length=7, choices=StorageClass, blank=True)
    shelf_life_days = models.PositiveIntegerField(_("shelf life in days"), null=True, blank=True)
    managing_agencies = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    specialty_of = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    hs_heading = models.CharField(_("HS heading"), max_length=10, blank=True)
    hs_confidence = models.CharField(_("HS confidence"), max_length=10, blank=True)
    order_lo = models.PositiveIntegerField(db_index=True)
    order_hi = models.PositiveIntegerField()
    is_active = models.BooleanField(_("in use"), default=True)
    source = models.CharField(_("source"), max_length=200)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")
        ordering = ["order_lo"]
        constraints = [
            models.CheckConstraint(
                condition=Q(order_hi__gte=F("order_lo")), name="product_category_range_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(level=CategoryLevel.LEAF)
                | (Q(default_unit__isnull=False) & ~Q(storage="")),
                name="product_category_leaf_is_complete",
            ),
        ]

    def __str__(self) -> str:
        """Return the name in the reader's language."""
        return self.name

    @property
    def name(self) -> str:
        """Name in the language active now; Vietnamese unless that is English."""
        return _in_active_language(self.name_vi, self.name_en)


class FormerSet(models.Model):
    """A product set of an earlier OCOP list, as old certificates name it, and today's sets."""

    criteria_version = models.CharField(_("list of"), max_length=10)
    number = models.PositiveSmallIntegerField(_("number"))
    sector_vi = models.CharField(_("sector"), max_length=100)
    group_vi = models.CharField(_("group"), max_length=200)
    name_vi = models.CharField(_("name in Vietnamese"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    sets_today = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("former product set")
        verbose_name_plural = _("former product sets")
        ordering = ["criteria_version", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_version", "number"], name="former_set_number_once"
            ),
        ]

    def __str__(self) -> str:
        """Return list and name."""
        return f"{self.criteria_version} · {self.name}"

    @property
    def name(self) -> str:
        """Name in the language active now; Vietnamese unless that is English."""
        return _in_active_language(self.name_vi, self.name_en)


@pghistory.track(model_name="SynonymRevision")
class SynonymProposal(models.Model):
    """Words that people used for a kind, which the reading of names did not know.

    Accounts stand above this app, so organisations, provinces and officers are plain ids.
    """

    term = models.CharField(_("words"), max_length=120)
    term_key = models.CharField(max_length=500, editable=False)
    category = models.ForeignKey(ProductCategory, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=8, choices=ProposalState.choices, default=ProposalState.WAITING
    )
    times_chosen = models.PositiveIntegerField(_("how often"), default=1)
    example = models.CharField(_("name it was chosen for"), max_length=200)
    organisation_ids = ArrayField(models.BigIntegerField(), default=list)
    province_ids = ArrayField(models.BigIntegerField(), default=list)
    first_chosen_at = models.DateTimeField(default=clock.now)
    last_chosen_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("proposed synonym")
        verbose_name_plural = _("proposed synonyms")
        ordering = ["-times_chosen", "first_chosen_at"]
        constraints = [
            models.UniqueConstraint(fields=["term_key", "category"], name="synonym_proposed_once"),
            models.UniqueConstraint(
                fields=["term_key"], name="synonym_means_one_kind", condition=Q(state="approved")
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="synonym_decided_or_waiting",
            ),
        ]

    def __str__(self) -> str:
        """Return the words and what they would mean."""
        return f"{self.term} → {self.category}"
