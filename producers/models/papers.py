"""The proofs behind products and producers, and what two officers decide together."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.vault.models import Document
from producers.enums import (
    EvidenceGrade,
    Market,
    PaperKind,
    PaperStatus,
    Platform,
    ProposalState,
    ProposalStep,
    Purpose,
    StorefrontStage,
)
from producers.models.goods import Producer, Product


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
    daily_capacity_kg = models.DecimalField(
        _("capacity in kg a day"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    score = models.DecimalField(
        _("points of the decision"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    test_report_on = models.DateField(_("day of the test report"), null=True, blank=True)
    test_lab = models.CharField(_("laboratory"), max_length=160, blank=True)
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    commune = models.ForeignKey(
        "places.AdminUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune"),
    )
    platform = models.CharField(_("platform"), max_length=8, choices=Platform.choices, blank=True)
    stage = models.CharField(
        _("how far it has come"), max_length=9, choices=StorefrontStage.choices, blank=True
    )
    document = models.ForeignKey(
        "vault.Document",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name=_("scan or photo"),
    )
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
                condition=Q(commune__isnull=True) | Q(kind="safe_commitment"),
                name="paper_commune_on_commitments_only",
            ),
            models.CheckConstraint(
                condition=Q(daily_capacity_kg__isnull=True)
                | Q(kind="packing_facility_code", daily_capacity_kg__gt=0),
                name="paper_capacity_on_packing_only",
            ),
            models.CheckConstraint(
                condition=(Q(kind="storefront") & ~Q(platform="") & ~Q(stage=""))
                | (~Q(kind="storefront") & Q(platform="", stage="")),
                name="paper_platform_on_storefronts_only",
            ),
            models.UniqueConstraint(
                fields=["producer", "kind", "number", "product", "valid_from"],
                name="paper_once",
                condition=~Q(kind="packing_facility_code"),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["producer", "number", "product", "valid_from", "crop"],
                name="paper_once_for_each_crop",
                condition=Q(kind="packing_facility_code"),
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
            models.Index(Upper("number"), name="paper_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def evidence(self) -> FieldFile:
        """The file of its document; an empty one, which is false, where it has none."""
        return (self.document or Document()).file

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
