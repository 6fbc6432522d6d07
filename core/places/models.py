"""Tables of the geography: who is where, since when, and how far by lorry."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.places.enums import (
    KINDS,
    AdminLevel,
    ChangeRelation,
    Confidence,
    GateStatus,
    LinkStatus,
    NodeKind,
    RoadClass,
    UnitKind,
)

DISPLAY_PREFIX = {
    UnitKind.PROVINCE: "Tỉnh",
    UnitKind.CITY: "Thành phố",
    UnitKind.WARD: "Phường",
    UnitKind.COMMUNE: "Xã",
    UnitKind.ZONE: "Đặc khu",
    UnitKind.TOWNSHIP: "Thị trấn",
    UnitKind.URBAN_DISTRICT: "Quận",
    UnitKind.DISTRICT: "Huyện",
    UnitKind.TOWN: "Thị xã",
}
LAST_DAY_OF_DISTRICTS = dt.date(2025, 6, 30)


def _validity() -> Func:
    """Return the days of validity, both ends in, as a date range of the database."""
    return Func(
        "valid_from", "valid_to", Value("[]"), function="DATERANGE", output_field=DateRangeField()
    )


class AdminUnit(models.Model):
    """One province, district or commune from the day the law made it to the day it ended it.

    The identity is stable through renamings and new types, which are labels with dates.
    A code is only unique on a day: before July 2025 code 24 was Bắc Giang, since then it
    is Bắc Ninh. `name` and `kind` repeat the label in force, moved on when a day begins.
    The parent of a commune was its district; since districts ended it is its province.
    """

    code = models.CharField(_("code"), max_length=5)
    level = models.CharField(_("level"), max_length=8, choices=AdminLevel)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("type"), max_length=9, choices=UnitKind)
    name_folded = models.CharField(max_length=120, editable=False)
    region_code = models.CharField(_("region"), max_length=10, blank=True)
    lat = models.FloatField(_("latitude"), null=True)
    lon = models.FloatField(_("longitude"), null=True)
    border_countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    extra_access_hours = models.DecimalField(
        _("extra hours by ferry"), max_digits=5, decimal_places=2, default=0
    )
    access_note = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ["level", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "level", "valid_from"], name="admin_unit_code_since"
            ),
            ExclusionConstraint(
                name="admin_unit_one_per_code_and_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    (_validity(), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(level=AdminLevel.PROVINCE, parent=None)
                | ~Q(level=AdminLevel.PROVINCE) & Q(parent__isnull=False),
                name="admin_unit_parent_by_level",
            ),
            models.CheckConstraint(
                condition=~Q(level=AdminLevel.DISTRICT)
                | Q(valid_to__isnull=False, valid_to__lte=LAST_DAY_OF_DISTRICTS),
                name="admin_unit_districts_ended",
            ),
            models.CheckConstraint(
                condition=Q(level=AdminLevel.PROVINCE, kind__in=KINDS[AdminLevel.PROVINCE])
                | Q(level=AdminLevel.DISTRICT, kind__in=KINDS[AdminLevel.DISTRICT])
                | Q(level=AdminLevel.COMMUNE, kind__in=KINDS[AdminLevel.COMMUNE]),
                name="admin_unit_kind_by_level",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="admin_unit_days_in_order",
            ),
        ]
        indexes = [models.Index(fields=["parent", "name_folded"], name="admin_unit_in_parent")]

    def __str__(self) -> str:
        """Return type and name as they stand today."""
        return f"{DISPLAY_PREFIX[UnitKind(self.kind)]} {self.name}"


class AdminUnitLabel(models.Model):
    """What a unit was called, and of which type it was, on the days given."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="labels")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("type"), max_length=9, choices=UnitKind)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("name of a unit")
        verbose_name_plural = _("names of units")
        ordering = ["unit", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="admin_unit_label_one_per_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (_validity(), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="admin_unit_label_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        """Return type and name as they stood on the label's days."""
        return f"{DISPLAY_PREFIX[UnitKind(self.kind)]} {self.name}"


class AdminUnitChange(models.Model):
    """One old unit, or a share of it, going into a new one on a day."""

    old = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="changes_into")
    new = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="changes_from")
    relation = models.CharField(_("relation"), max_length=16, choices=ChangeRelation)
    weight = models.DecimalField(
        _("share of the old unit"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    happened_on = models.DateField(_("on"))
    basis = models.CharField(_("legal basis"), max_length=200)

    class Meta:
        verbose_name = _("change of units")
        verbose_name_plural = _("changes of units")
        ordering = ["happened_on", "old"]
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="admin_unit_change_pair"),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__gt=0, weight__lte=1),
                name="admin_unit_change_weight_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        """Return both units."""
        return f"{self.old} → {self.new}"


class UnitGroup(models.Model):
    """A grouping of provinces somebody works with; a habit or a plan, not law.

    Whatever a person saves is `by_hand`: a load of the files leaves it as it is.
    """

    code = models.CharField(_("code"), max_length=30, unique=True)
    name_vi = models.CharField(_("name in Vietnamese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    is_region = models.BooleanField(_("one of the six regions"), default=False)
    source = models.CharField(_("source"), max_length=200)
    by_hand = models.BooleanField(_("entered by hand"), default=False)
    members = models.ManyToManyField(
        AdminUnit, related_name="unit_groups", verbose_name=_("provinces")
    )

    class Meta:
        verbose_name = _("grouping of provinces")
        verbose_name_plural = _("groupings of provinces")
        ordering = ["code"]

    def __str__(self) -> str:
        """Return the name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_vi


class ProvinceBorder(models.Model):
    """Two provinces that touch; written once, with the smaller code first."""

    a = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="borders_as_a")
    b = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="borders_as_b")

    class Meta:
        verbose_name = _("provincial border")
        verbose_name_plural = _("provincial borders")
        ordering = ["a", "b"]
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="province_border_pair"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="province_border_of_two"),
        ]

    def __str__(self) -> str:
        """Return both provinces."""
        return f"{self.a} – {self.b}"


class RoadNode(models.Model):
    """A point lorries start from, pass or reach: seat, town, gate, port, market, landing.

    `serves` holds today's codes of the communes reached by a ferry landing, and by it alone.
    """

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=NodeKind)
    province = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="road_nodes")
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    serves = ArrayField(
        models.CharField(max_length=5), default=list, blank=True, verbose_name=_("communes served")
    )
    source = models.CharField(_("source"), max_length=200)
    confidence = models.CharField(
        _("confidence"), max_length=10, choices=Confidence, default=Confidence.ESTIMATE
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("road node")
        verbose_name_plural = _("road nodes")
        ordering = ["code"]

    def __str__(self) -> str:
        """Return the place's name."""
        return self.name


@pghistory.track(model_name="RoadLinkRevision")
class RoadLink(models.Model):
    """A stretch between two nodes, the same both ways, with lorry hours.

    On a ferry `truck_hours` are spent on board and `waiting_hours` before it leaves: nobody drives.
    `version` grows with every change, whoever makes it.
    """

    start = models.ForeignKey(RoadNode, on_delete=models.PROTECT, related_name="links_out")
    end = models.ForeignKey(RoadNode, on_delete=models.PROTECT, related_name="links_in")
    km = models.DecimalField(max_digits=7, decimal_places=1)
    truck_hours = models.DecimalField(_("lorry hours"), max_digits=6, decimal_places=2)
    waiting_hours = models.DecimalField(
        _("hours of waiting"), max_digits=5, decimal_places=2, default=0
    )
    max_gross_t = models.DecimalField(
        _("heaviest vehicle, tonnes"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    road_class = models.CharField(_("road class"), max_length=3, choices=RoadClass)
    road = models.CharField(_("road"), max_length=120, blank=True)
    status = models.CharField(
        _("status"), max_length=7, choices=LinkStatus, default=LinkStatus.OPEN
    )
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)
    version = models.PositiveIntegerField(default=1)
    by_hand = models.BooleanField(_("entered by hand"), default=False)
    status_by_hand = models.BooleanField(_("status set by an officer"), default=False)
    reason = models.CharField(_("reason of the last change"), max_length=300, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("road link")
        verbose_name_plural = _("road links")
        ordering = ["start", "end"]
        constraints = [
            models.UniqueConstraint(fields=["start", "end", "road"], name="road_link_once"),
            models.CheckConstraint(condition=~Q(start=F("end")), name="road_link_of_two"),
            models.CheckConstraint(
                condition=Q(km__gt=0, truck_hours__gt=0), name="road_link_has_length"
            ),
            models.CheckConstraint(
                condition=Q(waiting_hours__gte=0), name="road_link_waiting_not_negative"
            ),
        ]

    def __str__(self) -> str:
        """Return both ends."""
        return f"{self.start} – {self.end}"


@pghistory.track(model_name="GateScheduleRevision")
class GateSchedule(models.Model):
    """When lorries may pass a border gate or opening, on the days from `valid_from` on.

    Hours are Vietnam's; without them an open gate never closes. A gate without a schedule for a
    day has unknown hours, which is not "closed".
    """

    node = models.ForeignKey(RoadNode, on_delete=models.PROTECT, related_name="schedules")
    status = models.CharField(
        _("status"), max_length=6, choices=GateStatus, default=GateStatus.OPEN
    )
    opens_at = models.TimeField(_("opens at"), null=True, blank=True)
    closes_at = models.TimeField(_("closes at"), null=True, blank=True)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("weekdays")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    reason = models.CharField(_("reason of the last change"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)
    version = models.PositiveIntegerField(default=1)
    by_hand = models.BooleanField(_("entered by hand"), default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("opening hours of a gate")
        verbose_name_plural = _("opening hours of gates")
        ordering = ["node", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="gate_schedule_one_per_day",
                expressions=[
                    ("node", RangeOperators.EQUAL),
                    (_validity(), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="gate_schedule_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="gate_schedule_hours_in_order",
            ),
        ]

    def __str__(self) -> str:
        """Return the gate's name."""
        return str(self.node)


@pghistory.track(model_name="ProvincePactRevision")
class ProvincePact(models.Model):
    """A cooperation agreement between two provinces, for a time and a scope."""

    a = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="pacts_as_a")
    b = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="pacts_as_b")
    name = models.CharField(_("name"), max_length=200)
    scope = models.CharField(_("scope"), max_length=200)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)
    version = models.PositiveIntegerField(default=1)
    by_hand = models.BooleanField(_("entered by hand"), default=False)
    reason = models.CharField(_("reason of the last change"), max_length=300, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("cooperation pact")
        verbose_name_plural = _("cooperation pacts")
        ordering = ["a", "b", "name"]
        constraints = [
            models.UniqueConstraint(fields=["a", "b", "name"], name="province_pact_once"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="province_pact_of_two"),
        ]

    def __str__(self) -> str:
        """Return the agreement's name and both provinces."""
        return f"{self.name}: {self.a} – {self.b}"
