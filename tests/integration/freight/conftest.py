"""A short road with officers at both ends, a gate and a pact."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

DAY = dt.date(2025, 7, 1)


@pytest.fixture
def road(db):
    """Return a link from Quảng Ninh to Hà Nội."""
    from core.places.enums import Confidence, NodeKind, RoadClass
    from core.places.models import RoadLink, RoadNode
    from tests.factories import accounts

    ends = [
        RoadNode.objects.create(
            code=f"P{one.code}", name=one.name, kind=NodeKind.SEAT, province=one, lat=21, lon=106,
            source="test",
        )
        for one in (accounts.province(), accounts.province("01", name="Hà Nội"))
    ]  # fmt: skip
    return RoadLink.objects.create(
        start=ends[0], end=ends[1], km=155, truck_hours="2.7", road="CT04", source="test",
        road_class=RoadClass.EXPRESSWAY, confidence=Confidence.ESTIMATE,
    )  # fmt: skip


@pytest.fixture
def gate(road):
    """Return a gate half an hour from Quảng Ninh, open from 7 to 19."""
    from core.places.enums import Confidence, NodeKind, RoadClass
    from core.places.models import GateSchedule, RoadLink, RoadNode

    node = RoadNode.objects.create(
        code="GATE_X", name="Cửa khẩu X", kind=NodeKind.BORDER_GATE, province=road.start.province,
        lat=21.5, lon=107, source="test",
    )  # fmt: skip
    RoadLink.objects.create(
        start=node, end=road.start, km=20, truck_hours="0.5", source="test",
        road_class=RoadClass.NATIONAL, confidence=Confidence.ESTIMATE,
    )  # fmt: skip
    GateSchedule.objects.create(
        node=node, opens_at=dt.time(7), closes_at=dt.time(19), valid_from=DAY, source="test",
        confidence=Confidence.ESTIMATE,
    )  # fmt: skip
    return node


def client_of(user) -> Client:
    """Return a browser in which somebody is signed in with a second factor."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
