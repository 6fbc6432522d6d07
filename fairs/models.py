"""Fairs, who takes part in them, and which duties towards the authorities were met."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from fairs.enums import PHASE_LOOKS, DeadlineCode, FairKind, FairPhase, ParticipationStatus


@pghistory.track(model_name="FairRevision")
class Fair(models.Model):
    """One edition of a fair, conference, product week, dialogue or festival.

    `announced_at` is set when applications first open; from then on the fair is public.
    """

    organiser = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="fairs", verbose_name=_("organiser")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=FairKind.choices)
    name = models.CharField(_("name"), max_length=160)
    name_folded = models.CharField(max_length=160, editable=False)
    about = models.TextField(_("about the fair"), max_length=2000, blank=True)
    province = models.ForeignKey(
        "places.AdminUnit", models.PROTECT, related_name="+", verbose_name=_("host province")
    )
    co_provinces = models.ManyToManyField(
        "places.AdminUnit", blank=True, related_name="+", verbose_name=_("co-hosting provinces")
    )
    venue_name = models.CharField(_("venue"), max_length=160, blank=True)
    address = models.CharField(_("street and number"), max_length=200, blank=True)
    commune = models.ForeignKey(
        "places.AdminUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commune or ward"),
    )
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    applications_from = models.DateField(_("applications from"), null=True, blank=True)
    applications_to = models.DateField(_("applications until"), null=True, blank=True)
    booth_quota = models.PositiveIntegerField(_("booths in all"), null=True, blank=True)
    phase = models.CharField(
        _("phase"), max_length=20, choices=FairPhase.choices, default=FairPhase.PLANNED
    )
    phase_reason = models.CharField(_("reason"), max_length=500, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("fair")
        verbose_name_plural = _("fairs")
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="fair_days"),
            models.CheckConstraint(
                condition=Q(applications_from__isnull=True, applications_to__isnull=True)
                | Q(
                    applications_to__gte=F("applications_from"),
                    applications_to__lt=F("opens_on"),
                ),
                name="fair_application_window",
            ),
            models.CheckConstraint(
                condition=Q(booth_quota__isnull=True) | Q(booth_quota__gt=0), name="fair_quota"
            ),
            models.CheckConstraint(
                condition=Q(phase__in=["planned", "registered", "cancelled"])
                | Q(announced_at__isnull=False),
                name="fair_announced_before_calling",
            ),
            models.UniqueConstraint(
                fields=["organiser", "name_folded"],
                name="fair_name_once",
                condition=~Q(phase="cancelled"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["opens_on"], name="fair_calendar", condition=Q(announced_at__isnull=False)
            ),
            models.Index(fields=["province", "opens_on"], name="fair_of_province"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def look(self) -> str:
        """The known status its phase looks like."""
        return PHASE_LOOKS.get(self.phase, self.phase)

    @property
    def is_public(self) -> bool:
        """Whether anybody may read of it."""
        return self.announced_at is not None

    def is_call_open_on(self, day: dt.date) -> bool:
        """Tell whether producers may apply on a day."""
        if self.phase != FairPhase.CALLING or not self.applications_from:
            return False
        return self.applications_to is not None and (
            self.applications_from <= day <= self.applications_to
        )


@pghistory.track(model_name="ParticipationRevision")
class Participation(models.Model):
    """One organisation's place in a fair, from the application on."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="fair_participations"
    )
    products = models.ManyToManyField(
        "producers.Product",
        blank=True,
        related_name="fair_participations",
        verbose_name=_("products"),
    )
    booths_wanted = models.PositiveSmallIntegerField(_("booths you ask for"), default=1)
    booths_granted = models.PositiveSmallIntegerField(_("booths given"), null=True, blank=True)
    note = models.TextField(_("note to the organiser"), max_length=1000, blank=True)
    status = models.CharField(
        max_length=10,
        choices=ParticipationStatus.choices,
        default=ParticipationStatus.SUBMITTED,
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(fields=["fair", "organisation"], name="participation_once"),
            models.CheckConstraint(
                condition=Q(booths_wanted__gte=1), name="participation_asks_for_a_booth"
            ),
            models.CheckConstraint(
                condition=Q(status="approved", booths_granted__gte=1)
                | (~Q(status="approved") & Q(booths_granted__isnull=True)),
                name="participation_booths_when_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["fair", "status", "submitted_at"], name="participation_desk"),
            models.Index(fields=["organisation", "-id"], name="participation_of_org"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.fair}"


class DeadlineMark(models.Model):
    """The organiser's word that a duty was met on a day, with the number of the paper."""

    fair = models.ForeignKey(Fair, models.CASCADE, related_name="deadline_marks")
    code = models.CharField(max_length=12, choices=DeadlineCode.choices)
    done_on = models.DateField(_("done on"))
    reference = models.CharField(_("number of the document"), max_length=80, blank=True)
    recorded_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("deadline kept")
        verbose_name_plural = _("deadlines kept")
        constraints = [
            models.UniqueConstraint(fields=["fair", "code"], name="deadline_mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} · {self.done_on:%d/%m/%Y}"
