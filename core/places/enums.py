"""Closed lists of the geography."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AdminLevel(TextChoices):
    """The levels of local government; districts ended on 2025-06-30."""

    PROVINCE = "province", _("Province or city")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune, ward or special zone")


class UnitKind(TextChoices):
    """The legal type that stands before a unit's name."""

    PROVINCE = "tinh", _("Province")
    CITY = "thanh_pho", _("City")
    WARD = "phuong", _("Ward")
    COMMUNE = "xa", _("Commune")
    ZONE = "dac_khu", _("Special zone")
    TOWNSHIP = "thi_tran", _("Township")
    URBAN_DISTRICT = "quan", _("Urban district")
    DISTRICT = "huyen", _("Rural district")
    TOWN = "thi_xa", _("Town")


KINDS: Final = {
    AdminLevel.PROVINCE: (UnitKind.PROVINCE, UnitKind.CITY),
    AdminLevel.DISTRICT: (
        UnitKind.URBAN_DISTRICT,
        UnitKind.DISTRICT,
        UnitKind.TOWN,
        UnitKind.CITY,
    ),
    AdminLevel.COMMUNE: (UnitKind.WARD, UnitKind.COMMUNE, UnitKind.ZONE, UnitKind.TOWNSHIP),
}


class ChangeRelation(TextChoices):
    """How much of an old unit went into a new one."""

    WHOLE = "whole", _("Whole")
    PART = "part", _("Part")
    SPLIT_POPULATION = "split_population", _("Split by population")


class NodeKind(TextChoices):
    """What a point of the freight network is."""

    SEAT = "seat", _("Provincial seat")
    TOWN = "town", _("Town")
    BORDER_GATE = "border_gate", _("Border gate")
    BORDER_OPENING = "border_opening", _("Border opening")
    PORT = "port", _("Port")
    AIRPORT = "airport", _("Airport")
    WHOLESALE_MARKET = "wholesale_market", _("Wholesale market")
    LANDING = "landing", _("Ferry landing")


class LinkStatus(TextChoices):
    """Whether lorries may use a link; a planned link never counts."""

    OPEN = "open", _("Open")
    PLANNED = "planned", _("Planned")
    CLOSED = "closed", _("Closed")


class GateStatus(TextChoices):
    """Whether a border gate lets goods pass in its hours."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class VehicleKind(TextChoices):
    """Vehicles with speeds and limits of their own."""

    SMALL_TRUCK = "small_truck", _("Small lorry, 1.9 t")
    TRUCK = "truck_10t", _("Lorry, 10 t")
    REFRIGERATED = "refrigerated", _("Refrigerated lorry, 10 t")
    CONTAINER = "container_40", _("40-foot container")


class RoadClass(TextChoices):
    """Road class, which sets the lorry speed a link's hours were estimated with."""

    EXPRESSWAY = "exp", _("Expressway")
    MIXED = "mix", _("Mixed")
    NATIONAL = "nat", _("National road")
    MOUNTAIN = "mtn", _("Mountain road")
    URBAN = "urb", _("Urban road")
    FERRY = "fer", _("Ferry")


class Confidence(TextChoices):
    """How well a fact is supported; shown to people as "estimate" unless confirmed."""

    CONFIRMED = "confirmed", _("Confirmed")
    SECONDARY = "secondary", _("Secondary source")
    ESTIMATE = "estimate", _("Estimate")
    UNVERIFIED = "unverified", _("Unverified")
