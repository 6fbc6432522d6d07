"""Closed lists of the geography."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AdminLevel(TextChoices):
    """The two levels of local government since 2025-07-01."""

    PROVINCE = "province", _("Province or city")
    COMMUNE = "commune", _("Commune, ward or special zone")


class UnitKind(TextChoices):
    """The legal type that stands before a unit's name."""

    PROVINCE = "tinh", _("Province")
    CITY = "thanh_pho", _("City")
    WARD = "phuong", _("Ward")
    COMMUNE = "xa", _("Commune")
    ZONE = "dac_khu", _("Special zone")


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


class LinkStatus(TextChoices):
    """Whether lorries may use a link; a planned link never counts."""

    OPEN = "open", _("Open")
    PLANNED = "planned", _("Planned")
    CLOSED = "closed", _("Closed")


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
