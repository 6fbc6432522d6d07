"""The API of ways: hours and kilometres between two places, and what the hours are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from core.kernel import clock
from core.places import selectors as places
from core.places.distance import TripPlan
from core.places.enums import AdminLevel, VehicleKind
from core.places.models import RoadNode
from core.places.selectors import Access, Trip

_LONGEST_CODE = 30
_PROVINCE_DIGITS, _COMMUNE_DIGITS = 2, 5


class TravelQuery(serializers.Serializer[Any]):
    """From where to where, when, and by what."""

    on = serializers.DateField(required=False, help_text="Links open on this day; today's else.")
    vehicle = serializers.ChoiceField(choices=VehicleKind.choices, default=VehicleKind.TRUCK)
    departs_at = serializers.DateTimeField(
        required=False, help_text="When loading begins; then a border gate's wait is told."
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the fields with ``from`` and ``to``, which Python keeps for itself."""
        code = "Code of a province (22), a commune (06757) or a node of the network (GATE_HUUNGHI)."
        ends: dict[str, serializers.Field[Any, Any, Any, Any]] = {
            name: serializers.CharField(max_length=_LONGEST_CODE, help_text=code)
            for name in ("from", "to")
        }
        return {**ends, **super().get_fields()}


class TravelPartSerializer(serializers.Serializer[Any]):
    """Hours of one kind."""

    kind = serializers.CharField(help_text="driving, ferry, breaks, nights, loading or gate")
    hours = serializers.FloatField()


class TravelSerializer(serializers.Serializer[Any]):
    """A way; without one all figures are null."""

    reachable = serializers.BooleanField()
    km = serializers.FloatField(allow_null=True)
    hours = serializers.FloatField(allow_null=True, help_text="From door to door, all parts.")
    driving_hours = serializers.FloatField(allow_null=True)
    arrives_at = serializers.DateTimeField(allow_null=True)
    parts = TravelPartSerializer(many=True)
    is_estimate = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True, help_text="What to know of a ferry.")


class TravelViewSet(GenericViewSet[RoadNode]):
    """Ways by lorry."""

    permission_classes = (AllowAny,)
    pagination_class = None
    serializer_class = TravelSerializer
    queryset = RoadNode.objects.none()

    @extend_schema(parameters=[TravelQuery], responses=TravelSerializer)
    def list(self, request: Request) -> Response:
        """Tell hours and kilometres between two places on a day."""
        query = TravelQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        day = asked.get("on") or clock.today()
        start, end = (_access(name, asked[name], day) for name in ("from", "to"))
        by = VehicleKind(asked["vehicle"])
        trip = _trip(start, end, day=day, by=by)
        if trip is None:
            return Response(_no_way(start, end))
        departs_at: dt.datetime | None = asked.get("departs_at")
        plan = places.plan_of(trip, by=by, departs_at=departs_at, gate_id=_gate(end))
        return Response(_told(trip, plan, start=start, end=end))


def _access(name: str, code: str, day: dt.date) -> tuple[int | None, Access]:
    """Return the unit, if it is one, and how it reaches the network."""
    level = {_PROVINCE_DIGITS: AdminLevel.PROVINCE, _COMMUNE_DIGITS: AdminLevel.COMMUNE}
    if code.isdecimal() and len(code) in level:
        unit = places.unit_at(code, level=level[len(code)], day=day)
        access = places.access_table().get(unit.pk) if unit else None
        if unit and access:
            return unit.pk, access
    else:
        node = places.node_named(code)
        if node:
            return None, places.access_at(node.pk)
    raise ValidationError(
        {name: [_("Give the code of a province, a commune or a node of the network.")]}
    )


End = tuple[int | None, Access]


def _trip(start: End, end: End, *, day: dt.date, by: VehicleKind) -> Trip | None:
    if start[0] and end[0]:
        return places.trip_between(start[0], end_id=end[0], on=day, by=by)
    return places.trip_over(start[1], end=end[1], on=day, by=by)


def _gate(end: End) -> int | None:
    return places.gates().filter(pk=end[1].node_id).values_list("pk", flat=True).first()


def _no_way(start: End, end: End) -> dict[str, object]:
    figures = dict.fromkeys(("km", "hours", "driving_hours", "arrives_at"))
    return {
        "reachable": False,
        **figures,
        "parts": [],
        "is_estimate": True,
        "note": _note(start, end),
    }


def _told(trip: Trip, plan: TripPlan, *, start: End, end: End) -> dict[str, object]:
    shut = plan.hours == float("inf")
    return {
        "reachable": not shut,
        "km": round(trip.km, 1),
        "hours": None if shut else round(plan.hours, 2),
        "driving_hours": round(trip.hours - trip.ferry_hours, 2),
        "arrives_at": plan.arrives_at,
        "parts": [
            {"kind": part.kind, "hours": round(part.hours, 2)}
            for part in plan.parts
            if part.hours != float("inf")
        ],
        "is_estimate": True,
        "note": _note(start, end),
    }


def _note(start: End, end: End) -> str:
    return "; ".join(one[1].note for one in (start, end) if one[1].is_by_ferry and one[1].note)


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("travel", TravelViewSet, basename="travel")
