"""Readiness of the caller's products at the chains."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.web.actor import acting
from matchmaking import selectors, wording
from matchmaking.engine import readiness
from matchmaking.selectors import Readiness


class GapSerializer(serializers.Serializer[Any]):
    """One thing missing; days and costs are typical figures with their confidence."""

    code = serializers.CharField()
    name = serializers.CharField()
    issuer = serializers.CharField()
    days = serializers.IntegerField(help_text="With what has to come first.")
    cost_low_vnd = serializers.IntegerField()
    cost_high_vnd = serializers.IntegerField()
    confidence = serializers.CharField()
    source_of_figures = serializers.CharField()


class ChainReadinessSerializer(serializers.Serializer[Any]):
    """One product at one chain; `demand` is by dimension, in kg, litres or pieces."""

    chain = serializers.CharField()
    group_id = serializers.IntegerField(allow_null=True)
    profile_id = serializers.IntegerField(allow_null=True)
    is_verified = serializers.BooleanField(help_text="Whether the chain itself said so.")
    is_ready = serializers.BooleanField()
    days = serializers.IntegerField()
    gaps = GapSerializer(many=True)
    demand = serializers.DictField(child=serializers.FloatField())


class ReadinessSerializer(serializers.Serializer[Any]):
    """One product at every chain that asks for its kind."""

    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    first = serializers.CharField(help_text="What to close first, in one sentence.")
    chains = ChainReadinessSerializer(many=True)


class ReadinessViewSet(GenericViewSet[Any]):
    """What stands between your products and the chains."""

    serializer_class = ReadinessSerializer
    lookup_value_converter = "int"
    pagination_class = None
    filter_backends = []

    @extend_schema(
        parameters=[OpenApiParameter("pk", int, OpenApiParameter.PATH)],
        responses=ReadinessSerializer,
    )
    def retrieve(self, request: Request, pk: int) -> Response:
        """Return one of your products at every chain."""
        found = selectors.product_readiness(acting(request._request), product_id=pk)
        if found is None:
            raise Http404
        return Response(_product(found))

    @extend_schema(responses=ReadinessSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Return all your products at every chain."""
        return Response(
            [_product(one) for one in selectors.own_readiness(acting(request._request))]
        )


def _product(found: Readiness) -> dict[str, Any]:
    line = wording.headline(found)
    return {
        "product_id": found.item.product_id,
        "product_name": found.item.name,
        "first": wording.headline_sentence(line) if line else "",
        "chains": [_chain(cell) for cell in found.cells],
    }


def _chain(cell: selectors.Cell) -> dict[str, Any]:
    return {
        "chain": wording.chain_name(cell),
        "group_id": cell.chain.group_id,
        "profile_id": cell.profile.profile_id,
        "is_verified": cell.profile.is_verified,
        "is_ready": cell.is_ready,
        "days": readiness.days_for(cell.gaps, efforts=selectors.efforts()),
        "gaps": [_gap(code, cell) for code in _ordered(cell.gaps)],
        "demand": selectors.demand_of(cell.wanted),
    }


def _ordered(gaps: int) -> tuple[str, ...]:
    return readiness.in_order(gaps, efforts=selectors.efforts())


def _gap(code: str, cell: selectors.Cell) -> dict[str, Any]:
    effort = selectors.effort_of(code)
    return {
        "code": code,
        "name": wording.gap_name(code, profile=cell.profile),
        "issuer": effort.issuer,
        "days": readiness.days_until_closed(
            code, among=readiness.codes_of(cell.gaps), efforts=selectors.efforts()
        ),
        "cost_low_vnd": effort.cost_low_vnd,
        "cost_high_vnd": effort.cost_high_vnd,
        "confidence": effort.confidence,
        "source_of_figures": effort.source,
    }
