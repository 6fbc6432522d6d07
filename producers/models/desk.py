"""What officers did at the desk, in one go each, and which paper somebody is at work on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from producers.enums import DeskObstacle, DeskOutcome, DeskReason, DeskStep, EvidenceGrade
from producers.models.papers import Paper, PaperProposal


class DeskBatch(models.Model):
    """One decision of one officer on one or many papers; it can be undone for a while."""

    officer = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    step = models.CharField(max_length=8, choices=DeskStep.choices)
    grade = models.CharField(max_length=1, choices=EvidenceGrade.choices, blank=True)
    why = models.CharField(_("reason"), max_length=16, choices=DeskReason.choices, blank=True)
    asked = models.PositiveIntegerField()
    decided_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision at the desk")
        verbose_name_plural = _("decisions at the desk")
        indexes = [
            models.Index(fields=["officer", "-decided_at"], name="desk_batch_of_officer"),
            models.Index(fields=["decided_at"], name="desk_batch_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} · {self.asked}"

    @property
    def was_proposed(self) -> bool:
        """Whether all it did was to ask a second officer."""
        done = self.items.exclude(outcome=DeskOutcome.LEFT_OUT)
        return not done.exclude(outcome=DeskOutcome.PROPOSED).exists()


class DeskItem(models.Model):
    """What became of one paper of a decision; `version` is the paper's after it."""

    batch = models.ForeignKey(DeskBatch, models.CASCADE, related_name="items")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=8, choices=DeskOutcome.choices)
    obstacle = models.CharField(max_length=16, choices=DeskObstacle.choices, blank=True)
    version = models.PositiveIntegerField()
    proposal = models.ForeignKey(
        PaperProposal, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_undone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("paper of a decision")
        verbose_name_plural = _("papers of a decision")
        constraints = [
            models.UniqueConstraint(fields=["batch", "paper"], name="desk_item_once"),
            models.CheckConstraint(
                condition=~models.Q(outcome="left_out") | ~models.Q(obstacle=""),
                name="desk_item_left_out_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.paper}"


class DeskTake(models.Model):
    """An officer works on a paper; others see it and may take over."""

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="desk_take")
    officer = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("paper taken by an officer")
        verbose_name_plural = _("papers taken by officers")

    def __str__(self) -> str:
        return f"{self.officer}: {self.paper}"
