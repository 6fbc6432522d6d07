"""What publishing a buyer's draft would do: who drops out, and why."""

from __future__ import annotations

from typing import Any, Final

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from buyers import selectors as buyers
from core.web.actor import acting
from matchmaking import selectors, wording
from matchmaking.engine import readiness

MOST_NAMED: Final = 500


class DropOutSerializer(serializers.Serializer[Any]):
    """A product that meets what holds now and would not meet the draft."""

    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    producer_name = serializers.CharField()
    gaps = serializers.ListField(child=serializers.CharField(), help_text="Codes, new ones only.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="The same in words.")
    open_matches = serializers.IntegerField(help_text="They stay: requests keep their conditions.")


class EffectSerializer(serializers.Serializer[Any]):
    """Counts of public products of the kinds the profile holds for."""

    profile_id = serializers.IntegerField()
    products = serializers.IntegerField()
    ready_before = serializers.IntegerField()
    ready_after = serializers.IntegerField()
    come_in = serializers.IntegerField()
    drop_out = serializers.IntegerField()
    dropped = DropOutSerializer(many=True, help_text="The first 500, those in talks first.")


class EffectViewSet(GenericViewSet[Any]):
    """What publishing one of your requirement profiles would do."""

    serializer_class = EffectSerializer
    lookup_value_converter = "int"
    pagination_class = None
    filter_backends = []

    @extend_schema(
        parameters=[OpenApiParameter("pk", int, OpenApiParameter.PATH)],
        responses=EffectSerializer,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return who would drop out and who would come in; nothing is changed."""
        own = buyers.profiles_of(acting(request._request))
        profile = get_object_or_404(own, pk=pk)
        (facts,) = buyers.profile_facts(own.filter(pk=profile.pk))
        change = selectors.change_by(facts)
        return Response(
            {
                "profile_id": profile.pk,
                "products": change.touched,
                "ready_before": change.ready_before,
                "ready_after": change.ready_after,
                "come_in": change.gained,
                "drop_out": len(change.dropped),
                "dropped": [_dropped(one, facts) for one in change.dropped[:MOST_NAMED]],
            }
        )


def _dropped(one: selectors.DropOut, profile: buyers.ProfileFacts) -> dict[str, Any]:
    return {
        "product_id": one.item.product_id,
        "product_name": one.item.name,
        "producer_name": one.item.producer_name,
        "gaps": readiness.codes_of(one.gaps),
        "missing": wording.gap_names(one.gaps, profile=profile),
        "open_matches": one.matches,
    }
