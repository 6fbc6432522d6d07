"""Dated lists of registers that others keep, and what people decided about their rows."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from producers.enums import (
    RegistryOutlook,
    RegistrySource,
    RegistrySubject,
    RegistryTake,
    RegistryVerdict,
    StorefrontStage,
)
from producers.models.goods import Product
from producers.models.papers import Paper


class Registry(models.Model):
    """A register of one province: products or shops, as somebody outside lists them."""

    province = models.ForeignKey(
        "places.AdminUnit", models.PROTECT, related_name="+", verbose_name=_("province")
    )
    source = models.CharField(_("register"), max_length=10, choices=RegistrySource.choices)
    subject = models.CharField(
        _("what a row stands for"), max_length=8, choices=RegistrySubject.choices
    )
    name = models.CharField(_("name of the register"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "source", "subject", "name"], name="registry_once"
            ),
            models.CheckConstraint(
                condition=~Q(source="other") | ~Q(name=""), name="registry_other_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_source_display())


@pghistory.track(model_name="RegistryListRevision")
class RegistryList(models.Model):
    """What a register said on one day; taken back as a whole, never deleted by hand."""

    registry = models.ForeignKey(Registry, models.PROTECT, related_name="lists")
    as_of = models.DateField(_("as of"))
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    imported_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    imported_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("list of a register")
        verbose_name_plural = _("lists of registers")
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "as_of"],
                name="registry_list_once_a_day",
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registry} · {self.as_of:%d/%m/%Y}"


class RegistryEntry(models.Model):
    """One row of a list: the cells as they came, and what was read from them.

    `key` knows the row again in every list of its register. `flaws` are codes of what could
    not be read; a key with a flaw is left empty, so that nothing is compared by it.
    """

    flaws = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    list = models.ForeignKey(RegistryList, models.CASCADE, related_name="entries")
    key = models.CharField(max_length=32)
    row_number = models.PositiveIntegerField()
    raw = models.JSONField(default=dict)
    code = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=200)
    name_folded = models.CharField(max_length=200)
    holder = models.CharField(max_length=200, blank=True)
    holder_folded = models.CharField(max_length=200, blank=True)
    tax_code = models.CharField(max_length=14, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    decision_number = models.CharField(max_length=80, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    issuer = models.CharField(max_length=160, blank=True)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    stage = models.CharField(max_length=9, choices=StorefrontStage.choices, blank=True)
    trace_code = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    commune = models.ForeignKey(
        "places.AdminUnit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    outlook = models.CharField(
        max_length=9, choices=RegistryOutlook.choices, default=RegistryOutlook.PENDING
    )

    class Meta:
        verbose_name = _("entry of a register")
        verbose_name_plural = _("entries of registers")
        constraints = [
            models.UniqueConstraint(fields=["list", "key"], name="registry_entry_once"),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)),
                name="registry_entry_stars",
            ),
        ]
        indexes = [
            models.Index(fields=["list", "outlook"], name="registry_entry_queue"),
            models.Index(
                fields=["list", "id"], name="registry_entry_pending", condition=Q(outlook="pending")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RegistryCandidate(models.Model):
    """Something of ours an entry may stand for, as the comparison found it."""

    entry = models.ForeignKey(RegistryEntry, models.CASCADE, related_name="candidates")
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, models.CASCADE, null=True, blank=True, related_name="+")
    points = models.PositiveSmallIntegerField()
    is_certain = models.BooleanField(default=False)
    basis = ArrayField(models.CharField(max_length=20), default=list)
    clashes = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "organisation", "product"],
                name="registry_candidate_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(points__lte=100), name="registry_candidate_points"),
        ]

    def __str__(self) -> str:
        return f"#{self.entry_id} ↔ #{self.organisation_id}"


@pghistory.track(model_name="RegistryDecisionRevision")
class RegistryDecision(models.Model):
    """What a person said of an entry; it stands until it is taken back.

    `carried_from` is the decision about the same row of another list that was taken over.
    """

    entry = models.ForeignKey(RegistryEntry, models.CASCADE, related_name="decisions")
    verdict = models.CharField(max_length=8, choices=RegistryVerdict.choices)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="registry_decisions"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    batch = models.UUIDField(null=True, blank=True)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision on an entry")
        verbose_name_plural = _("decisions on entries")
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                name="registry_decision_stands_once",
                condition=Q(undone_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(verdict="same") | Q(organisation__isnull=False),
                name="registry_same_names_whom",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="apart") | Q(organisation__isnull=True),
                name="registry_apart_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=True) | Q(organisation__isnull=False),
                name="registry_product_has_its_holder",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="conflict") | ~Q(reason=""),
                name="registry_conflict_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["product"],
                name="registry_decision_product",
                condition=Q(undone_at__isnull=True, product__isnull=False),
            ),
            models.Index(
                fields=["batch"], name="registry_decision_batch", condition=Q(batch__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.entry}"


class RegistryTakeover(models.Model):
    """A value of a linked entry that was handed in as a claim; the paper has its own life."""

    decision = models.ForeignKey(RegistryDecision, models.CASCADE, related_name="takeovers")
    kind = models.CharField(max_length=10, choices=RegistryTake.choices)
    paper = models.ForeignKey(
        Paper, models.SET_NULL, null=True, blank=True, related_name="registry_takeovers"
    )
    taken_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind"], name="registry_takeover_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ← {self.decision}"
