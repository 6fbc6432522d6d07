"""What the matrix and the sweeps found, each kept as a test of its own."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.django_db


def test_viewer_cannot_answer_a_match_by_the_api(world):
    path = f"/api/v1/matches/{world.at['a×c'].pk}/decide"

    answer, _ = world.try_out(
        world.actors["a_viewer"], "POST", path, json.dumps({"verdict": "accepted"}),
        content_type="application/json",
    )  # fmt: skip

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/requests/", "/requests/{}/", "/api/v1/requests/{}"])
def test_officer_without_second_factor_reads_no_requests(world, path):
    path = path.format(world.at["c.open"].pk)
    with_totp, _ = world.try_out(world.actors["officer"], "GET", path)
    without, _ = world.try_out(world.actors["officer_without_totp"], "GET", path)

    assert with_totp.status_code == 200
    assert without.status_code in {302, 404}


def test_administrator_without_second_factor_reads_no_drafts(world):
    from core.accounts.actors import Actor
    from core.accounts.models import User
    from producers import selectors

    boss = User.objects.get(is_staff=True)
    drafts = [world.at["a.draft"].pk]

    seen = {
        has: selectors.offers_visible_to(Actor(user=boss, has_second_factor=has)).filter(
            pk__in=drafts
        )
        for has in (True, False)
    }

    assert list(seen[True].values_list("pk", flat=True)) == drafts
    assert list(seen[False]) == []


@pytest.mark.parametrize("page", ["", "tax-code/"])
def test_administrator_reads_the_desk_and_decides_nothing(world, page):
    path = f"/officer/organisations/{world.at['s'].pk}/{page}"

    answer, written = world.try_out(
        world.actors["administrator"], "POST", path, "decision=refuse&claim_reason=x&version=1",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip

    assert answer.status_code == 403
    assert written == []


def test_province_without_a_road_does_not_stop_the_reasons_of_others(world):
    from tests.factories.accounts import province

    province("38", name="Thanh Hóa")
    offer, request = world.at["a.open"].pk, world.at["c.open"].pk

    page, _ = world.try_out(
        world.actors["a_owner"], "GET", f"/matches/why/?offer={offer}&request={request}"
    )

    assert page.status_code == 200


def test_api_names_a_province_that_has_no_label_of_the_day(world):
    answer, _ = world.try_out(world.actors["anonymous"], "GET", "/api/v1/provinces/22")

    assert answer.json()["name"] == "Quảng Ninh"
